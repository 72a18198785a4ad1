# judge: expect=WA case=combination_sum_ii/all_equal@n=4
# Tells equal candidates apart: a combination comes once for each way of picking its copies.
n, target = map(int, input().split())
candidates = sorted(map(int, input().split()))
found = []


def descend(start, left, path):
    if left == 0:
        found.append(path)
        return
    for i in range(start, n):
        if candidates[i] > left:
            break
        descend(i + 1, left - candidates[i], path + [candidates[i]])


descend(0, target, [])
print(len(found))
for combination in found:
    print(len(combination), *combination)
