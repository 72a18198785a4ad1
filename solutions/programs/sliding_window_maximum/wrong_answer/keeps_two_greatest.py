# judge: expect=WA case=sliding_window_maximum/decreasing@n=1000
# Remembers only the greatest and the second greatest: when both have left, what stood third is forgotten.
n, k = map(int, input().split())
numbers = list(map(int, input().split()))


def two_greatest(places):
    first = second = None
    for i in places:
        if first is None or numbers[i] >= numbers[first]:
            first, second = i, first
        elif second is None or numbers[i] >= numbers[second]:
            second = i
    return first, second


first, second = two_greatest(range(k))
maxima = [numbers[first]]
for i in range(k, n):
    kept = [place for place in (second, first) if place is not None and place > i - k]
    first, second = two_greatest(kept + [i])
    maxima.append(numbers[first])
print(*maxima)
