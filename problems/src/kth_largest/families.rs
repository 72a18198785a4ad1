//! Families of the k-th largest: what breaks or slows a selection.

use super::{Input, KthLargest};
use crate::{At, Family};

pub(super) fn all() -> Vec<Family<KthLargest>> {
    let family = crate::family::<KthLargest>;
    vec![
        family(
            "random",
            "integers of the whole range, in random order",
            |at, random| with_k(at, random.integers(at.size("n"))),
        ),
        family(
            "organ_pipe",
            "rises to the middle, then falls",
            |at, random| {
                let mut numbers = random.integers(at.size("n"));
                numbers.sort_unstable();
                with_k(at, folded(&numbers))
            },
        )
        .holds(|_, input| {
            let peak = input
                .numbers
                .iter()
                .enumerate()
                .max_by_key(|(_, number)| **number);
            let (rise, fall) = input.numbers.split_at(peak.map_or(0, |(index, _)| index));
            rise.is_sorted() && fall.iter().rev().is_sorted()
        }),
    ]
}

fn with_k(at: &At, numbers: Vec<i32>) -> Input {
    Input {
        numbers,
        k: at.integer("k"),
    }
}

/// Ascending numbers, folded: every other one in order, then the rest backwards.
fn folded(ascending: &[i32]) -> Vec<i32> {
    let rise = ascending.iter().step_by(2);
    let fall = ascending.iter().skip(1).step_by(2).rev();
    rise.chain(fall).copied().collect()
}
