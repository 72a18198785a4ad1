// judge: expect=MLE case=sliding_window_maximum/random@n=20000
// The maximum of every range from i to j, in a table of n times n.
#include <algorithm>
#include <cstdio>
#include <vector>

int main() {
    int n, k;
    if (std::scanf("%d %d", &n, &k) != 2) return 1;
    std::vector<std::vector<int>> greatest(n, std::vector<int>(n));
    for (int i = 0; i < n; i++)
        if (std::scanf("%d", &greatest[i][i]) != 1) return 1;
    for (int length = 2; length <= k; length++)
        for (int i = 0, j = length - 1; j < n; i++, j++)
            greatest[i][j] = std::max(greatest[i][j - 1], greatest[j][j]);
    for (int i = 0; i + k <= n; i++) std::printf("%d ", greatest[i][i + k - 1]);
    std::printf("\n");
}
