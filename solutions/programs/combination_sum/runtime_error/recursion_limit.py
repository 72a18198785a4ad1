# judge: expect=RE case=combination_sum/one_candidate@n=1
# One call for each value of a combination: beyond Python's default limit of 1000 calls a RecursionError.
n, target = map(int, input().split())
candidates = sorted(map(int, input().split()))
found = []
path = []


def descend(start, left):
    if left == 0:
        found.append(path[:])
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
