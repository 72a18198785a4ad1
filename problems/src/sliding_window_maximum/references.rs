//! Two ways to the maxima that share no step: windows doubled in length, and jumps to the next greater integer.

use super::{Input, Output, SlidingWindowMaximum};
use crate::Reference;

pub(super) fn both() -> [Reference<SlidingWindowMaximum>; 2] {
    [
        Reference {
            name: "doubling",
            solve: doubling,
            most: 100_000_000,
        },
        Reference {
            name: "next greater",
            solve: next_greater,
            most: 100_000_000,
        },
    ]
}

/// The maxima of all windows of 1, 2, 4, ... integers, each from the one before; two of the last overlap to k.
fn doubling(input: &Input) -> Output {
    let k = input.k as usize;
    let mut maxima = input.numbers.clone();
    let mut length = 1;
    while length < k {
        let step = length.min(k - length);
        for left in 0..maxima.len() - step {
            maxima[left] = maxima[left].max(maxima[left + step]);
        }
        maxima.truncate(maxima.len() - step);
        length += step;
    }
    Output { maxima }
}

/// From the greatest of the last window, or the first integer after it, jump to the next greater one while that is
/// inside. Positions only grow, so all jumps together are at most n.
fn next_greater(input: &Input) -> Output {
    let (numbers, k) = (&input.numbers, input.k as usize);
    let mut next = vec![u32::MAX; numbers.len()];
    for index in (0..numbers.len()).rev() {
        let mut candidate = index as u32 + 1;
        while let Some(number) = numbers.get(candidate as usize)
            && *number <= numbers[index]
        {
            candidate = next[candidate as usize];
        }
        next[index] = candidate;
    }
    let mut greatest = 0;
    let maxima = (0..=numbers.len() - k).map(|start| {
        greatest = greatest.max(start);
        while (next[greatest] as usize) < start + k {
            greatest = next[greatest] as usize;
        }
        numbers[greatest]
    });
    Output {
        maxima: maxima.collect(),
    }
}
