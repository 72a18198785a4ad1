// judge: expect=AC growth=n*capacity
// The textbook: one row of totals by volume, descending so that an item counts once.
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
        for (int total = capacity; total >= volumes[i]; total--)
            best[total] = std::max(best[total], best[total - volumes[i]] + values[i]);
    std::printf("%lld\n", best[capacity]);
}
