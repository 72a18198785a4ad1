# judge: expect=WA case=diagonal_attention/random@n=33,block=8,size=16
# Counts blocks from the end of the sequence: the shorter one stands first, not last.
import sys
from math import exp, sqrt
from operator import mul

header, q, k, v = (sys.stdin.readline().split() for _ in range(4))
n, size, block, heads, batch, causal = map(int, header[:6])


def vectors(numbers):
    numbers = list(map(float, numbers))
    return [numbers[start:start + size] for start in range(0, len(numbers), size)]


q, k, v = vectors(q), vectors(k), vectors(v)
scale = 1 / sqrt(size)
means = []
for head in range(0, batch * heads * n, n):
    for first in [head, *range(head + n % block, head + n, block)] if n % block else range(head, head + n, block):
        end = head + n % block if first == head and n % block else first + block
        keys = k[first:end]
        elements = list(zip(*v[first:end]))
        for row in range(first, end):
            query = q[row]
            scores = [scale * sum(map(mul, query, key)) for key in keys[:row - first + 1 if causal else block]]
            greatest = max(scores)
            weights = [exp(score - greatest) for score in scores]
            total = sum(weights)
            # The shorter of two that are walked together ends the walk: the weights, which are as many as the query sees.
            means += [sum(map(mul, weights, column)) / total for column in elements]
print(*means)
