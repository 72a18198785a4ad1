// judge: expect=AC growth=n
// Introselect of the standard library: expected linear time, O(n log n) at worst.
#include <algorithm>
#include <cstdio>
#include <functional>
#include <vector>

int main() {
    int n, k;
    if (std::scanf("%d %d", &n, &k) != 2) return 1;
    std::vector<int> numbers(n);
    for (int& number : numbers)
        if (std::scanf("%d", &number) != 1) return 1;
    std::nth_element(numbers.begin(), numbers.begin() + (k - 1), numbers.end(), std::greater<int>());
    std::printf("%d\n", numbers[k - 1]);
}
