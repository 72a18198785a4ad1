// judge: expect=TLE case=kth_largest/median_of_three_killer@n=400000
// Quickselect with the median of first, middle and last as pivot: linear on sorted input, quadratic at worst all the same.
#include <cstdio>
#include <utility>
#include <vector>

static int median(const std::vector<int>& a, int i, int j, int k) {
    if (a[i] < a[j]) return a[j] < a[k] ? j : a[i] < a[k] ? k : i;
    return a[i] < a[k] ? i : a[j] < a[k] ? k : j;
}

int main() {
    int n, k;
    if (std::scanf("%d %d", &n, &k) != 2) return 1;
    std::vector<int> numbers(n);
    for (int& number : numbers)
        if (std::scanf("%d", &number) != 1) return 1;
    int first = 0, last = n - 1, target = n - k;
    while (first < last) {
        int pivot = median(numbers, first, first + (last - first) / 2, last);
        std::swap(numbers[pivot], numbers[last]);
        int store = first;
        for (int i = first; i < last; i++)
            if (numbers[i] < numbers[last]) std::swap(numbers[i], numbers[store++]);
        std::swap(numbers[store], numbers[last]);
        if (target == store) break;
        if (target < store) last = store - 1;
        else first = store + 1;
    }
    std::printf("%d\n", numbers[target]);
}
