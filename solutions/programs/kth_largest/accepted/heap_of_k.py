# judge: expect=AC growth=n*log(n)
# A heap of the k largest seen so far. O(n log k).
import heapq
import sys


def main():
    n, k, *numbers = map(int, sys.stdin.buffer.read().split())
    heap = numbers[:k]
    heapq.heapify(heap)
    for number in numbers[k:]:
        if number > heap[0]:
            heapq.heapreplace(heap, number)
    print(heap[0])


main()
