# judge: expect=WA case=knapsack/greedy_trap@n=10
# Takes items by value for volume as long as they fit: right for parts of items, not for whole ones.
n, left = map(int, input().split())
volumes = list(map(int, input().split()))
values = list(map(int, input().split()))
total = 0
for i in sorted(range(n), key=lambda i: values[i] / max(volumes[i], 1e-9), reverse=True):
    if volumes[i] <= left:
        left -= volumes[i]
        total += values[i]
print(total)
