// judge: expect=TLE case=kth_largest/random@n=300000
// Takes the greatest away k times: O(n k).
#include <algorithm>
#include <cstdio>
#include <vector>

int main() {
    int n, k;
    if (std::scanf("%d %d", &n, &k) != 2) return 1;
    std::vector<int> numbers(n);
    for (int& number : numbers)
        if (std::scanf("%d", &number) != 1) return 1;
    for (int i = 1; i < k; i++) {
        auto greatest = std::max_element(numbers.begin(), numbers.end());
        *greatest = numbers.back();
        numbers.pop_back();
    }
    std::printf("%d\n", *std::max_element(numbers.begin(), numbers.end()));
}
