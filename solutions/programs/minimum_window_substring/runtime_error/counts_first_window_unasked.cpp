// judge: expect=RE case=minimum_window_substring/target_longer_than_text@n=1000
// Opens with a window as long as the target, and does not ask whether the text is.
#include <array>
#include <iostream>
#include <string>

int main() {
    std::string text, target;
    std::cin >> text >> target;
    std::array<int, 128> lacking{};
    std::size_t total = target.size(), start = 0, best_start = 0, best_length = std::string::npos;
    for (char letter : target) lacking.at(letter)++;
    for (std::size_t last = 0; last < target.size(); last++)
        if (lacking.at(text.at(last))-- > 0) total--;
    for (std::size_t end = target.size();; end++) {
        while (total == 0) {
            if (end - start < best_length) {
                best_length = end - start;
                best_start = start;
            }
            if (++lacking.at(text.at(start++)) > 0) total++;
        }
        if (end >= text.size()) break;
        if (lacking.at(text.at(end))-- > 0) total--;
    }
    if (best_length == std::string::npos) best_length = 0;
    std::cout << text.substr(best_start, best_length) << '\n';
}
