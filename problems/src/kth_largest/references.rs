//! Two ways to the k-th largest that share no step: sorting, and bisection over the values.

use super::{Input, KthLargest, Output};
use crate::Reference;

pub(super) fn both() -> [Reference<KthLargest>; 2] {
    [
        Reference {
            name: "sorting",
            solve: sorting,
            most: 100_000_000,
        },
        Reference {
            name: "bisection",
            solve: bisection,
            most: 100_000_000,
        },
    ]
}

fn sorting(input: &Input) -> Output {
    let mut numbers = input.numbers.clone();
    numbers.sort_unstable();
    Output {
        value: numbers[numbers.len() - input.k as usize],
    }
}

/// The greatest value that at least k integers reach.
fn bisection(input: &Input) -> Output {
    let (mut low, mut high) = (i64::from(i32::MIN), i64::from(i32::MAX));
    while low < high {
        let middle = (low + high + 1).div_euclid(2);
        let reach = input
            .numbers
            .iter()
            .filter(|number| i64::from(**number) >= middle)
            .count();
        if reach as i64 >= input.k {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    Output { value: low as i32 }
}
