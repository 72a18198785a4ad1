//! Families that differ in the values of their numbers: ties, extremes, signs, what a narrower type cannot hold.

use super::{kth, with_k};
use crate::kth_largest::{Input, KthLargest};
use crate::{At, Family, Random};

pub(super) fn all() -> Vec<Family<KthLargest>> {
    let family = crate::family::<KthLargest>;
    vec![
        family("all_equal", "every integer is the same", |at, random| {
            with_k(at, vec![random.bits() as i32; at.size("n")])
        })
        .holds(|_, input| distinct(&input.numbers) == 1),
        family(
            "two_values",
            "two values, each at least once",
            |at, random| {
                let low = random.between(i32::MIN.into(), i64::from(i32::MAX) - 1);
                let high = random.between(low + 1, i32::MAX.into());
                with_k(at, mixed(at, random, &[low as i32, high as i32]))
            },
        )
        .holds(|at, input| distinct(&input.numbers) == 2.min(at.size("n"))),
        family(
            "few_distinct",
            "at most eight values",
            |at, random| {
                let values = random.integers(8);
                let numbers = (0..at.size("n")).map(|_| *random.choose(&values));
                with_k(at, numbers.collect())
            },
        )
        .holds(|_, input| distinct(&input.numbers) <= 8),
        family(
            "ties_at_k",
            "a block of equal integers, a quarter of all, around the k-th largest; the k-th distinct one is another",
            ties_at_k,
        )
        .holds(ties_surround_k),
        family(
            "extremes",
            "the least and the greatest i32, each at least once, their neighbours, and -1, 0 and 1",
            |at, random| with_k(at, mixed(at, random, &EXTREMES)),
        )
        .holds(|at, input| {
            let has = |value: &i32| input.numbers.contains(value);
            let both = has(&i32::MIN) && has(&i32::MAX);
            (both || at.size("n") == 1) && input.numbers.iter().all(|number| EXTREMES.contains(number))
        }),
        family("negative", "every integer is negative", |at, random| {
            let numbers = random.integers(at.size("n")).into_iter();
            with_k(at, numbers.map(|number| number | i32::MIN).collect())
        })
        .holds(|_, input| input.numbers.iter().all(|number| *number < 0)),
        family(
            "float_cast_collision",
            "consecutive integers beyond 2^24, of which three at a time are one f32; the k-th largest is no f32",
            float_cast_collision,
        )
        .holds(|_, input| {
            let mut numbers = input.numbers.clone();
            numbers.sort_unstable();
            let are_consecutive = numbers.windows(2).all(|pair| pair[0] + 1 == pair[1]);
            let are_beyond = numbers.iter().all(|number| number.unsigned_abs() >= 1 << 24);
            let answer = kth(input);
            are_consecutive && are_beyond && i64::from(answer) != f64::from(answer as f32) as i64
        }),
    ]
}

/// Extreme values; the first two are the ends of the range.
const EXTREMES: [i32; 7] = [i32::MIN, i32::MAX, i32::MIN + 1, i32::MAX - 1, -1, 0, 1];

fn distinct(numbers: &[i32]) -> usize {
    let mut numbers = numbers.to_vec();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.len()
}

/// Random ones of some values; the first two of them occur if there is room for both.
fn mixed(at: &At, random: &mut Random, values: &[i32]) -> Vec<i32> {
    let n = at.size("n");
    let mut numbers: Vec<i32> = (0..n).map(|_| *random.choose(values)).collect();
    if n > 1 {
        let first = random.index(n);
        let second = (first + 1 + random.index(n - 1)) % n;
        (numbers[first], numbers[second]) = (values[0], values[1]);
    }
    numbers
}

/// How many integers the block has, and how many greater ones stand before it.
fn block(n: usize, k: usize) -> (usize, usize) {
    let length = (n / 4).max(3).min(n);
    let greater = (k - 1).saturating_sub(length / 2).min(n - length);
    (length, greater)
}

fn ties_at_k(at: &At, random: &mut Random) -> Input {
    let n = at.size("n");
    let (mut equal, mut greater) = block(n, at.size("k"));
    // Whatever is 2^30 away is still an i32.
    let value = random.between(-1 << 30, (1 << 30) - 1) as i32;
    let numbers = (0..n).map(|index| {
        // Which of those that are left comes next: every order is as likely.
        let drawn = random.index(n - index);
        let distance = (random.bits() >> 2) as i32 + 1;
        if drawn < greater {
            greater -= 1;
            value + distance
        } else if drawn < greater + equal {
            equal -= 1;
            value
        } else {
            value - distance
        }
    });
    with_k(at, numbers.collect())
}

/// Whether the block has its length, holds rank k, and begins before it (but for k = 1, where that cannot be).
fn ties_surround_k(_: &At, input: &Input) -> bool {
    let (n, k) = (input.numbers.len(), input.k as usize);
    let answer = kth(input);
    let count = |holds: fn(&i32, &i32) -> bool| {
        let held = input.numbers.iter().filter(|number| holds(number, &answer));
        held.count()
    };
    let (greater, equal) = (count(|a, b| a > b), count(|a, b| a == b));
    equal == block(n, k).0 && greater < k && k <= greater + equal && (k == 1 || greater < k - 1)
}

fn float_cast_collision(at: &At, random: &mut Random) -> Input {
    const BEYOND: i64 = 1 << 24;
    let (n, k) = (at.integer("n"), at.integer("k"));
    let offset = random.between(0, 1 << 20);
    let is_negative = random.below(2) == 1;
    let mut least = if is_negative {
        -BEYOND - offset - n
    } else {
        BEYOND + offset
    };
    // Beyond 2^24 no odd integer is an f32.
    least += i64::from((least + n - k) % 2 == 0);
    let mut numbers: Vec<i32> = (least..least + n).map(|number| number as i32).collect();
    random.shuffle(&mut numbers);
    with_k(at, numbers)
}
