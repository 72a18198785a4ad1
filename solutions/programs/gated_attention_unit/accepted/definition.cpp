// judge: expect=AC growth=n^2
// The definition: for each query the weight of every key that it sees, the sum of their values, and the gate.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    int n, size, width, batch, causal;
    std::string type;
    std::cin >> n >> size >> width >> batch >> causal >> type;
    int rows = batch * n;
    std::vector<float> q(rows * size), k(q), u(rows * width), v(u), sum(width);
    for (auto* vectors : {&q, &k, &u, &v}) {
        for (float& element : *vectors) std::cin >> element;
    }
    for (int row = 0; row < rows; ++row) {
        int first = row - row % n;
        sum.assign(width, 0);
        for (int key = first; key < (causal ? row + 1 : first + n); ++key) {
            float product = 0;
            for (int at = 0; at < size; ++at) product += q[row * size + at] * k[key * size + at];
            float score = std::max(product / n, 0.0f);
            for (int to = 0; to < width; ++to) sum[to] += score * score * v[key * width + to];
        }
        for (int to = 0; to < width; ++to) std::printf("%.9g ", u[row * width + to] * sum[to]);
    }
    std::puts("");
}
