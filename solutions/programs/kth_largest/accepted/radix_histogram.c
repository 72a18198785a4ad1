// judge: expect=AC growth=n
// Three histograms over 11, 11 and 10 bits, from the top: each tells the digit in which the k-th largest falls.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
    int n, k;
    if (scanf("%d %d", &n, &k) != 2) return 1;
    uint32_t *keys = malloc(sizeof *keys * n);
    if (!keys) return 1;
    for (int i = 0; i < n; i++) {
        int number;
        if (scanf("%d", &number) != 1) return 1;
        keys[i] = (uint32_t)number ^ 0x80000000u; // unsigned order of the keys = signed order of the numbers
    }
    static uint32_t counts[1 << 11];
    const int shifts[] = {21, 10, 0}, bits[] = {11, 11, 10};
    uint32_t prefix = 0, rank = k - 1;
    for (int pass = 0; pass < 3; pass++) {
        const int shift = shifts[pass], width = bits[pass];
        memset(counts, 0, sizeof counts);
        for (int i = 0; i < n; i++) {
            if (pass == 0 || keys[i] >> (shift + width) == prefix) counts[keys[i] >> shift & ((1u << width) - 1)]++;
        }
        uint32_t digit = (1u << width) - 1;
        while (rank >= counts[digit]) rank -= counts[digit--];
        prefix = prefix << width | digit;
    }
    printf("%d\n", (int32_t)(prefix ^ 0x80000000u));
    free(keys);
    return 0;
}
