// judge: expect=WA case=sliding_window_maximum/negative@n=1000
// Each maximum begins at 0, which no negative integer beats.
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    int n, k;
    if (scanf("%d %d", &n, &k) != 2) return 1;
    int *numbers = malloc(sizeof(int) * n);
    if (!numbers) return 1;
    for (int i = 0; i < n; i++)
        if (scanf("%d", &numbers[i]) != 1) return 1;
    for (int start = 0; start + k <= n; start++) {
        int maximum = 0;
        for (int i = start; i < start + k; i++)
            if (numbers[i] > maximum) maximum = numbers[i];
        printf("%d ", maximum);
    }
    printf("\n");
    free(numbers);
    return 0;
}
