# judge: expect=AC growth=combinations*log(combinations)
# The sums that the candidates from each place on can make are the bits of an integer; the search goes only there, with a
# stack of its own instead of calls.
n, target = map(int, input().split())
candidates = sorted(map(int, input().split()))
while candidates and candidates[-1] > target:
    candidates.pop()

mask = (1 << target + 1) - 1
reachable = [1]
for value in reversed(candidates):
    sums = reachable[-1]
    step = value
    while step <= target:  # once, then up to 3 times, 7 times, ... of the value
        sums |= sums << step & mask
        step *= 2
    reachable.append(sums)
reachable.reverse()

lines = []
path = []
stack = [(0, target, 0)]  # place, what is left, how long the path is there
while stack:
    place, left, length = stack.pop()
    del path[length:]
    if place:
        path.append(candidates[place - 1])
    if left == 0:
        lines.append(f"{len(path)} {' '.join(map(str, path))}")
        continue
    for i in range(max(place - 1, 0), len(candidates)):
        value = candidates[i]
        if value > left:
            break
        if reachable[i] >> left - value & 1:
            stack.append((i + 1, left - value, len(path)))
print(len(lines))
print("\n".join(lines))
