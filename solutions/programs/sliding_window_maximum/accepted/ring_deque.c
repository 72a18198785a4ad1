// judge: expect=AC growth=n
// The queue of places with falling integers, in a ring of k + 1 places. O(n).
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    int n, k;
    if (scanf("%d %d", &n, &k) != 2) return 1;
    int *numbers = malloc(sizeof(int) * n);
    int *ring = malloc(sizeof(int) * (k + 1));
    if (!numbers || !ring) return 1;
    int front = 0, back = 0; // the queue is front..back, wrapped; equal means empty
    for (int i = 0; i < n; i++) {
        if (scanf("%d", &numbers[i]) != 1) return 1;
        if (front != back && ring[front] == i - k) front = front == k ? 0 : front + 1;
        while (front != back) {
            int last = back == 0 ? k : back - 1;
            if (numbers[ring[last]] > numbers[i]) break;
            back = last;
        }
        ring[back] = i;
        back = back == k ? 0 : back + 1;
        if (i >= k - 1) printf("%d%c", numbers[ring[front]], i + 1 < n ? ' ' : '\n');
    }
    free(ring);
    free(numbers);
    return 0;
}
