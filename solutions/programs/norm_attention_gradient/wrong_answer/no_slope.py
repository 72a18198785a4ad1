# judge: expect=WA case=norm_attention_gradient/random@n=15,causal=1,size=16
# Writes the gradients of the features for those of queries and keys: the slopes of the features are left out.
import sys
from math import exp, sqrt
from operator import mul

header, *arrays = (sys.stdin.readline().split() for _ in range(5))
n, size, heads, batch, causal = map(int, header[:5])


def vectors(numbers):
    return [numbers[start:start + size] for start in range(0, len(numbers), size)]


def product(one, other):
    return sum(map(mul, one, other))


def add(to, weight, vector):
    to[:] = [element + weight * more for element, more in zip(to, vector)]


q, k, v, upstream = (vectors(list(map(float, array))) for array in arrays)
q, k = ([[x + 1 if x > 0 else exp(x) for x in row] for row in array] for array in (q, k))
dq, dk, dv = ([[0.0] * size for _ in q] for _ in range(3))
for row, query in enumerate(q):
    first = row - row % n
    seen = range(first, row + 1 if causal else first + n)
    total = [0.0] * size
    for key in seen:
        add(total, product(query, k[key]), v[key])
    root = sqrt(product(total, total) / size + 1e-5)
    norm = [element / root for element in total]
    along = product(norm, upstream[row]) / size
    gradient = [(above - element * along) / root for above, element in zip(upstream[row], norm)]
    for key in seen:
        change = product(gradient, v[key])
        add(dq[row], change, k[key])
        add(dk[key], change, query)
        add(dv[key], product(query, k[key]), gradient)
for array in (dq, dk, dv):
    print(*(element for row in array for element in row))
