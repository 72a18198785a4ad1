// judge: expect=AC growth=n^2*window
// The definition in double: for each query the keys of its window, and those a multiple of the stride before it.
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
    long n, window, stride, size, heads, batch;
    std::string type;
    std::cin >> n >> window >> stride >> size >> heads >> batch >> type;
    long rows = batch * heads * n;
    auto q = read(rows * size), k = read(rows * size), v = read(rows * size);
    std::vector<double> o(rows * size), logsumexp(rows);
    for (long row = 0; row < rows; ++row) {
        std::vector<std::pair<Row, Row>> seen;
        for (long distance = 0; distance <= row % n; ++distance) {
            if (distance < window || distance % stride == 0) {
                long at = (row - distance) * size;
                seen.push_back({&k[at], &v[at]});
            }
        }
        logsumexp[row] = attend(&q[row * size], seen, size, &o[row * size]);
    }
    write(o);
    write(logsumexp);
}
