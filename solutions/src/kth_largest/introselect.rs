// judge: expect=AC growth=n
//! Introselect of the standard library on a copy: quickselect that turns to a linear median when it goes badly. O(n).

use problems::kth_largest::{Input, Output};

/// Selects on a copy.
pub(super) fn introselect(input: &Input, output: &mut Output) {
    let mut numbers = input.numbers.clone();
    let rank = numbers.len() - input.k as usize;
    output.value = *numbers.select_nth_unstable(rank).1;
}
