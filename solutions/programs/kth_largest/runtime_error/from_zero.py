# judge: expect=RE case=kth_largest/k_all@n=1000
# Counts k from 0: one place too far, and for k = n behind the end.
n, k = map(int, input().split())
numbers = sorted(map(int, input().split()), reverse=True)
print(numbers[k])
