// judge: expect=MLE case=combination_sum/dead_end@n=30,combinations=100000
// Dynamic programming that keeps the combinations of every smaller sum, millions of them, for a target that has none.
#include <algorithm>
#include <cstdio>
#include <vector>

int main() {
    int n, target;
    if (std::scanf("%d %d", &n, &target) != 2) return 1;
    std::vector<int> candidates(n);
    for (int& value : candidates)
        if (std::scanf("%d", &value) != 1) return 1;
    std::sort(candidates.begin(), candidates.end());
    std::vector<std::vector<std::vector<int>>> combinations(target + 1);
    combinations[0].push_back({});
    for (int value : candidates) {
        if (value > target) break;
        for (int sum = value; sum <= target; sum++) {
            for (const auto& smaller : combinations[sum - value]) {
                std::vector<int> combination(smaller.size() + 1, value);
                std::copy(smaller.begin(), smaller.end(), combination.begin());
                combinations[sum].push_back(std::move(combination));
            }
        }
    }
    std::printf("%zu\n", combinations[target].size());
    for (const auto& combination : combinations[target]) {
        std::printf("%zu", combination.size());
        for (int value : combination) std::printf(" %d", value);
        std::printf("\n");
    }
}
