// judge: expect=RE case=combination_sum_ii/all_equal@n=5
// Counts equal candidates by looking at the next one, also behind the last: at() throws.
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
    if (from == candidates.size() || candidates[from] > rest) return;
    std::size_t copies = 1;
    while (candidates.at(from + copies) == candidates[from]) copies++;
    const std::size_t before = path.size();
    for (std::size_t taken = 0; taken <= copies && rest >= 0; taken++) {
        descend(from + copies, rest);
        path.push_back(candidates[from]);
        rest -= candidates[from];
    }
    path.resize(before);
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
