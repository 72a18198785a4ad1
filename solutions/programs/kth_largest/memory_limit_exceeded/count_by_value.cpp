// judge: expect=MLE case=kth_largest/extremes@n=1000
// Counts by value over the whole range between least and greatest: up to 2^32 counters of four bytes.
#include <algorithm>
#include <cstdint>
#include <iostream>
#include <vector>

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    std::int64_t n, k;
    std::cin >> n >> k;
    std::vector<std::int64_t> numbers(n);
    for (auto& number : numbers) std::cin >> number;
    const auto [least, greatest] = std::minmax_element(numbers.begin(), numbers.end());
    std::vector<std::uint32_t> counts(*greatest - *least + 1);
    for (auto number : numbers) counts[number - *least]++;
    std::int64_t value = *greatest;
    for (k -= counts[value - *least]; k > 0; k -= counts[value - *least]) value--;
    std::cout << value << '\n';
}
