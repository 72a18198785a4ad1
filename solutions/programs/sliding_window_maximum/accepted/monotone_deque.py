# judge: expect=AC growth=n
# A queue of places whose integers fall from front to back. O(n).
import sys
from collections import deque


def main():
    n, k, *numbers = map(int, sys.stdin.buffer.read().split())
    places = deque()
    maxima = []
    for i, number in enumerate(numbers):
        while places and numbers[places[-1]] <= number:
            places.pop()
        places.append(i)
        if places[0] == i - k:
            places.popleft()
        if i >= k - 1:
            maxima.append(numbers[places[0]])
    print(" ".join(map(str, maxima)))


main()
