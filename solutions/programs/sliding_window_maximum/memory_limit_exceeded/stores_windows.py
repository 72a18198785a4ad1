# judge: expect=MLE case=sliding_window_maximum/random@n=30000
# Keeps a copy of every window: (n - k + 1) k references.
n, k = map(int, input().split())
numbers = list(map(int, input().split()))
windows = [numbers[start : start + k] for start in range(n - k + 1)]
print(*map(max, windows))
