# judge: expect=WA case=minimum_window_substring/duplicates_in_target@n=1000
# A set of the target's letters forgets how many of each are needed.
from collections import Counter

text = input()
needed = set(input())
held = Counter()
kinds = 0
start = 0
best = None
for last, letter in enumerate(text):
    if letter in needed:
        held[letter] += 1
        kinds += held[letter] == 1
    while kinds == len(needed):
        if best is None or last - start < best[1] - best[0]:
            best = start, last
        leaving = text[start]
        if leaving in needed:
            held[leaving] -= 1
            kinds -= held[leaving] == 0
        start += 1
print(text[best[0] : best[1] + 1] if best else "")
