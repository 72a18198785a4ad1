// judge: expect=AC growth=n*size^2
// Sums over the keys, which run along the sequence; what a query takes of them is divided by its root mean square.
#include <cmath>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

static float feature(float x) { return x > 0 ? x + 1 : std::exp(x); }

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    int n, size, heads, batch, causal;
    std::string type;
    std::cin >> n >> size >> heads >> batch >> causal >> type;
    int rows = batch * heads * n;
    std::vector<float> q(rows * size), k(q), v(q), state(size * size), sum(size);
    for (auto* vectors : {&q, &k, &v}) {
        for (float& element : *vectors) std::cin >> element;
    }
    for (int head = 0; head < rows; head += n) {
        state.assign(size * size, 0);
        int taken = head;
        for (int row = head; row < head + n; ++row) {
            for (int seen = causal ? row + 1 : head + n; taken < seen; ++taken) {
                for (int at = 0; at < size; ++at) {
                    float weight = feature(k[taken * size + at]);
                    for (int to = 0; to < size; ++to) state[at * size + to] += weight * v[taken * size + to];
                }
            }
            sum.assign(size, 0);
            for (int at = 0; at < size; ++at) {
                float weight = feature(q[row * size + at]);
                for (int to = 0; to < size; ++to) sum[to] += weight * state[at * size + to];
            }
            float squares = 0;
            for (float element : sum) squares += element * element;
            float root = std::sqrt(squares / size + 1e-5f);
            for (float element : sum) std::printf("%.9g ", element / root);
        }
    }
    std::puts("");
}
