// judge: expect=WA case=combination_sum/shuffled@n=10
// Ends the loop at the first candidate that is too great, but forgot to sort: smaller ones behind it are lost.
#include <cstdio>
#include <vector>

static std::vector<int> candidates, path;
static std::vector<std::vector<int>> found;

static void descend(std::size_t from, int rest) {
    if (rest == 0) {
        found.push_back(path);
        return;
    }
    for (std::size_t i = from; i < candidates.size(); i++) {
        if (candidates[i] > rest) break;
        path.push_back(candidates[i]);
        descend(i, rest - candidates[i]);
        path.pop_back();
    }
}

int main() {
    int n, target;
    if (std::scanf("%d %d", &n, &target) != 2) return 1;
    candidates.resize(n);
    for (int& value : candidates)
        if (std::scanf("%d", &value) != 1) return 1;
    descend(0, target);
    std::printf("%zu\n", found.size());
    for (const auto& combination : found) {
        std::printf("%zu", combination.size());
        for (int value : combination) std::printf(" %d", value);
        std::printf("\n");
    }
}
