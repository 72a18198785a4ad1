// judge: expect=WA case=minimum_window_substring/improving_windows@n=1000
// Shrinks by one letter a step (`if` for `while`): the window never gets shorter than the first prefix that held all.
#include <array>
#include <iostream>
#include <string>

int main() {
    std::string text, target;
    std::cin >> text >> target;
    std::array<int, 256> lacking{};
    for (unsigned char letter : target) lacking[letter]++;
    std::size_t total = target.size(), start = 0, best_start = 0, best_length = std::string::npos;
    for (std::size_t last = 0; last < text.size(); last++) {
        if (lacking[static_cast<unsigned char>(text[last])]-- > 0) total--;
        if (total == 0) {
            if (last - start + 1 < best_length) {
                best_length = last - start + 1;
                best_start = start;
            }
            if (++lacking[static_cast<unsigned char>(text[start++])] > 0) total++;
        }
    }
    if (best_length == std::string::npos) best_length = 0;
    std::cout << text.substr(best_start, best_length) << '\n';
}
