// judge: expect=AC growth=n*nodes
// The definition in double: for each node the cache of its head, then the way from itself up to the root.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

using Row = const double*;

// All scores of a query, their softmax, the weighted sum; gives the logsumexp.
static double attend(Row query, const std::vector<std::pair<Row, Row>>& seen, int size, double* mean)
{
    std::vector<double> scores;
    for (auto [key, value] : seen) {
        double product = 0;
        for (int i = 0; i < size; ++i) {
            product += query[i] * key[i];
        }
        scores.push_back(product / std::sqrt(size));
    }
    double greatest = *std::max_element(scores.begin(), scores.end()), sum = 0;
    for (double& score : scores) {
        score = std::exp(score - greatest);
        sum += score;
    }
    std::fill(mean, mean + size, 0.0);
    for (std::size_t key = 0; key < seen.size(); ++key) {
        for (int i = 0; i < size; ++i) {
            mean[i] += scores[key] / sum * seen[key].second[i];
        }
    }
    return greatest + std::log(sum);
}

static std::vector<double> read(std::size_t count)
{
    std::vector<double> values(count);
    for (double& value : values) {
        std::cin >> value;
    }
    return values;
}

static void write(const std::vector<double>& values)
{
    for (std::size_t i = 0; i < values.size(); ++i) {
        std::printf(i == 0 ? "%.9g" : " %.9g", values[i]);
    }
    std::printf("\n");
}

int main()
{
    std::ios::sync_with_stdio(false);
    long n, nodes, size, heads, batch;
    std::string type;
    std::cin >> n >> nodes >> size >> heads >> batch >> type;
    std::vector<long> parents(nodes);
    for (long& parent : parents) {
        std::cin >> parent;
    }
    long rows = batch * heads * nodes, cached = batch * heads * n;
    auto q = read(rows * size), cache_k = read(cached * size), cache_v = read(cached * size);
    auto k = read(rows * size), v = read(rows * size);
    std::vector<double> o(rows * size), logsumexp(rows);
    for (long row = 0; row < rows; ++row) {
        long head = row / nodes;
        std::vector<std::pair<Row, Row>> seen;
        for (long key = 0; key < n; ++key) {
            long at = (head * n + key) * size;
            seen.push_back({&cache_k[at], &cache_v[at]});
        }
        for (long node = row % nodes; node >= 0; node = parents[node] < node ? parents[node] : -1) {
            long at = (head * nodes + node) * size;
            seen.push_back({&k[at], &v[at]});
        }
        logsumexp[row] = attend(&q[row * size], seen, size, &o[row * size]);
    }
    write(o);
    write(logsumexp);
}
