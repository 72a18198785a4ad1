// judge: expect=WA case=attention/large_magnitude@n=33
// Takes the exponentials as they are, without the greatest score: beyond 88 they leave float.
#include <cmath>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    int n, size, heads, batch, causal;
    std::string type;
    std::cin >> n >> size >> heads >> batch >> causal >> type;
    int rows = batch * heads * n;
    std::vector<float> q(rows * size), k(q), v(q), mean(size), logsumexp(rows);
    for (auto* vectors : {&q, &k, &v}) {
        for (float& element : *vectors) std::cin >> element;
    }
    float scale = 1 / std::sqrt(float(size));
    for (int row = 0; row < rows; ++row) {
        int head = row / n * n, seen = causal ? row % n + 1 : n;
        float sum = 0;
        mean.assign(size, 0);
        for (int key = head; key < head + seen; ++key) {
            float score = 0;
            for (int at = 0; at < size; ++at) score += q[row * size + at] * k[key * size + at];
            float weight = std::exp(scale * score);
            sum += weight;
            for (int at = 0; at < size; ++at) mean[at] += weight * v[key * size + at];
        }
        for (float element : mean) std::printf("%.9g ", element / sum);
        logsumexp[row] = std::log(sum);
    }
    std::puts("");
    for (float value : logsumexp) std::printf("%.9g ", value);
    std::puts("");
}
