// judge: expect=MLE case=knapsack/uncorrelated@n=200,range=5000
// A row for every item, each cell with its total and whether the item is taken: n * capacity cells of 16 bytes.
#include <cstdio>
#include <vector>

struct Cell {
    long long total;
    bool is_taken;
};

int main() {
    int n, capacity;
    if (std::scanf("%d %d", &n, &capacity) != 2) return 1;
    std::vector<int> volumes(n), values(n);
    for (int& volume : volumes)
        if (std::scanf("%d", &volume) != 1) return 1;
    for (int& value : values)
        if (std::scanf("%d", &value) != 1) return 1;
    std::vector<std::vector<Cell>> best(1, std::vector<Cell>(capacity + 1));
    for (int i = 0; i < n; i++) {
        std::vector<Cell> row(capacity + 1);
        for (int total = 0; total <= capacity; total++) {
            row[total] = {best[i][total].total, false};
            if (total < volumes[i]) continue;
            long long with = best[i][total - volumes[i]].total + values[i];
            if (with > row[total].total) row[total] = {with, true};
        }
        best.push_back(row);
    }
    std::printf("%lld\n", best[n][capacity].total);
    std::vector<int> chosen;
    for (int i = n, left = capacity; i > 0; i--)
        if (best[i][left].is_taken) {
            chosen.push_back(i - 1);
            left -= volumes[i - 1];
        }
    std::printf("%zu", chosen.size());
    for (int item : chosen) std::printf(" %d", item);
    std::printf("\n");
}
