// judge: expect=TLE case=kth_largest/ninther_killer@n=600000
// Quickselect with Tukey's ninther as pivot: harder to kill than the median of three, and quadratic at worst too.
#include <stdio.h>
#include <stdlib.h>

static int median(const int *a, int i, int j, int k) {
    if (a[i] < a[j]) return a[j] < a[k] ? j : a[i] < a[k] ? k : i;
    return a[i] < a[k] ? i : a[j] < a[k] ? k : j;
}

static int ninther(const int *a, int first, int last) {
    int count = last - first + 1, middle = first + (last - first) / 2, step = count / 8;
    if (count < 9) return median(a, first, middle, last);
    int low = median(a, first, first + step, first + 2 * step);
    int central = median(a, middle - step, middle, middle + step);
    int high = median(a, last - 2 * step, last - step, last);
    return median(a, low, central, high);
}

static void swap(int *a, int *b) {
    int t = *a;
    *a = *b;
    *b = t;
}

int main(void) {
    int n, k;
    if (scanf("%d %d", &n, &k) != 2) return 1;
    int *numbers = malloc(sizeof *numbers * n);
    if (!numbers) return 1;
    for (int i = 0; i < n; i++)
        if (scanf("%d", &numbers[i]) != 1) return 1;
    int first = 0, last = n - 1, target = n - k;
    while (first < last) {
        swap(&numbers[ninther(numbers, first, last)], &numbers[last]);
        int store = first;
        for (int i = first; i < last; i++)
            if (numbers[i] < numbers[last]) swap(&numbers[i], &numbers[store++]);
        swap(&numbers[store], &numbers[last]);
        if (target == store) break;
        if (target < store) last = store - 1;
        else first = store + 1;
    }
    printf("%d\n", numbers[target]);
    free(numbers);
    return 0;
}
