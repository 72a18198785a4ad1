# judge: expect=WA case=combination_sum/contains_one@n=5
# Keeps the list that it goes on changing instead of a copy: in the end all combinations are the same empty list.
import sys

n, target = map(int, input().split())
candidates = sorted(map(int, input().split()))
found = []
path = []
sys.setrecursionlimit(1000 + target)


def descend(start, left):
    if left == 0:
        found.append(path)
        return
    for i in range(start, n):
        if candidates[i] > left:
            break
        path.append(candidates[i])
        descend(i, left - candidates[i])
        path.pop()


descend(0, target)
print(len(found))
for combination in found:
    print(len(combination), *combination)
