//! Families of the sliding window maximum: what loses, keeps too long or invents a maximum, and what makes one slow.

use super::{Input, SlidingWindowMaximum};
use crate::{At, Family, Random};

pub(super) fn all() -> Vec<Family<SlidingWindowMaximum>> {
    let mut all = shapes();
    all.extend(values());
    all.extend(windows());
    all
}

/// Families by the shape of the curve.
fn shapes() -> Vec<Family<SlidingWindowMaximum>> {
    let family = crate::family::<SlidingWindowMaximum>;
    vec![
        family(
            "random",
            "integers of the whole range, in random order",
            |at, random| with_k(at, random.integers(at.size("n"))),
        ),
        family(
            "increasing",
            "each integer is greater than the one before",
            |at, random| with_k(at, rising(random, at.size("n"))),
        )
        .holds(|_, input| input.numbers.windows(2).all(|pair| pair[0] < pair[1])),
        family(
            "decreasing",
            "each integer is less than the one before: the greatest leaves at every step",
            |at, random| {
                let mut numbers = rising(random, at.size("n"));
                numbers.reverse();
                with_k(at, numbers)
            },
        )
        .holds(|_, input| input.numbers.windows(2).all(|pair| pair[0] > pair[1])),
        family(
            "organ_pipe",
            "rises to the middle, then falls between the values of the rise",
            |at, random| {
                let ascending = rising(random, at.size("n"));
                let rise = ascending.iter().step_by(2);
                let fall = ascending.iter().skip(1).step_by(2).rev();
                with_k(at, rise.chain(fall).copied().collect())
            },
        )
        .holds(|_, input| {
            let (rise, fall) = input.numbers.split_at(input.numbers.len().div_ceil(2));
            let pairs = rise.iter().zip(fall.iter().rev());
            rise.is_sorted()
                && pairs.clone().all(|(low, high)| low < high)
                && pairs
                    .zip(rise.iter().skip(1))
                    .all(|((_, high), next)| high < next)
        }),
        family(
            "sawtooth",
            "rises for k - 1, k or k + 1 integers (at least two), falls to the bottom, and again",
            |at, random| {
                let period = (at.size("k") - 1 + random.index(3)).max(2);
                let step = (1_u64 << 32) / period as u64;
                let number = |index: usize| {
                    let offset = (index % period) as u64 * step + random.below(step);
                    from_least(offset)
                };
                with_k(at, (0..at.size("n")).map(number).collect())
            },
        )
        .holds(|at, input| {
            let numbers = &input.numbers;
            let falls = |index: &usize| numbers[*index] < numbers[index - 1];
            let first = (1..numbers.len()).find(falls);
            let period = first.unwrap_or(at.size("k") + 1);
            let least = (at.size("k") - 1).max(2);
            (least..=at.size("k") + 1).contains(&period)
                && (1..numbers.len()).all(|index| falls(&index) == (index % period == 0))
        }),
        family(
            "spikes",
            "falls slowly below zero, but every k-th integer is a spike above it",
            |at, random| {
                let (n, k) = (at.size("n"), at.size("k"));
                let mut numbers = random_slope(random, n);
                for spike in (random.index(k)..n).step_by(k) {
                    numbers[spike] = random.between(0, i32::MAX.into()) as i32;
                }
                with_k(at, numbers)
            },
        )
        .holds(|at, input| {
            let (numbers, k) = (&input.numbers, at.size("k"));
            let is_spike = |index: &usize| numbers[*index] >= 0;
            let first = (0..numbers.len()).find(is_spike);
            let slope: Vec<i32> = numbers.iter().copied().filter(|x| *x < 0).collect();
            first.is_none_or(|first| {
                let all = (first..numbers.len()).filter(is_spike);
                all.eq((first..numbers.len()).step_by(k))
            }) && first.unwrap_or(numbers.len()) < k
                && slope.windows(2).all(|pair| pair[0] > pair[1])
        }),
    ]
}

/// Families by the values that occur.
fn values() -> Vec<Family<SlidingWindowMaximum>> {
    let family = crate::family::<SlidingWindowMaximum>;
    vec![
        family(
            "all_equal",
            "every integer is the same",
            |at, random| with_k(at, vec![random.bits() as i32; at.size("n")]),
        )
        .holds(|_, input| input.numbers.windows(2).all(|pair| pair[0] == pair[1])),
        family(
            "few_distinct",
            "at most three different integers",
            |at, random| {
                let values: Vec<i32> = random.integers(3);
                let numbers = (0..at.size("n")).map(|_| *random.choose(&values));
                with_k(at, numbers.collect())
            },
        )
        .holds(|_, input| {
            let mut seen = Vec::new();
            for number in &input.numbers {
                if !seen.contains(number) {
                    seen.push(*number);
                }
            }
            seen.len() <= 3
        }),
        family(
            "twin_peaks",
            "the greatest integer occurs in pairs: where 1 < k < n, one of a pair leaves while only the other stays",
            twin_peaks,
        )
        .holds(|at, input| {
            let (numbers, n, k) = (&input.numbers, at.size("n"), at.size("k"));
            let peak = numbers.iter().max().expect("at least one integer");
            let peaks: Vec<usize> = (0..n).filter(|index| numbers[*index] == *peak).collect();
            let stays = |p: usize, q: usize| q - p < k && p + k < n && numbers[p + k] < *peak;
            k == 1 || k == n || peaks.windows(2).any(|pair| stays(pair[0], pair[1]))
        }),
        family(
            "extremes",
            "the least integer there is, and after the first window also the greatest",
            |at, random| {
                let (n, k) = (at.size("n"), at.size("k"));
                let mut numbers = vec![i32::MIN; n];
                for number in &mut numbers[k..] {
                    if random.index(k) == 0 {
                        *number = i32::MAX;
                    }
                }
                if k < n {
                    numbers[k + random.index(n - k)] = i32::MAX;
                }
                with_k(at, numbers)
            },
        )
        .holds(|at, input| {
            let (first, later) = input.numbers.split_at(at.size("k"));
            first.iter().all(|number| *number == i32::MIN)
                && later.iter().all(|number| [i32::MIN, i32::MAX].contains(number))
                && (later.is_empty() || later.contains(&i32::MAX))
        }),
        family(
            "negative",
            "every integer is less than -1",
            |at, random| {
                let number = |bits: u32| from_least(u64::from(bits >> 1).min((1 << 31) - 2));
                let numbers = (0..at.size("n")).map(|_| number(random.bits()));
                with_k(at, numbers.collect())
            },
        )
        .holds(|_, input| input.numbers.iter().all(|number| *number < -1)),
    ]
}

/// Families by the length of the window.
fn windows() -> Vec<Family<SlidingWindowMaximum>> {
    let family = crate::family::<SlidingWindowMaximum>;
    vec![
        family(
            "window_one",
            "a window holds one integer",
            |at, random| with_k(at, random.integers(at.size("n"))),
        )
        .fixes("k", "1")
        .holds(|_, input| input.k == 1),
        family(
            "window_all",
            "the only window holds all integers",
            |at, random| with_k(at, random.integers(at.size("n"))),
        )
        .fixes("k", "n")
        .holds(|_, input| input.k == input.numbers.len() as i64),
        family(
            "window_near_vector_widths",
            "k is 15 to 17, 31 to 33 or 63 to 65, by the seed, unless the name says what it is",
            |at, random| with_k(at, random.integers(at.size("n"))),
        )
        .sizes(65, i64::MAX)
        .bounds("k", "15", "65")
        // Width 16, 32 or 64 by seed / 3, one less to one more by the seed, both by remainder.
        .defaults(
            "k",
            "16 * (1 + (seed - seed / 9 * 9) / 3 + (seed - seed / 9 * 9) / 6) + seed - seed / 3 * 3 - 1",
        )
        .holds(|_, input| [16, 32, 64].iter().any(|width| (input.k - width).abs() <= 1)),
        family(
            "ragged_tail",
            "the n mod k integers after the last whole block of k rise above all before them",
            |at, random| {
                let (n, k) = (at.size("n"), at.size("k"));
                let tail = n % k;
                let mut numbers = below_half(random, n - tail);
                let step = (1_u64 << 30) / tail.max(1) as u64;
                let mut height = (1_u64 << 30) - 1;
                numbers.extend((0..tail).map(|_| {
                    height += random.below(step) + 1;
                    height as i32
                }));
                with_k(at, numbers)
            },
        )
        .defaults("k", "max((n - 1) / 3, 1)")
        .holds(|at, input| {
            let (n, k) = (at.size("n"), at.size("k"));
            let (before, tail) = input.numbers.split_at(n - n % k);
            let greatest = before.iter().max().expect("a whole block");
            tail.first().is_none_or(|first| greatest < first)
                && tail.windows(2).all(|pair| pair[0] < pair[1])
                && (n <= 12 || !tail.is_empty())
        }),
    ]
}

fn with_k(at: &At, numbers: Vec<i32>) -> Input {
    Input {
        numbers,
        k: at.integer("k"),
    }
}

/// The integer at a distance from the least one.
fn from_least(distance: u64) -> i32 {
    (i64::from(i32::MIN) + distance as i64) as i32
}

/// Integers less than half of the greatest there is.
fn below_half(random: &mut Random, count: usize) -> Vec<i32> {
    (0..count).map(|_| random.bits() as i32 >> 1).collect()
}

/// Integers over the whole range, each greater than the one before.
fn rising(random: &mut Random, count: usize) -> Vec<i32> {
    let step = u64::from(u32::MAX) / count as u64;
    let mut above = 0;
    let next = |_| {
        above += 1 + random.below(step);
        from_least(above - 1)
    };
    (0..count).map(next).collect()
}

/// Integers below zero, each less than the one before.
fn random_slope(random: &mut Random, count: usize) -> Vec<i32> {
    let step = (1_u64 << 31) / count as u64;
    let mut below = 0;
    let next = |_| {
        below += 1 + random.below(step) as i64;
        -below as i32
    };
    (0..count).map(next).collect()
}

/// Two equal peaks less than k apart, then none for more than k, and again.
fn twin_peaks(at: &At, random: &mut Random) -> Input {
    let (n, k) = (at.size("n"), at.size("k"));
    let peak = random.between(1 << 30, i32::MAX.into()) as i32;
    let mut numbers = below_half(random, n);
    let apart = |random: &mut Random| 1 + random.index((k - 1).max(1));
    // The first pair begins early enough to leave: the window after it is inside.
    let first = random.index(k.min((n - k).max(1)));
    for one in (first..n).step_by(3 * k) {
        let other = one + apart(random);
        numbers[one] = peak;
        if let Some(number) = numbers.get_mut(other) {
            *number = peak;
        }
    }
    with_k(at, numbers)
}
