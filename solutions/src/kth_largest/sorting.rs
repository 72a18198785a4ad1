// judge: expect=AC growth=n*log(n)
//! Sorts a copy. O(n log n), and the yardstick for everything that does less.

use problems::kth_largest::{Input, Output};

/// Sorts a copy.
pub(super) fn sorting(input: &Input, output: &mut Output) {
    let mut numbers = input.numbers.clone();
    numbers.sort_unstable();
    output.value = numbers[numbers.len() - input.k as usize];
}
