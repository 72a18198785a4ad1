// judge: expect=TLE case=minimum_window_substring/rare_letter_at_each_end@n=300000
// From every start anew, until the window holds the target: n times the length of the answer, which is quick where
// windows are short. Here they are as long as the text.
#include <array>
#include <iostream>
#include <string>

int main() {
    std::string text, target;
    std::cin >> text >> target;
    std::array<int, 256> needed{};
    for (unsigned char letter : target) needed[letter]++;
    std::size_t best_start = 0, best_length = std::string::npos;
    for (std::size_t start = 0; start < text.size(); start++) {
        auto lacking = needed;
        std::size_t total = target.size();
        for (std::size_t last = start; last < text.size(); last++) {
            if (lacking[static_cast<unsigned char>(text[last])]-- > 0) total--;
            if (total == 0) {
                if (last - start + 1 < best_length) {
                    best_length = last - start + 1;
                    best_start = start;
                }
                break;
            }
        }
    }
    if (best_length == std::string::npos) best_length = 0;
    std::cout << text.substr(best_start, best_length) << '\n';
}
