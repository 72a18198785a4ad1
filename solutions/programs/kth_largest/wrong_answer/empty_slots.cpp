// judge: expect=WA case=kth_largest/extremes@n=1000,k=1000
// A heap of k slots, of which INT_MIN marks the empty ones; but INT_MIN may be the answer.
#include <climits>
#include <functional>
#include <iostream>
#include <queue>
#include <vector>

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    int n, k;
    std::cin >> n >> k;
    std::priority_queue<int, std::vector<int>, std::greater<int>> slots(std::greater<int>(),
                                                                        std::vector<int>(k, INT_MIN));
    for (int i = 0; i < n; i++) {
        int number;
        std::cin >> number;
        if (number > slots.top()) {
            slots.pop();
            slots.push(number);
        }
    }
    while (slots.size() > 1 && slots.top() == INT_MIN) slots.pop();
    std::cout << slots.top() << '\n';
}
