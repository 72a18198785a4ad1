//! The families that both problems have. Their targets follow from the candidates: a target is taken only after its
//! combinations were counted, and no more of them found than the case's name allows.

use super::counting::{Caps, DEEPEST, Targets, tally};
use super::{Combinations, GREATEST_TARGET, Input, Supply};
use crate::{At, Family, Random};

/// The most candidates: so many fit the bits of a word of 128.
pub(crate) const MOST_CANDIDATES: i64 = 100;

/// The families of either problem.
pub(crate) fn shared<P: Combinations>() -> Vec<Family<P>> {
    let family = crate::family::<P>;
    vec![
        family(
            "random",
            "random candidates of about the size of their number, a target that they can make",
            |at, random| {
                let candidates = some::<P>(random, at.size("n"), 2);
                with_allowed_target::<P>(at, random, candidates)
            },
        )
        .holds(|at, input| count::<P>(input) >= 1 && is_within_caps::<P>(at, input))
        .sizes(1, MOST_CANDIDATES),
        family(
            "one_candidate",
            "one candidate, and a target that it makes; with an unlimited supply only by more than a thousand of it",
            |_, random| {
                let value = random.between(1, 40);
                let copies = match P::SUPPLY {
                    Supply::Unlimited => random.between(DEEPEST * 3 / 4, DEEPEST),
                    Supply::AsGiven => 1,
                };
                Input {
                    target: value * copies,
                    candidates: vec![value as i32],
                }
            },
        )
        .holds(|_, input| {
            let [candidate] = input.candidates[..] else {
                return false;
            };
            let copies = input.target / i64::from(candidate);
            input.target % i64::from(candidate) == 0
                && (copies > 1000 || P::SUPPLY == Supply::AsGiven)
        })
        .sizes(1, 1),
        family(
            "target_below_all",
            "every candidate is greater than the target: no combination",
            |at, random| {
                let target = random.between(1, 50);
                Input {
                    target,
                    candidates: some::<P>(random, at.size("n"), target as i32 + 1),
                }
            },
        )
        .holds(|_, input| {
            input
                .candidates
                .iter()
                .all(|&value| i64::from(value) > input.target)
        })
        .sizes(1, MOST_CANDIDATES),
        family(
            "candidate_equals_target",
            "one of the candidates is the target",
            |at, random| {
                let candidates = some::<P>(random, at.size("n"), 2);
                let targets = Targets::of(&candidates, P::SUPPLY, at.integer("combinations"));
                let mut allowed: Vec<i64> = candidates.iter().map(|&value| value.into()).collect();
                allowed.retain(|value| targets.allow(*value));
                Input {
                    target: *random.choose(&allowed),
                    candidates,
                }
            },
        )
        .holds(|at, input| {
            let mut candidates = input.candidates.iter();
            candidates.any(|&value| i64::from(value) == input.target)
                && is_within_caps::<P>(at, input)
        })
        .sizes(1, MOST_CANDIDATES),
        family(
            "contains_one",
            "1 is a candidate: with an unlimited supply every partial sum can be completed",
            |at, random| {
                let mut candidates = some::<P>(random, at.size("n"), 2);
                let place = random.index(candidates.len());
                candidates[place] = 1;
                with_allowed_target::<P>(at, random, candidates)
            },
        )
        .holds(|at, input| {
            input.candidates.contains(&1) && count::<P>(input) >= 1 && is_within_caps::<P>(at, input)
        })
        .sizes(1, MOST_CANDIDATES),
        family(
            "dead_end",
            "even candidates, an odd target: many partial sums, no combination",
            |at, random| {
                let mut candidates = some::<P>(random, at.size("n"), 1);
                candidates.iter_mut().for_each(|value| *value *= 2);
                let targets = Targets::of(&candidates, P::SUPPLY, at.integer("combinations"));
                Input {
                    target: (targets.last - 1) | 1, // the last odd one, or 1
                    candidates,
                }
            },
        )
        .holds(|at, input| {
            input.candidates.iter().all(|value| value % 2 == 0)
                && input.target % 2 == 1
                && is_within_caps::<P>(at, input)
        })
        .sizes(1, MOST_CANDIDATES),
        family(
            "common_divisor",
            "the candidates have a common divisor above 2 that the target has not: no combination",
            |at, random| {
                let divisor = random.between(3, 9);
                let mut candidates = some::<P>(random, at.size("n"), 1);
                let multiple = |value: &mut i32| *value *= divisor as i32;
                candidates.iter_mut().for_each(multiple);
                let targets = Targets::of(&candidates, P::SUPPLY, at.integer("combinations"));
                // The least candidate is at least 3, so that there is room for a target below it.
                let on_divisor = i64::from(targets.last % divisor == 0);
                Input {
                    target: targets.last - on_divisor,
                    candidates,
                }
            },
        )
        .holds(|at, input| {
            let candidates = input.candidates.iter().map(|&value| i64::from(value));
            let divisor = candidates.fold(0, greatest_common_divisor);
            divisor > 2 && input.target % divisor != 0 && is_within_caps::<P>(at, input)
        })
        .sizes(1, MOST_CANDIDATES),
        family(
            "powers_of_two",
            "1, 2, 4, ... in random order; where each counts once, every target has one combination",
            |at, random| {
                let mut candidates: Vec<i32> = (0..at.size("n")).map(|power| 1 << power).collect();
                random.shuffle(&mut candidates);
                with_allowed_target::<P>(at, random, candidates)
            },
        )
        .holds(|at, input| {
            let mut sorted = input.candidates.clone();
            sorted.sort_unstable();
            let count = count::<P>(input);
            sorted
                .iter()
                .enumerate()
                .all(|(power, &value)| value == 1 << power)
                && (count == 1 || P::SUPPLY == Supply::Unlimited && count > 1)
                && is_within_caps::<P>(at, input)
        })
        .sizes(1, 17),
        family(
            "shuffled",
            "the first candidate exceeds the target, and equal ones stand apart: sorting is up to the solution",
            |at, random| shuffled::<P>(at, random),
        )
        .holds(|at, input| {
            i64::from(input.candidates[0]) > input.target
                && input.candidates.windows(2).all(|pair| pair[0] != pair[1])
                && count::<P>(input) >= 1
                && is_within_caps::<P>(at, input)
        })
        .sizes(5, MOST_CANDIDATES),
        family(
            "output_heavy",
            "small candidates without gaps, ascending, and as many combinations as the caps allow",
            |at, _| {
                let n = at.size("n") as i32;
                let mut candidates: Vec<i32> = match P::SUPPLY {
                    Supply::Unlimited => (2..n + 2).collect(),
                    // A quarter of the candidates are second copies.
                    Supply::AsGiven => (1..=n / 4).chain(1..=n - n / 4).collect(),
                };
                candidates.sort_unstable();
                let targets = Targets::of(&candidates, P::SUPPLY, at.integer("combinations"));
                Input {
                    target: targets.greatest(),
                    candidates,
                }
            },
        )
        .holds(|at, input| {
            let caps = Caps::of(at.integer("combinations"));
            let sum: i64 = input.candidates.iter().map(|&value| i64::from(value)).sum();
            let next = input.target + 1;
            let tally = tally(&input.candidates, P::SUPPLY, next);
            let partial: u64 = (0..=next).map(|sum| tally.count(sum)).sum();
            let more_would_exceed = tally.count(next) > caps.combinations
                || tally.values(next) > caps.values
                || partial > caps.partial
                || P::SUPPLY == Supply::AsGiven && next > sum / 2;
            more_would_exceed && is_within_caps::<P>(at, input)
        })
        .sizes(5, MOST_CANDIDATES),
        family(
            "huge_candidates",
            "behind a small candidate some near 2^31, with which a 32-bit sum wraps, then small ones again",
            |at, random| {
                let huge = (at.size("n") / 3).min(8);
                let mut candidates = some::<P>(random, at.size("n") - huge, 2);
                let targets = Targets::of(&candidates, P::SUPPLY, at.integer("combinations"));
                let target = targets.greatest();
                // Behind the least, which begins a sum that can wrap; before others, which a wrapped sum takes endlessly.
                let least = (0..candidates.len()).min_by_key(|&place| candidates[place]);
                candidates.swap(0, least.unwrap_or(0));
                let huge = (0..huge as i32).map(|below| i32::MAX - below);
                candidates.splice(1..1, huge);
                Input { target, candidates }
            },
        )
        .holds(|at, input| {
            let is_huge = |value: i32| value > i32::MAX - 8;
            let (first, last) = (input.candidates[0], input.candidates.len() - 1);
            i64::from(first) <= input.target
                && is_huge(input.candidates[1])
                && !is_huge(input.candidates[last])
                && count::<P>(input) >= 1
                && is_within_caps::<P>(at, input)
        })
        .sizes(3, MOST_CANDIDATES),
    ]
}

/// Candidates from a least one up: distinct where the supply is unlimited, else with repeats by chance.
pub(crate) fn some<P: Combinations>(random: &mut Random, count: usize, least: i32) -> Vec<i32> {
    match P::SUPPLY {
        Supply::Unlimited => distinct(random, count, least, least + 4 * count as i32 + 8),
        Supply::AsGiven => random.integers_between(count, least, least + count as i32),
    }
}

/// Distinct integers of a range, in random order.
pub(crate) fn distinct(random: &mut Random, count: usize, least: i32, most: i32) -> Vec<i32> {
    let mut range: Vec<i32> = (least..=most).collect();
    for place in 0..count {
        let other = place + random.index(range.len() - place);
        range.swap(place, other);
    }
    range.truncate(count);
    range
}

/// A target that the caps allow, from the upper half of those that do.
pub(crate) fn with_allowed_target<P: Combinations>(
    at: &At,
    random: &mut Random,
    candidates: Vec<i32>,
) -> Input {
    let targets = Targets::of(&candidates, P::SUPPLY, at.integer("combinations"));
    let greatest = targets.greatest();
    let mut allowed: Vec<i64> = ((greatest / 2).max(1)..=greatest).collect();
    allowed.retain(|target| targets.allow(*target));
    Input {
        target: *random.choose(&allowed),
        candidates,
    }
}

/// Candidates in a random order behind one that is greater than the target. Where a candidate counts as often as it is
/// given, most are given twice, far from each other.
fn shuffled<P: Combinations>(at: &At, random: &mut Random) -> Input {
    let count = at.size("n") - 1;
    let mut candidates = match P::SUPPLY {
        Supply::Unlimited => some::<P>(random, count, 2),
        Supply::AsGiven => {
            let half = count.div_ceil(2);
            let firsts = distinct(random, half, 2, 4 * half as i32 + 8);
            firsts
                .iter()
                .chain(&firsts[..count - half])
                .copied()
                .collect()
        }
    };
    let targets = Targets::of(&candidates, P::SUPPLY, at.integer("combinations"));
    let target = targets.greatest();
    let above = candidates
        .iter()
        .fold(target, |most, &value| most.max(value.into()));
    let first = random.between(above + 1, above + 50);
    candidates.insert(0, first as i32);
    Input { target, candidates }
}

pub(crate) fn count<P: Combinations>(input: &Input) -> u64 {
    super::count(input, P::SUPPLY)
}

/// Whether a case costs no more than its name allows, to search plainly and to write out.
pub(crate) fn is_within_caps<P: Combinations>(at: &At, input: &Input) -> bool {
    let caps = Caps::of(at.integer("combinations"));
    let tally = tally(&input.candidates, P::SUPPLY, input.target);
    let partial: u64 = (0..=input.target).map(|sum| tally.count(sum)).sum();
    let least = input.candidates.iter().copied().min().map_or(1, i64::from);
    let is_shallow = P::SUPPLY == Supply::AsGiven || input.target <= least * DEEPEST;
    tally.count(input.target) <= caps.combinations
        && tally.values(input.target) <= caps.values
        && partial <= caps.partial
        && is_shallow
        && input.target <= GREATEST_TARGET
}

pub(crate) fn greatest_common_divisor(a: i64, b: i64) -> i64 {
    if b == 0 {
        a
    } else {
        greatest_common_divisor(b, a % b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::combination_sum::CombinationSum;
    use crate::combination_sum_ii::CombinationSumIi;
    use crate::{AnyProblem, Typed};

    fn input<P: Combinations>(problem: &Typed<P>, case: &str) -> Input {
        let case = problem.resolve(&case.parse().unwrap()).unwrap();
        let input = problem.generate(&case).unwrap();
        assert!(problem.keeps_promise(&case, &input), "{case}");
        input
    }

    #[test]
    fn every_family_keeps_its_promise_whatever_number_of_combinations_is_allowed() {
        fn hold<P: Combinations>() {
            let problem = Typed::<P>::new();
            for info in problem.families() {
                for n in [1, 2, 5, 17, 60, 100].map(|n: i64| n.clamp(info.least, info.most)) {
                    for combinations in [1, 2, 30, 20_000] {
                        for seed in 0..3 {
                            let (of, family) = (problem.name(), info.name);
                            let at = format!("@n={n},combinations={combinations}#{seed}");
                            input(&problem, &format!("{of}/{family}{at}"));
                        }
                    }
                }
            }
        }
        hold::<CombinationSum>();
        hold::<CombinationSumIi>();
    }

    #[test]
    fn a_heavy_output_has_most_of_the_combinations_that_are_allowed() {
        for allowed in [1_000, 30_000, 1_000_000] {
            let at = format!("@n=30,combinations={allowed}");
            let unlimited = input(
                &Typed::<CombinationSum>::new(),
                &format!("combination_sum/output_heavy{at}"),
            );
            assert!(count::<CombinationSum>(&unlimited) > allowed * 3 / 4);
            let at = format!("@n=40,combinations={allowed}");
            let once = input(
                &Typed::<CombinationSumIi>::new(),
                &format!("combination_sum_ii/output_heavy{at}"),
            );
            assert!(count::<CombinationSumIi>(&once) > allowed * 3 / 4);
        }
    }
}
