// judge: expect=TLE case=knapsack/strongly_correlated@n=64
// Tries both for every item and remembers nothing: 2^64 choices, less those that do not fit.
#include <algorithm>
#include <cstdio>
#include <vector>

static std::vector<int> volumes, values;

static long long best(std::size_t item, int left) {
    if (item == volumes.size()) return 0;
    long long total = best(item + 1, left);
    if (volumes[item] <= left) total = std::max(total, best(item + 1, left - volumes[item]) + values[item]);
    return total;
}

int main() {
    int n, capacity;
    if (std::scanf("%d %d", &n, &capacity) != 2) return 1;
    volumes.resize(n);
    values.resize(n);
    for (int& volume : volumes)
        if (std::scanf("%d", &volume) != 1) return 1;
    for (int& value : values)
        if (std::scanf("%d", &value) != 1) return 1;
    std::printf("%lld\n", best(0, capacity));
}
