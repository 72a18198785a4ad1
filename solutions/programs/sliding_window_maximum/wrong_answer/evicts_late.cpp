// judge: expect=WA case=sliding_window_maximum/decreasing@n=1000
// Evicts the front only when it stands more than k places back: the window is one too long.
#include <cstdio>
#include <deque>
#include <vector>

int main() {
    int n, k;
    if (std::scanf("%d %d", &n, &k) != 2) return 1;
    std::vector<int> numbers(n);
    for (int& number : numbers)
        if (std::scanf("%d", &number) != 1) return 1;
    std::deque<int> places;
    for (int i = 0; i < n; i++) {
        while (!places.empty() && numbers[places.back()] <= numbers[i]) places.pop_back();
        places.push_back(i);
        if (places.front() < i - k) places.pop_front();
        if (i >= k - 1) std::printf("%d ", numbers[places.front()]);
    }
    std::printf("\n");
}
