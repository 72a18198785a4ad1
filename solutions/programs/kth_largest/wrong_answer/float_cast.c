// judge: expect=WA case=kth_largest/float_cast_collision@n=1000
// Reads into floats, which have 24 bits: beyond 2^24 neighbours become one.
#include <stdio.h>
#include <stdlib.h>

static int descending(const void *left, const void *right) {
    const float a = *(const float *)left, b = *(const float *)right;
    return (a < b) - (a > b);
}

int main(void) {
    int n, k;
    if (scanf("%d %d", &n, &k) != 2) return 1;
    float *numbers = malloc(sizeof *numbers * n);
    if (!numbers) return 1;
    for (int i = 0; i < n; i++)
        if (scanf("%f", &numbers[i]) != 1) return 1;
    qsort(numbers, n, sizeof *numbers, descending);
    printf("%.0f\n", numbers[k - 1]);
    free(numbers);
    return 0;
}
