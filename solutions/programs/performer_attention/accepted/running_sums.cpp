// judge: expect=AC growth=n*size*features
// Sums over the keys, a row for each feature, which run along the sequence.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    int n, size, features, heads, batch, causal;
    std::string type;
    std::cin >> n >> size >> features >> heads >> batch >> causal >> type;
    int rows = batch * heads * n;
    std::vector<float> q(rows * size), k(q), v(q), w(features * size);
    for (auto* vectors : {&q, &k, &v, &w}) {
        for (float& element : *vectors) std::cin >> element;
    }
    float root = std::sqrt(std::sqrt(float(size)));
    std::vector<float> state, norm, mean, weights(features);
    auto exponents = [&](const float* row) {
        float square = 0;
        for (int at = 0; at < size; ++at) square += row[at] / root * (row[at] / root);
        for (int feature = 0; feature < features; ++feature) {
            float product = 0;
            for (int at = 0; at < size; ++at) product += w[feature * size + at] * (row[at] / root);
            weights[feature] = product - square / 2;
        }
    };
    for (int head = 0; head < rows; head += n) {
        state.assign(features * size, 0);
        norm.assign(features, 0);
        int taken = head;
        for (int row = head; row < head + n; ++row) {
            for (int seen = causal ? row + 1 : head + n; taken < seen; ++taken) {
                exponents(&k[taken * size]);
                for (int feature = 0; feature < features; ++feature) {
                    float weight = std::exp(weights[feature]);
                    norm[feature] += weight;
                    for (int to = 0; to < size; ++to) state[feature * size + to] += weight * v[taken * size + to];
                }
            }
            exponents(&q[row * size]);
            float greatest = *std::max_element(weights.begin(), weights.end()), sum = 0;
            mean.assign(size, 0);
            for (int feature = 0; feature < features; ++feature) {
                float weight = std::exp(weights[feature] - greatest);
                sum += weight * norm[feature];
                for (int to = 0; to < size; ++to) mean[to] += weight * state[feature * size + to];
            }
            for (float element : mean) std::printf("%.9g ", element / sum);
        }
    }
    std::puts("");
}
