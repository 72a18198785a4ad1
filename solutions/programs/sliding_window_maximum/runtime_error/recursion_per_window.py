# judge: expect=RE case=sliding_window_maximum/random@n=10000
# Recurses from window to window: Python stops at a thousand levels.
from collections import deque

n, k = map(int, input().split())
numbers = list(map(int, input().split()))


def maxima(start, places):
    if start + k > n:
        return []
    while places and places[0] < start:
        places.popleft()
    last = start + k - 1
    while places and numbers[places[-1]] <= numbers[last]:
        places.pop()
    places.append(last)
    return [numbers[places[0]]] + maxima(start + 1, places)


places = deque()
for i in range(k - 1):
    while places and numbers[places[-1]] <= numbers[i]:
        places.pop()
    places.append(i)
print(*maxima(0, places))
