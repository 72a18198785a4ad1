// judge: expect=TLE case=combination_sum/output_heavy@n=30,combinations=20000
// Finds every order of every combination and lets a set forget the orders: exponentially many to each.
#include <algorithm>
#include <cstdio>
#include <set>
#include <vector>

static std::vector<int> candidates, path;
static std::set<std::vector<int>> found;

static void descend(int rest) {
    if (rest == 0) {
        std::vector<int> sorted = path;
        std::sort(sorted.begin(), sorted.end());
        found.insert(sorted);
        return;
    }
    for (int value : candidates) {
        if (value > rest) break;
        path.push_back(value);
        descend(rest - value);
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
    descend(target);
    std::printf("%zu\n", found.size());
    for (const auto& combination : found) {
        std::printf("%zu", combination.size());
        for (int value : combination) std::printf(" %d", value);
        std::printf("\n");
    }
}
