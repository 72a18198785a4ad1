// judge: expect=AC growth=n*size^2
// One state of keys and values runs along the queries, one of queries and gradients of sums runs back along the keys; each is read by
// its columns, and by its rows.
#include <cmath>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

using Vector = std::vector<float>;

static int size;

static float feature(float x) { return x > 0 ? x + 1 : std::exp(x); }
static float slope(float x) { return x > 0 ? 1 : std::exp(x); }

// The sum of the products of the elements of two rows.
struct State {
    Vector sums = Vector(size * size);

    void add(const float* left, const float* right) {
        for (int at = 0; at < size; ++at) {
            for (int to = 0; to < size; ++to) sums[at * size + to] += left[at] * right[to];
        }
    }

    // The sum of the right ones, each times its left one's product with a row.
    void rights(const float* left, float* sum) const {
        for (int at = 0; at < size; ++at) {
            for (int to = 0; to < size; ++to) sum[to] += left[at] * sums[at * size + to];
        }
    }

    void lefts(const float* right, float* sum) const {
        for (int at = 0; at < size; ++at) {
            for (int to = 0; to < size; ++to) sum[at] += sums[at * size + to] * right[to];
        }
    }
};

// The gradient of a sum, in its place.
static void through_norm(float* sum, const float* upstream) {
    float square = 0, along = 0;
    for (int at = 0; at < size; ++at) square += sum[at] * sum[at];
    float root = std::sqrt(square / size + 1e-5f);
    for (int at = 0; at < size; ++at) {
        sum[at] /= root;
        along += sum[at] * upstream[at];
    }
    for (int at = 0; at < size; ++at) sum[at] = (upstream[at] - sum[at] * along / size) / root;
}

int main() {
    std::ios::sync_with_stdio(false);
    std::cin.tie(nullptr);
    int n, heads, batch, causal;
    std::string type;
    std::cin >> n >> size >> heads >> batch >> causal >> type;
    int rows = batch * heads * n;
    Vector q(rows * size), k(q), v(q), upstream(q), gradients(q), dq(q), dk(q), dv(q);
    for (auto* vectors : {&q, &k, &v, &upstream}) {
        for (float& element : *vectors) std::cin >> element;
    }
    Vector queries(q), keys(k);
    for (float& element : queries) element = feature(element);
    for (float& element : keys) element = feature(element);
    for (int head = 0; head < rows; head += n) {
        State of_keys, of_queries;
        int taken = head;
        for (int row = head; row < head + n; ++row) {
            for (int seen = causal ? row + 1 : head + n; taken < seen; ++taken) of_keys.add(&keys[taken * size], &v[taken * size]);
            float* gradient = &gradients[row * size];
            of_keys.rights(&queries[row * size], gradient);
            through_norm(gradient, &upstream[row * size]);
            of_keys.lefts(gradient, &dq[row * size]);
        }
        int left = head + n;
        for (int row = head + n - 1; row >= head; --row) {
            for (int seeing = causal ? row : head; left > seeing;) {
                --left;
                of_queries.add(&queries[left * size], &gradients[left * size]);
            }
            of_queries.lefts(&v[row * size], &dk[row * size]);
            of_queries.rights(&keys[row * size], &dv[row * size]);
        }
    }
    for (int at = 0; at < rows * size; ++at) {
        dq[at] *= slope(q[at]);
        dk[at] *= slope(k[at]);
    }
    for (auto* vectors : {&dq, &dk, &dv}) {
        for (float element : *vectors) std::printf("%.9g ", element);
        std::puts("");
    }
}
