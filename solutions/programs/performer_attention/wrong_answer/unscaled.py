# judge: expect=WA case=performer_attention/random@n=15,size=16,features=16
# Takes the vectors as they are: weights then estimate exp(q . k), not exp(q . k / sqrt(size)).
import sys
from math import exp
from operator import mul

header, q, k, v, w = (sys.stdin.readline().split() for _ in range(5))
n, size, features, heads, batch, causal = map(int, header[:6])
root = 1


def vectors(numbers):
    numbers = list(map(float, numbers))
    return [numbers[start:start + size] for start in range(0, len(numbers), size)]


def exponents(vector):
    vector = [x / root for x in vector]
    square = sum(map(mul, vector, vector)) / 2
    return [sum(map(mul, row, vector)) - square for row in w]


def divided(exponents):
    greatest = max(exponents)
    return [exponent - greatest for exponent in exponents]


q, k, v, w = map(vectors, (q, k, v, w))
q = [list(map(exp, divided(exponents(query)))) for query in q]
k = [list(map(exp, exponents(key))) for key in k]
means = []
for head in range(0, batch * heads * n, n):
    keys = k[head:head + n]
    elements = list(zip(*v[head:head + n]))
    for place in range(n):
        query = q[head + place]
        weights = [sum(map(mul, query, key)) for key in keys[:place + 1 if causal else n]]
        total = sum(weights)
        # The shorter of two that are walked together ends the walk: the weights, which are as many as the query sees.
        means += [sum(map(mul, weights, column)) / total for column in elements]
print(*means)
