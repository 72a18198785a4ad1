// judge: expect=WA case=kth_largest/ties_at_k@n=1000
// The k-th *distinct* largest: a set forgets ties.
#include <functional>
#include <iostream>
#include <iterator>
#include <set>

int main() {
    int n, k;
    std::cin >> n >> k;
    std::set<int, std::greater<int>> numbers;
    for (int i = 0; i < n; i++) {
        int number;
        std::cin >> number;
        numbers.insert(number);
    }
    if (k > (int)numbers.size()) k = numbers.size();
    std::cout << *std::next(numbers.begin(), k - 1) << '\n';
}
