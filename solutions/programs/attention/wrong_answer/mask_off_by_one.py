# judge: expect=WA case=attention/random@n=15,causal=1
# Under `causal` a query sees the key behind its own, too.
import sys
from math import exp, log, sqrt
from operator import mul

header, q, k, v = (sys.stdin.readline().split() for _ in range(4))
n, size, heads, batch, causal = map(int, header[:5])


def vectors(numbers):
    numbers = list(map(float, numbers))
    return [numbers[start:start + size] for start in range(0, len(numbers), size)]


q, k, v = vectors(q), vectors(k), vectors(v)
scale = 1 / sqrt(size)
means, logsumexps = [], []
for head in range(0, batch * heads * n, n):
    keys = k[head:head + n]
    elements = list(zip(*v[head:head + n]))
    for place in range(n):
        query = q[head + place]
        seen = min(place + 2, n) if causal else n
        scores = [scale * sum(map(mul, query, key)) for key in keys[:seen]]
        greatest = max(scores)
        weights = [exp(score - greatest) for score in scores]
        total = sum(weights)
        # The shorter of two that are walked together ends the walk: the weights, which are as many as the query sees.
        means += [sum(map(mul, weights, column)) / total for column in elements]
        logsumexps.append(greatest + log(total))
print(*means)
print(*logsumexps)
