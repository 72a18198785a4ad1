// judge: expect=AC growth=n
// One state along a sequence, the sum of the products of linear keys and values: keys are added when the first query sees them.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    int n, chunk, size, width, batch, causal;
    std::string type;
    std::cin >> n >> chunk >> size >> width >> batch >> causal >> type;
    int rows = batch * n;
    std::vector<float> q(rows * size), k(q), linear_q(q), linear_k(q), u(rows * width), v(u), sum(width), state(size * width);
    for (auto* vectors : {&q, &k, &linear_q, &linear_k, &u, &v}) {
        for (float& element : *vectors) std::cin >> element;
    }
    auto add = [&](float* to, float weight, const float* vector) {
        for (int at = 0; at < width; ++at) to[at] += weight * vector[at];
    };
    for (int first = 0; first < rows; first += n) {
        std::fill(state.begin(), state.end(), 0);
        int taken = first;
        for (int row = first; row < first + n; ++row) {
            int start = row - (row - first) % chunk;
            for (int end = causal ? start : first + n; taken < end; ++taken) {
                for (int at = 0; at < size; ++at) add(&state[at * width], linear_k[taken * size + at], &v[taken * width]);
            }
            sum.assign(width, 0);
            for (int at = 0; at < size; ++at) add(sum.data(), linear_q[row * size + at] / n, &state[at * width]);
            for (int key = start; key < (causal ? row + 1 : std::min(start + chunk, first + n)); ++key) {
                float product = 0;
                for (int at = 0; at < size; ++at) product += q[row * size + at] * k[key * size + at];
                float score = std::max(product / chunk, 0.0f);
                add(sum.data(), score * score, &v[key * width]);
            }
            for (int to = 0; to < width; ++to) std::printf("%.9g ", u[row * width + to] * sum[to]);
        }
    }
    std::puts("");
}
