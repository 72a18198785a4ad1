# judge: expect=WA case=kth_largest/negative@n=1000,k=1
# Sorts by magnitude: among negative numbers the order is the other way round.
n, k = map(int, input().split())
numbers = sorted(map(int, input().split()), key=abs, reverse=True)
print(numbers[k - 1])
