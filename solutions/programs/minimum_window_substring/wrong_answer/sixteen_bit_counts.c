// judge: expect=WA case=minimum_window_substring/large_counts@n=100000
// Counts in 16 bits, which 65,536 of a letter overflow.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 10000000

static uint16_t needed[128], held[128];

int main(void) {
    char *text = malloc(MOST), *target = malloc(MOST);
    if (!text || !target || scanf("%9999999s %9999999s", text, target) != 2) return 1;
    int n = strlen(text), m = strlen(target), kinds = 0, formed = 0;
    for (int i = 0; i < m; i++) needed[(int)target[i]]++;
    for (int letter = 0; letter < 128; letter++) kinds += needed[letter] > 0;
    int start = 0, best_start = 0, best_length = n + 1;
    for (int last = 0; last < n; last++) {
        int entering = text[last];
        held[entering]++;
        if (needed[entering] > 0 && held[entering] == needed[entering]) formed++;
        while (formed == kinds) {
            if (last - start + 1 < best_length) {
                best_length = last - start + 1;
                best_start = start;
            }
            int leaving = text[start++];
            if (needed[leaving] > 0 && held[leaving] == needed[leaving]) formed--;
            held[leaving]--;
        }
    }
    if (best_length > n) best_length = 0;
    printf("%.*s\n", best_length, text + best_start);
    free(target);
    free(text);
    return 0;
}
