// judge: expect=AC growth=combinations*log(combinations)
// Sorted candidates; on a level, one that equals the one before is skipped.
#include <algorithm>
#include <charconv>
#include <cstdio>
#include <string>
#include <vector>

static std::vector<int> candidates, path;
static std::string text;
static int found;

static void write(int number) {
    char digits[16];
    text.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

static void descend(std::size_t from, int rest) {
    if (rest == 0) {
        found++;
        write(static_cast<int>(path.size()));
        for (int value : path) text += ' ', write(value);
        text += '\n';
        return;
    }
    for (std::size_t i = from; i < candidates.size() && candidates[i] <= rest; i++) {
        if (i > from && candidates[i] == candidates[i - 1]) continue;
        path.push_back(candidates[i]);
        descend(i + 1, rest - candidates[i]);
        path.pop_back();
    }
}

int main() {
    int n, target;
    if (std::scanf("%d %d", &n, &target) != 2) return 1;
    candidates.resize(n);
    for (int& value : candidates)
        if (std::scanf("%d", &value) != 1) return 1;
    std::sort(candidates.begin(), candidates.end());
    descend(0, target);
    std::printf("%d\n", found);
    std::fwrite(text.data(), 1, text.size(), stdout);
}
