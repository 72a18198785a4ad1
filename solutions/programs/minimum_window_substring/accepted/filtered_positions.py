# judge: expect=AC growth=n
# Two pointers over the places of the letters that the target has. O(n + m).
import sys
from collections import Counter


def main():
    text = sys.stdin.readline().strip()
    target = sys.stdin.readline().strip()
    lacking = Counter(target)
    total = len(target)
    places = [(place, letter) for place, letter in enumerate(text) if letter in lacking]
    best = None
    start = 0
    for last, letter in places:
        if lacking[letter] > 0:
            total -= 1
        lacking[letter] -= 1
        while total == 0:
            first, leaving = places[start]
            if best is None or last - first < best[1] - best[0]:
                best = first, last
            lacking[leaving] += 1
            if lacking[leaving] > 0:
                total += 1
            start += 1
    print(text[best[0] : best[1] + 1] if best else "")


main()
