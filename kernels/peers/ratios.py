"""What rounds that were taken side by side say together."""

from statistics import median

# So many rounds that their least and greatest ratio hold the true median with a probability of at least 98%: that all lie on one
# side of it has the probability 2 / 2**rounds.
LEAST_ROUNDS = 7


def best(times):
    """The name with the least median; `times` has for each name one time a round."""
    return min(times, key=lambda name: median(times[name]))


def ratio(ours, theirs):
    """How many times as fast ours is: the median over the rounds, and the interval that holds it. One time a round each."""
    ratios = sorted(their / our for our, their in zip(ours, theirs, strict=True))
    low, high = (ratios[0], ratios[-1]) if len(ratios) >= LEAST_ROUNDS else (None, None)
    return median(ratios), low, high


def error(output, answer):
    """The greatest difference over the greatest element of the answer; infinite where something is not a number."""
    scale = max((abs(element) for element in answer), default=0.0) or 1.0
    if len(output) != len(answer):
        return float("inf")
    differences = [abs(one - other) for one, other in zip(output, answer)]
    if not all(difference < float("inf") for difference in differences):
        return float("inf")
    return max(differences, default=0.0) / scale
