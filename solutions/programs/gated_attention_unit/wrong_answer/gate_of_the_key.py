# judge: expect=WA case=gated_attention_unit/random@n=9,size=16,width=16
# Gates each value where it stands, and so by the gate of the key and not of the query.
import sys
from operator import mul

header, q, k, u, v = (sys.stdin.readline().split() for _ in range(5))
n, size, width, batch, causal = map(int, header[:5])


def vectors(numbers, length):
    numbers = list(map(float, numbers))
    return [numbers[start:start + length] for start in range(0, len(numbers), length)]


q, k = vectors(q, size), vectors(k, size)
gated = vectors(list(map(mul, map(float, u), map(float, v))), width)
sums = []
for first in range(0, batch * n, n):
    keys = k[first:first + n]
    columns = list(zip(*gated[first:first + n]))
    for place in range(n):
        query = q[first + place]
        scores = [sum(map(mul, query, key)) / n for key in keys[:place + 1 if causal else n]]
        weights = [max(score, 0.0) ** 2 for score in scores]
        sums += [sum(map(mul, weights, column)) for column in columns]
print(*sums)
