# judge: expect=RE case=knapsack/zero_volume_items@n=10
# Sorts by value for volume before it branches and bounds: an item without volume is a division by zero.
import sys

sys.setrecursionlimit(20_000)
n, capacity = map(int, input().split())
volumes = list(map(int, input().split()))
values = list(map(int, input().split()))
items = sorted(zip(volumes, values), key=lambda item: item[1] / item[0], reverse=True)
best = 0


def bound(place, left):
    worth = 0
    for volume, value in items[place:]:
        if volume > left:
            return worth + left * value / volume
        left -= volume
        worth += value
    return worth


def branch(place, left, total):
    global best
    best = max(best, total)
    if place == n or total + bound(place, left) <= best:
        return
    volume, value = items[place]
    if volume <= left:
        branch(place + 1, left - volume, total + value)
    branch(place + 1, left, total)


branch(0, capacity, 0)
print(best)
