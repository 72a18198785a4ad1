# judge: expect=RE case=minimum_window_substring/whole_string@n=10000
# Recurses from letter to letter: Python stops at a thousand levels.
from collections import Counter

text = input()
lacking = Counter(input())


def shortest(start, end, total):
    """The shortest window from here on, with text[start:end] counted out of `lacking`."""
    if total == 0:
        letter = text[start]
        lacking[letter] += 1
        later = shortest(start + 1, end, total + (lacking[letter] > 0))
        return later if later and len(later) < end - start else text[start:end]
    if end == len(text):
        return ""
    letter = text[end]
    lacking[letter] -= 1
    return shortest(start, end + 1, total - (lacking[letter] >= 0))


print(shortest(0, 0, sum(lacking.values())))
