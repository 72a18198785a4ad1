# judge: expect=WA case=kth_largest/sorted@n=10,k=2
# Counts from the wrong end: the k-th smallest.
n, k = map(int, input().split())
numbers = sorted(map(int, input().split()))
print(numbers[k - 1])
