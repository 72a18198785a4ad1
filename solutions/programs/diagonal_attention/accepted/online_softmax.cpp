// judge: expect=AC growth=n*block*size
// One pass over the keys and values of a query's block, with a running maximum.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <limits>
#include <string>
#include <vector>

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    int n, size, block, heads, batch, causal;
    std::string type;
    std::cin >> n >> size >> block >> heads >> batch >> causal >> type;
    int rows = batch * heads * n;
    std::vector<float> q(rows * size), k(q), v(q), mean(size);
    for (auto* vectors : {&q, &k, &v}) {
        for (float& element : *vectors) std::cin >> element;
    }
    float scale = 1 / std::sqrt(float(size));
    for (int row = 0; row < rows; ++row) {
        int head = row / n * n, first = head + (row - head) / block * block;
        int end = causal ? row + 1 : std::min(first + block, head + n);
        float greatest = -std::numeric_limits<float>::infinity(), sum = 0;
        mean.assign(size, 0);
        for (int key = first; key < end; ++key) {
            float score = 0;
            for (int at = 0; at < size; ++at) score += q[row * size + at] * k[key * size + at];
            score *= scale;
            if (score > greatest) {
                float shrink = std::exp(greatest - score);
                sum *= shrink;
                for (float& element : mean) element *= shrink;
                greatest = score;
            }
            float weight = std::exp(score - greatest);
            sum += weight;
            for (int at = 0; at < size; ++at) mean[at] += weight * v[key * size + at];
        }
        for (float element : mean) std::printf("%.9g ", element / sum);
    }
    std::puts("");
}
