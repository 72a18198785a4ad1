//! What looks at little of its input: 1, log n, sqrt n.

use std::collections::{BTreeMap, HashMap};
use std::hint::black_box;

use super::{Call, queries};

/// How often a call looks.
const QUERIES: usize = 20_000;

/// Reads at places that a mask scatters over the integers.
pub(super) fn scattered_reads(values: &[u64]) -> Call {
    let (values, mask) = (values.to_vec(), values.len() - 1);
    let places = queries(QUERIES);
    Box::new(move || {
        places
            .iter()
            .map(|place| values[*place as usize & mask])
            .fold(0, u64::wrapping_add)
    })
}

/// Looks integers up that are there.
pub(super) fn hash_lookup(values: &[u64]) -> Call {
    let map: HashMap<u64, u64> = values.iter().map(|value| (*value, *value)).collect();
    let wanted = present(values);
    Box::new(move || {
        wanted
            .iter()
            .filter_map(|value| map.get(value))
            .fold(0, |sum: u64, value| sum.wrapping_add(*value))
    })
}

fn present(values: &[u64]) -> Vec<u64> {
    let places = queries(QUERIES);
    let present = places
        .iter()
        .map(|place| values[*place as usize % values.len()]);
    present.collect()
}

/// Halves a sorted array.
pub(super) fn binary_search(values: &[u64]) -> Call {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let wanted = queries(QUERIES);
    Box::new(move || {
        let places = wanted.iter().map(|value| {
            let (mut low, mut high) = (0, sorted.len());
            while low < high {
                let middle = low.midpoint(high);
                if sorted[middle] < *value {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            low as u64
        });
        places.sum()
    })
}

/// Descends a B-tree.
pub(super) fn tree_lookup(values: &[u64]) -> Call {
    let map: BTreeMap<u64, u64> = values.iter().map(|value| (*value, *value)).collect();
    let wanted = present(values);
    Box::new(move || {
        wanted
            .iter()
            .filter_map(|value| map.get(value))
            .fold(0, |sum: u64, value| sum.wrapping_add(*value))
    })
}

/// Powers of some bases with an exponent of n, modulo a prime.
pub(super) fn power_by_squaring(values: &[u64]) -> Call {
    const PRIME: u64 = 1_000_000_007;
    let exponent = values.len() as u64;
    let bases = queries(1000);
    Box::new(move || {
        let powers = bases.iter().map(|base| {
            let (mut power, mut square, mut left) = (1, base % PRIME, black_box(exponent));
            while left > 0 {
                if left & 1 == 1 {
                    power = power * square % PRIME;
                }
                square = square * square % PRIME;
                left >>= 1;
            }
            power
        });
        powers.sum()
    })
}

/// Divides n by everything up to its root.
pub(super) fn trial_division(values: &[u64]) -> Call {
    let number = values.len() as u64;
    Box::new(move || {
        let number = black_box(number);
        let candidates = (1..).take_while(|divisor| divisor * divisor <= number);
        candidates
            .filter(|divisor| number.is_multiple_of(*divisor))
            .sum()
    })
}

/// Sums of ranges of an array that is cut into blocks as long as their number, whose sums are known.
pub(super) fn sum_by_blocks(values: &[u64]) -> Call {
    let values = values.to_vec();
    let length = values.len().isqrt();
    let sum = |values: &[u64]| {
        values
            .iter()
            .fold(0, |sum: u64, value| sum.wrapping_add(*value))
    };
    let blocks: Vec<u64> = values.chunks(length).map(sum).collect();
    let ends: Vec<usize> = queries(500)
        .iter()
        .map(|place| *place as usize % values.len())
        .collect();
    Box::new(move || {
        let sums = ends.iter().map(|end| {
            let whole = end / length;
            sum(&blocks[..whole]).wrapping_add(sum(&values[whole * length..*end]))
        });
        sums.fold(0, u64::wrapping_add)
    })
}
