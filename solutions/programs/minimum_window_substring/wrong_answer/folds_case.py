# judge: expect=WA case=minimum_window_substring/mixed_case@n=1000
# Takes upper and lower case for the same letter.
from collections import Counter

text = input()
folded = text.lower()
lacking = Counter(input().lower())
total = sum(lacking.values())
start = 0
best = None
for last, letter in enumerate(folded):
    if lacking[letter] > 0:
        total -= 1
    lacking[letter] -= 1
    while total == 0:
        if best is None or last - start < best[1] - best[0]:
            best = start, last
        lacking[folded[start]] += 1
        if lacking[folded[start]] > 0:
            total += 1
        start += 1
print(text[best[0] : best[1] + 1] if best else "")
