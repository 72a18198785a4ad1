# judge: expect=MLE case=combination_sum_ii/random@n=30
# Makes all subsets first and sorts out later: 2^30 lists.
n, target = map(int, input().split())
candidates = sorted(map(int, input().split()))
subsets = [()]
for value in candidates:
    subsets += [subset + (value,) for subset in subsets]
found = {subset for subset in subsets if sum(subset) == target}
print(len(found))
for combination in found:
    print(len(combination), *combination)
