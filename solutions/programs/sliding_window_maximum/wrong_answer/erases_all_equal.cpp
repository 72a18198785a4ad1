// judge: expect=WA case=sliding_window_maximum/twin_peaks@n=1000
// multiset::erase of a value erases all that are equal to it, not one.
#include <cstdio>
#include <set>
#include <vector>

int main() {
    int n, k;
    if (std::scanf("%d %d", &n, &k) != 2) return 1;
    std::vector<int> numbers(n);
    for (int& number : numbers)
        if (std::scanf("%d", &number) != 1) return 1;
    std::multiset<int> window;
    for (int i = 0; i < n; i++) {
        if (i >= k) window.erase(numbers[i - k]);
        window.insert(numbers[i]);
        if (i >= k - 1) std::printf("%d ", *window.rbegin());
    }
    std::printf("\n");
}
