// judge: expect=RE case=kth_largest/negative@n=1000
// Counts by value in a table as long as the greatest value asks for: a negative one has no place in it.
#include <algorithm>
#include <iostream>
#include <vector>

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    int n, k;
    std::cin >> n >> k;
    std::vector<int> numbers(n);
    for (int& number : numbers) std::cin >> number;
    const int greatest = *std::max_element(numbers.begin(), numbers.end());
    std::vector<int> counts(std::max(greatest, 0) + 1);
    for (int number : numbers) counts.at(number)++;
    int value = greatest;
    for (k -= counts.at(value); k > 0; k -= counts.at(value)) value--;
    std::cout << value << '\n';
}
