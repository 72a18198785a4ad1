# judge: expect=WA case=gated_attention_mixed_chunk/random@n=9,chunk=4,size=16,width=16
# Divides products across chunks by the length of a chunk and not by that of the sequence.
import sys
from operator import mul

header, *lines = (sys.stdin.readline().split() for _ in range(7))
n, chunk, size, width, batch, causal = map(int, header[:6])


def vectors(numbers, length):
    numbers = list(map(float, numbers))
    return [numbers[start:start + length] for start in range(0, len(numbers), length)]


q, k, linear_q, linear_k = (vectors(line, size) for line in lines[:4])
u, v = (vectors(line, width) for line in lines[4:])
sums = []
for row in range(batch * n):
    first, place = row - row % n, row % n
    start = place - place % chunk
    near = range(first + start, first + (place + 1 if causal else min(start + chunk, n)))
    far = range(first, first + (start if causal else n))
    weights = [(max(sum(map(mul, q[row], k[key])) / chunk, 0.0) ** 2, key) for key in near]
    weights += [(sum(map(mul, linear_q[row], linear_k[key])) / chunk, key) for key in far]
    sums += [u[row][at] * sum(weight * v[key][at] for weight, key in weights) for at in range(width)]
print(*sums)
