# judge: expect=RE case=kth_largest/sorted@n=5000,k=1
# Recursive quickselect with the first element as pivot: on sorted input each call takes one element away, and Python's
# stack ends at a depth of 1000.
import sys


def select(numbers, k):
    pivot, rest = numbers[0], numbers[1:]
    greater = [number for number in rest if number > pivot]
    if k <= len(greater):
        return select(greater, k)
    if k == len(greater) + 1:
        return pivot
    return select([number for number in rest if number <= pivot], k - len(greater) - 1)


n, k, *numbers = map(int, sys.stdin.read().split())
print(select(numbers, k))
