# judge: expect=WA case=combination_sum_ii/powers_of_two@n=5
# Stays at the candidate that it took: the other problem's step, a candidate counts any number of times.
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
        if i > start and candidates[i] == candidates[i - 1]:
            continue
        descend(i, left - candidates[i], path + [candidates[i]])


descend(0, target, [])
print(len(found))
for combination in found:
    print(len(combination), *combination)
