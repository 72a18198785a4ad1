// judge: expect=AC growth=n
// A queue of places whose integers fall from front to back. O(n).
#include <cstdio>
#include <deque>
#include <string>
#include <vector>

int main() {
    int n, k;
    if (std::scanf("%d %d", &n, &k) != 2) return 1;
    std::vector<int> numbers(n);
    for (int& number : numbers)
        if (std::scanf("%d", &number) != 1) return 1;
    std::deque<int> places;
    std::string output;
    for (int i = 0; i < n; i++) {
        while (!places.empty() && numbers[places.back()] <= numbers[i]) places.pop_back();
        places.push_back(i);
        if (places.front() == i - k) places.pop_front();
        if (i >= k - 1) {
            output += std::to_string(numbers[places.front()]);
            output += i + 1 < n ? ' ' : '\n';
        }
    }
    std::fwrite(output.data(), 1, output.size(), stdout);
}
