// The program of the picture in README: right, but for what happens to the k-th largest among equal ones.
#include <functional>
#include <iostream>
#include <set>

int main() {
    int n, k;
    std::cin >> n >> k;
    std::set<int, std::greater<>> largest;
    for (int x; std::cin >> x;) {
        largest.insert(x);
        if (static_cast<int>(largest.size()) > k) largest.erase(std::prev(largest.end()));
    }
    std::cout << *largest.rbegin() << '\n';
}
