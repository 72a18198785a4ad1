// judge: expect=WA case=knapsack/everything_fits@n=10
// Goes through the row upwards: a cell may already hold the item, which is then taken again and again.
#include <algorithm>
#include <cstdio>
#include <vector>

int main() {
    int n, capacity;
    if (std::scanf("%d %d", &n, &capacity) != 2) return 1;
    std::vector<int> volumes(n), values(n);
    for (int& volume : volumes)
        if (std::scanf("%d", &volume) != 1) return 1;
    for (int& value : values)
        if (std::scanf("%d", &value) != 1) return 1;
    std::vector<long long> best(capacity + 1);
    for (int i = 0; i < n; i++)
        for (int total = volumes[i]; total <= capacity; total++)
            best[total] = std::max(best[total], best[total - volumes[i]] + values[i]);
    std::printf("%lld\n", best[capacity]);
}
