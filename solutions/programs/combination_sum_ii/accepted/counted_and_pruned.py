# judge: expect=AC growth=combinations*log(combinations)
# Chooses how many of each value to take, and only so that the smaller values can make what is left: their sums are the
# bits of an integer.
from collections import Counter

n, target = map(int, input().split())
kinds = sorted(Counter(value for value in map(int, input().split()) if value <= target).items())

mask = (1 << target + 1) - 1
reachable = [1]
for value, copies in kinds:
    sums = reachable[-1]
    for _ in range(copies):
        sums |= sums << value & mask
    reachable.append(sums)

lines = []


def descend(place, left, path):
    if left == 0:
        lines.append(f"{len(path)} {' '.join(path)}")
        return
    value, copies = kinds[place - 1]
    below = reachable[place - 1]
    word = str(value)
    for count in range(min(copies, left // value) + 1):
        if below >> left - count * value & 1:
            descend(place - 1, left - count * value, path + [word] * count)


if reachable[-1] >> target & 1:
    descend(len(kinds), target, [])
print(len(lines))
print("\n".join(lines))
