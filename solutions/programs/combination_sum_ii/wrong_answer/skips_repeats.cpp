// judge: expect=WA case=combination_sum_ii/all_equal@n=4
// Skips a candidate that equals the one before it even where that one was just taken (i > 0 for i > from): a value can
// never stand in a combination twice.
#include <algorithm>
#include <cstdio>
#include <vector>

static std::vector<int> candidates, path;
static std::vector<std::vector<int>> found;

static void descend(std::size_t from, int rest) {
    if (rest == 0) {
        found.push_back(path);
        return;
    }
    for (std::size_t i = from; i < candidates.size() && candidates[i] <= rest; i++) {
        if (i > 0 && candidates[i] == candidates[i - 1]) continue;
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
    std::printf("%zu\n", found.size());
    for (const auto& combination : found) {
        std::printf("%zu", combination.size());
        for (int value : combination) std::printf(" %d", value);
        std::printf("\n");
    }
}
