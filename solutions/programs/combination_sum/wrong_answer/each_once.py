# judge: expect=WA case=combination_sum/one_candidate@n=1
# Goes on behind the candidate that it took: the other problem's step, no candidate is taken again.
n, target = map(int, input().split())
candidates = sorted(map(int, input().split()))
found = []


def descend(start, left, path):
    if left == 0:
        found.append(path)
    for i in range(start, n):
        if candidates[i] > left:
            break
        descend(i + 1, left - candidates[i], path + [candidates[i]])


descend(0, target, [])
print(len(found))
for combination in found:
    print(len(combination), *combination)
