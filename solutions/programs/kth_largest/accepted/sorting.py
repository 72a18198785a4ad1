# judge: expect=AC growth=n*log(n)
# Sorts everything: O(n log n), and in Python faster than any selection written by hand.
import sys


def main():
    n, k, *numbers = map(int, sys.stdin.buffer.read().split())
    numbers.sort(reverse=True)
    print(numbers[k - 1])


main()
