//! All subsets: 2^n.

use std::hint::black_box;

use super::Call;

/// One subset after the other, in the order of Gray's code, each from the one before.
pub(super) fn subsets_in_turn(values: &[u64]) -> Call {
    let values = values.to_vec();
    Box::new(move || {
        let (mut subset, mut sum, mut found) = (0_u64, 0_u64, 0);
        for step in 1_u64..1 << values.len() {
            let changed = step.trailing_zeros();
            subset ^= 1 << changed;
            let value = values[changed as usize];
            let enters = subset >> changed & 1 == 1;
            sum = if enters {
                sum.wrapping_add(value)
            } else {
                sum.wrapping_sub(value)
            };
            found += u64::from(black_box(sum) % 1024 == 5);
        }
        found
    })
}

/// With each integer and without it.
pub(super) fn subsets_by_recursion(values: &[u64]) -> Call {
    fn found(values: &[u64], sum: u64) -> u64 {
        match values {
            [] => u64::from(sum % 1024 == 5),
            [first, rest @ ..] => found(rest, sum) + found(rest, sum.wrapping_add(*first)),
        }
    }
    let values = values.to_vec();
    Box::new(move || found(black_box(&values), 0))
}
