// judge: expect=AC growth=n*capacity
// One row of totals by volume, and a bit for every item and volume that leads back to a choice.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    int n, capacity;
    if (scanf("%d %d", &n, &capacity) != 2) return 1;
    int *volumes = malloc(n * sizeof *volumes), *values = malloc(n * sizeof *values);
    for (int i = 0; i < n; i++)
        if (scanf("%d", &volumes[i]) != 1) return 1;
    for (int i = 0; i < n; i++)
        if (scanf("%d", &values[i]) != 1) return 1;
    size_t words = capacity / 64 + 1;
    int64_t *best = calloc(words * 64, sizeof *best);
    uint64_t *taken = calloc(words * n, sizeof *taken);
    if (!best || !taken) return 1;
    for (int i = 0; i < n; i++) {
        uint64_t *row = taken + words * i;
        for (int total = capacity; total >= volumes[i]; total--) {
            int64_t with = best[total - volumes[i]] + values[i];
            uint64_t is_better = with > best[total];
            best[total] = is_better ? with : best[total];
            row[total / 64] |= is_better << total % 64;
        }
    }
    int *chosen = malloc(n * sizeof *chosen), count = 0, left = capacity;
    for (int i = n - 1; i >= 0; i--)
        if (taken[words * i + left / 64] >> left % 64 & 1) {
            chosen[count++] = i;
            left -= volumes[i];
        }
    printf("%lld\n%d", (long long)best[capacity], count);
    for (int i = 0; i < count; i++) printf(" %d", chosen[i]);
    printf("\n");
}
