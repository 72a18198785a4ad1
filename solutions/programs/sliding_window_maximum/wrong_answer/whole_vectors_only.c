// judge: expect=WA case=sliding_window_maximum/window_near_vector_widths@n=1000,k=17
// Takes the window sixteen integers at a time and forgets the rest, which k = 17 has.
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#define WIDTH 16

int main(void) {
    int n, k;
    if (scanf("%d %d", &n, &k) != 2) return 1;
    int *numbers = malloc(sizeof(int) * n);
    if (!numbers) return 1;
    for (int i = 0; i < n; i++)
        if (scanf("%d", &numbers[i]) != 1) return 1;
    for (int start = 0; start + k <= n; start++) {
        int lanes[WIDTH];
        for (int lane = 0; lane < WIDTH; lane++) lanes[lane] = INT_MIN;
        for (int i = start; i + WIDTH <= start + k; i += WIDTH)
            for (int lane = 0; lane < WIDTH; lane++)
                if (numbers[i + lane] > lanes[lane]) lanes[lane] = numbers[i + lane];
        int maximum = INT_MIN;
        for (int lane = 0; lane < WIDTH; lane++)
            if (lanes[lane] > maximum) maximum = lanes[lane];
        printf("%d ", maximum);
    }
    printf("\n");
    free(numbers);
    return 0;
}
