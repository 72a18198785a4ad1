//! What looks at pairs, or at some for each: n sqrt n, n^2, n^2 log n.

use std::hint::black_box;

use super::Call;

/// The greatest of the next root of n integers, at every place.
pub(super) fn window_of_root(values: &[u64]) -> Call {
    let values = values.to_vec();
    let length = values.len().isqrt();
    Box::new(move || {
        let of_one = |window: &[u64]| {
            let values = window.iter();
            values.fold(0, |most, value| black_box(most.max(*value)))
        };
        let greatest = values.windows(length).map(of_one);
        greatest.fold(0, |all, one| all ^ one)
    })
}

/// Divides every number up to n by everything up to the root of n.
pub(super) fn divisors_of_all(values: &[u64]) -> Call {
    let most = values.len() as u64;
    Box::new(move || {
        let root = most.isqrt();
        let of_one = |number: u64| {
            (1..=root)
                .filter(|divisor| number.is_multiple_of(*divisor))
                .count()
        };
        (1..=black_box(most))
            .map(|number| of_one(number) as u64)
            .sum()
    })
}

/// Moves every integer down to its place.
pub(super) fn insertion_sort(values: &[u64]) -> Call {
    let (values, mut sorted) = (values.to_vec(), values.to_vec());
    Box::new(move || {
        sorted.copy_from_slice(&values);
        for end in 1..sorted.len() {
            let value = sorted[end];
            let mut place = end;
            while place > 0 && sorted[place - 1] > value {
                sorted[place] = sorted[place - 1];
                place -= 1;
            }
            sorted[place] = value;
        }
        sorted[0]
    })
}

/// The longest rising subsequence, by all pairs.
pub(super) fn rising_subsequence(values: &[u64]) -> Call {
    let values = values.to_vec();
    let mut lengths = vec![0_u64; values.len()];
    Box::new(move || {
        for end in 0..values.len() {
            let before = values[..end].iter().zip(&lengths[..end]);
            let rising = before.filter(|(value, _)| **value < values[end]);
            lengths[end] = 1 + rising.map(|(_, length)| *length).max().unwrap_or(0);
        }
        lengths.iter().copied().max().unwrap_or(0)
    })
}

/// Counts pairs with a property that only the pair has.
pub(super) fn all_pairs(values: &[u64]) -> Call {
    let values = values.to_vec();
    Box::new(move || {
        let of_one = |(place, value): (usize, &u64)| {
            let earlier = values[..place].iter();
            earlier
                .filter(|other| (*other ^ value) % 1_000_003 == 7)
                .count() as u64
        };
        values.iter().enumerate().map(of_one).sum()
    })
}

/// Looks the sum of every pair up among all.
pub(super) fn search_all_pairs(values: &[u64]) -> Call {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    Box::new(move || {
        let of_one = |place: usize| {
            let earlier = sorted[..place].iter();
            let sums = earlier.map(|other| other.wrapping_add(sorted[place]));
            sums.filter(|sum| sorted.binary_search(sum).is_ok()).count() as u64
        };
        (0..sorted.len()).map(of_one).sum()
    })
}

/// Sorts n rows of n integers.
pub(super) fn sort_all_rows(values: &[u64]) -> Call {
    let values = values.to_vec();
    let mut row = values.clone();
    Box::new(move || {
        let firsts = (0..values.len() as u64).map(|salt| {
            for (place, value) in row.iter_mut().zip(&values) {
                *place = super::scattered(value ^ salt);
            }
            row.sort_unstable();
            row[0]
        });
        firsts.fold(0, u64::wrapping_add)
    })
}
