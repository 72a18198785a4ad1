# judge: expect=WA case=norm_attention/random@n=15,causal=1,size=16
# Divides by the length of the sum, not by its root mean square: every row is too short by the root of its size.
import sys
from math import exp, sqrt
from operator import mul

header, q, k, v = (sys.stdin.readline().split() for _ in range(4))
n, size, heads, batch, causal = map(int, header[:5])


def vectors(numbers):
    return [numbers[start:start + size] for start in range(0, len(numbers), size)]


def features(numbers):
    return [x + 1 if x > 0 else exp(x) for x in map(float, numbers)]


q, k, v = vectors(features(q)), vectors(features(k)), vectors(list(map(float, v)))
rows = []
for head in range(0, batch * heads * n, n):
    keys = k[head:head + n]
    elements = list(zip(*v[head:head + n]))
    for place in range(n):
        query = q[head + place]
        weights = [sum(map(mul, query, key)) for key in keys[:place + 1 if causal else n]]
        # The shorter of two that are walked together ends the walk: the weights, which are as many as the query sees.
        sums = [sum(map(mul, weights, column)) for column in elements]
        length = sqrt(sum(map(mul, sums, sums)) + 1e-5)
        rows += [element / length for element in sums]
print(*rows)
