// judge: expect=MLE case=minimum_window_substring/uniform@n=1000000
// A table of 128 counts for every prefix of the text, to look windows up in: a kilobyte a letter.
#include <array>
#include <iostream>
#include <string>
#include <vector>

int main() {
    std::string text, target;
    std::cin >> text >> target;
    std::array<long long, 128> needed{};
    for (char letter : target) needed[letter]++;
    std::vector<std::array<long long, 128>> before(text.size() + 1);
    for (std::size_t i = 0; i < text.size(); i++) {
        before[i + 1] = before[i];
        before[i + 1][text[i]]++;
    }
    auto holds = [&](std::size_t start, std::size_t end) {
        for (int letter = 0; letter < 128; letter++)
            if (before[end][letter] - before[start][letter] < needed[letter]) return false;
        return true;
    };
    std::size_t best_start = 0, best_length = std::string::npos;
    for (std::size_t start = 0, end = 0; end <= text.size(); end++)
        for (; holds(start, end); start++)
            if (end - start < best_length) {
                best_length = end - start;
                best_start = start;
            }
    if (best_length == std::string::npos) best_length = 0;
    std::cout << text.substr(best_start, best_length) << '\n';
}
