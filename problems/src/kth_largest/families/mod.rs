//! Families of the k-th largest: what breaks or slows a selection.

mod quickselect;
mod values;

use super::{Input, KthLargest};
use crate::{At, Family, Random};
use quickselect::Pivot;

pub(super) fn all() -> Vec<Family<KthLargest>> {
    let mut families = orders();
    families.extend(values::all());
    families.extend(killers());
    families
}

fn with_k(at: &At, numbers: Vec<i32>) -> Input {
    Input {
        numbers,
        k: at.integer("k"),
    }
}

fn ascends(numbers: &[i32]) -> bool {
    numbers.windows(2).all(|pair| pair[0] < pair[1])
}

/// The k-th largest by sorting, for promises about it.
fn kth(input: &Input) -> i32 {
    let mut numbers = input.numbers.clone();
    numbers.sort_unstable();
    numbers[numbers.len() - input.k as usize]
}

/// Families that differ in the order of their numbers.
fn orders() -> Vec<Family<KthLargest>> {
    let family = crate::family::<KthLargest>;
    vec![
        family(
            "random",
            "integers of the whole range, in random order",
            |at, random| with_k(at, random.integers(at.size("n"))),
        )
        .holds(|at, input| covers_the_range(at.size("n"), input)),
        family(
            "sorted",
            "integers of the whole range, strictly ascending",
            |at, random| with_k(at, random.ascending(at.size("n"))),
        )
        .holds(|_, input| ascends(&input.numbers)),
        family(
            "reversed",
            "integers of the whole range, strictly descending",
            |at, random| {
                let mut numbers = random.ascending(at.size("n"));
                numbers.reverse();
                with_k(at, numbers)
            },
        )
        .holds(|_, input| input.numbers.windows(2).all(|pair| pair[0] > pair[1])),
        family(
            "nearly_sorted",
            "ascending, but for one to two pairs in 128 that are swapped",
            |at, random| with_k(at, nearly_sorted(at.size("n"), random)),
        )
        .holds(|_, input| {
            let mut sorted = input.numbers.clone();
            sorted.sort_unstable();
            let pairs = sorted.iter().zip(&input.numbers);
            let displaced = pairs.filter(|(sorted, number)| sorted != number).count();
            let n = input.numbers.len();
            displaced >= 2.min(n / 2 * 2) && displaced <= 2.max(n / 32)
        }),
        family(
            "organ_pipe",
            "rises to the middle, then falls",
            |at, random| with_k(at, organ_pipe(&random.ascending(at.size("n")))),
        )
        .holds(|_, input| {
            let (rise, fall) = input.numbers.split_at(input.numbers.len().div_ceil(2));
            ascends(rise) && fall.windows(2).all(|pair| pair[0] > pair[1])
        }),
        family(
            "inverse_organ_pipe",
            "falls to the middle, then rises",
            |at, random| {
                let mut numbers = organ_pipe(&random.ascending(at.size("n")));
                numbers.iter_mut().for_each(|number| *number = !*number);
                with_k(at, numbers)
            },
        )
        .holds(|_, input| {
            let (fall, rise) = input.numbers.split_at(input.numbers.len().div_ceil(2));
            fall.windows(2).all(|pair| pair[0] > pair[1]) && ascends(rise)
        }),
        family(
            "sawtooth",
            "about sqrt(n) ascending runs of the same values",
            |at, random| {
                let teeth = random.ascending(tooth(at.size("n")));
                let numbers = teeth.iter().copied().cycle().take(at.size("n"));
                with_k(at, numbers.collect())
            },
        )
        .holds(|_, input| {
            let (numbers, tooth) = (&input.numbers, tooth(input.numbers.len()));
            ascends(&numbers[..tooth]) && numbers[tooth..] == numbers[..numbers.len() - tooth]
        }),
        family("k_one", "the largest of random integers", |at, random| {
            with_k(at, random.integers(at.size("n")))
        })
        .fixes("k", "1")
        .holds(|at, input| input.k == 1 && covers_the_range(at.size("n"), input)),
        family("k_all", "the least of random integers", |at, random| {
            with_k(at, random.integers(at.size("n")))
        })
        .fixes("k", "n")
        .holds(|at, input| input.k == at.integer("n") && covers_the_range(at.size("n"), input)),
    ]
}

/// Whether there are n numbers; if there are enough to tell, also whether they are unordered and of every quarter of
/// the range (which fails at random with probability < 1e-8).
fn covers_the_range(n: usize, input: &Input) -> bool {
    let numbers = &input.numbers;
    let reaches = |quarter: i32| numbers.iter().any(|number| number >> 30 == quarter);
    let is_mixed = || !numbers.is_sorted() && !numbers.iter().rev().is_sorted();
    numbers.len() == n && (n < 64 || ((-2..2).all(reaches) && is_mixed()))
}

fn nearly_sorted(count: usize, random: &mut Random) -> Vec<i32> {
    let mut numbers = random.ascending(count);
    for _ in 0..count.div_ceil(128) {
        numbers.swap(random.index(count), random.index(count));
    }
    if count > 1 && ascends(&numbers) {
        numbers.swap(0, count - 1); // the swaps undid each other
    }
    numbers
}

/// Ascending numbers, folded: every other one in order, then the rest backwards.
fn organ_pipe(ascending: &[i32]) -> Vec<i32> {
    let rise = ascending.iter().step_by(2);
    let fall = ascending.iter().skip(1).step_by(2).rev();
    rise.chain(fall).copied().collect()
}

/// The length of a tooth of a saw.
fn tooth(count: usize) -> usize {
    count.isqrt()
}

/// Families that are the worst there is for a stated scheme of quickselect.
fn killers() -> Vec<Family<KthLargest>> {
    let family = crate::family::<KthLargest>;
    vec![
        family(
            "median_of_three_killer",
            "quadratic for quickselect in ascending order with the median of first, middle and last, moved to the end, \
             and Lomuto's pass",
            |at, random| killer(at, random, Pivot::MedianOfThree),
        )
        .fixes("k", "max(n / 2, 1)")
        .sizes(1, 1_000_000)
        // Each pass takes two elements away, until half are gone: 3/16 of the square.
        .holds(|_, input| is_quadratic(input, Pivot::MedianOfThree, 6)),
        family(
            "ninther_killer",
            "quadratic for quickselect in ascending order with Tukey's ninther, moved to the end, and Lomuto's pass",
            |at, random| killer(at, random, Pivot::Ninther),
        )
        .fixes("k", "max(n / 2, 1)")
        .sizes(1, 1_000_000)
        // Each pass takes about five elements away, until half are gone: 1/14 of the square.
        .holds(|_, input| is_quadratic(input, Pivot::Ninther, 18)),
    ]
}

fn killer(at: &At, random: &mut Random, rule: Pivot) -> Input {
    let (n, k) = (at.size("n"), at.size("k"));
    let values = random.ascending(n);
    let ranks = quickselect::killer_ranks(n, n - k, rule);
    with_k(
        at,
        ranks
            .into_iter()
            .map(|rank| values[rank as usize])
            .collect(),
    )
}

/// Whether the scheme needs a share of the square in comparisons. Of large inputs only as many passes are run as
/// would kill an input of 3000.
fn is_quadratic(input: &Input, rule: Pivot, share: usize) -> bool {
    let n = input.numbers.len();
    let enough = (n * n.min(3000) / share) as u64;
    let target = n - input.k as usize;
    // The last few passes have too few elements to be bad.
    n < 32 || quickselect::comparisons(&input.numbers, target, rule, enough) >= enough
}
