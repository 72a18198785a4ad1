// judge: expect=TLE case=sliding_window_maximum/decreasing@n=400000,k=200000
// Looks through the whole window whenever its greatest leaves: quick on random integers, but where they fall the greatest
// leaves at every step. O(n k).
#include <cstdio>
#include <vector>

int main() {
    int n, k;
    if (std::scanf("%d %d", &n, &k) != 2) return 1;
    std::vector<int> numbers(n);
    for (int& number : numbers)
        if (std::scanf("%d", &number) != 1) return 1;
    int greatest = -1;
    for (int start = 0; start + k <= n; start++) {
        int last = start + k - 1;
        if (greatest < start) {
            greatest = start;
            for (int i = start; i <= last; i++)
                if (numbers[i] >= numbers[greatest]) greatest = i;
        } else if (numbers[last] >= numbers[greatest]) {
            greatest = last;
        }
        std::printf("%d ", numbers[greatest]);
    }
    std::printf("\n");
}
