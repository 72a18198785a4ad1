# judge: expect=AC growth=n*capacity
# After each item the choices that no other beats, as far as the fractional bound lets them become the best; parents lead
# back from the best one to its items.
import sys
from bisect import bisect_right
from functools import cmp_to_key


def main():
    data = list(map(int, sys.stdin.buffer.read().split()))
    n, capacity = data[0], data[1]
    volumes, values = data[2 : 2 + n], data[2 + n :]
    # What has no volume is taken at once; what has no value or does not fit never.
    chosen = [i for i in range(n) if volumes[i] == 0]
    free = sum(values[i] for i in chosen)
    items = [i for i in range(n) if 0 < volumes[i] <= capacity and values[i] > 0]
    items.sort(key=cmp_to_key(lambda a, b: values[b] * volumes[a] - values[a] * volumes[b]))

    volume_sums, value_sums = [0], [0]
    for i in items:
        volume_sums.append(volume_sums[-1] + volumes[i])
        value_sums.append(value_sums[-1] + values[i])

    # A choice is one number, `volume * scale - value`, so that they sort by volume, and of one volume the best comes first.
    # It leads to the chain of its items: (item, chain before) or None.
    scale = value_sums[-1] + 1
    choices = {0: None}
    best, best_chain, best_range = 0, None, range(0)
    for place, i in enumerate(items):
        step = volumes[i] * scale - values[i]
        last = (capacity - volumes[i]) * scale
        merged = {choice + step: (i, chain) for choice, chain in choices.items() if choice <= last}
        merged.update(choices)
        most = -1
        choices = {}
        behind = capacity + volume_sums[place + 1]
        worth = value_sums[place + 1]
        split = bisect_right(volume_sums, behind) - 1
        for choice in sorted(merged):
            v = -(-choice // scale)
            w = v * scale - choice
            if w <= most:
                continue
            most = w
            room = behind - v
            while volume_sums[split] > room:
                split -= 1
            greedy = w + value_sums[split] - worth
            if greedy > best:
                best, best_chain, best_range = greedy, merged[choice], range(place + 1, split)
            if split == len(items):
                continue
            j = items[split]
            if greedy + (room - volume_sums[split]) * values[j] // volumes[j] > best:
                choices[choice] = merged[choice]

    chosen += [items[place] for place in best_range]
    while best_chain:
        item, best_chain = best_chain
        chosen.append(item)
    print(free + best)
    print(len(chosen), *chosen)


main()
