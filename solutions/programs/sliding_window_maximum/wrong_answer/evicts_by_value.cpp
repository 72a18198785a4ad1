// judge: expect=WA case=sliding_window_maximum/twin_peaks@n=1000
// The queue holds values and drops equal ones, so when the first of two equal maxima leaves, the front that equals it is
// the second one, which should stay.
#include <cstdio>
#include <deque>
#include <vector>

int main() {
    int n, k;
    if (std::scanf("%d %d", &n, &k) != 2) return 1;
    std::vector<int> numbers(n);
    for (int& number : numbers)
        if (std::scanf("%d", &number) != 1) return 1;
    std::deque<int> values;
    for (int i = 0; i < n; i++) {
        if (i >= k && !values.empty() && values.front() == numbers[i - k]) values.pop_front();
        while (!values.empty() && values.back() <= numbers[i]) values.pop_back();
        values.push_back(numbers[i]);
        if (i >= k - 1) std::printf("%d ", values.front());
    }
    std::printf("\n");
}
