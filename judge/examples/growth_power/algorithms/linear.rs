//! What looks at everything once.

use std::collections::HashMap;
use std::hint::black_box;

use super::{Call, scattered};

/// Adds everything up.
pub(super) fn sum(values: &[u64]) -> Call {
    let values = values.to_vec();
    Box::new(move || values.iter().fold(0, |sum, value| black_box(value ^ sum)))
}

/// Follows one cycle through all places (Sattolo's), each step to a place that nobody can foresee.
pub(super) fn pointer_chase(values: &[u64]) -> Call {
    let mut next: Vec<u32> = (0..values.len() as u32).collect();
    for place in (1..next.len()).rev() {
        next.swap(place, scattered(place as u64) as usize % place);
    }
    Box::new(move || {
        let last = next.iter().fold(0_u32, |place, _| next[place as usize]);
        u64::from(last)
    })
}

/// Counts how often each integer is there.
pub(super) fn hash_build(values: &[u64]) -> Call {
    let values = values.to_vec();
    Box::new(move || {
        let mut counts: HashMap<u64, u64> = HashMap::new();
        for value in &values {
            *counts.entry(*value).or_default() += 1;
        }
        counts.len() as u64
    })
}

/// The greatest sum of a slice.
pub(super) fn greatest_slice(values: &[u64]) -> Call {
    let values: Vec<i64> = values.iter().map(|value| *value as i64 >> 32).collect();
    Box::new(move || {
        let (mut greatest, mut ending) = (0_i64, 0_i64);
        for value in &values {
            ending = black_box((ending + value).max(0));
            greatest = greatest.max(ending);
        }
        greatest as u64
    })
}

/// Sorts by one byte after the other.
pub(super) fn radix_sort(values: &[u64]) -> Call {
    let values: Vec<u32> = values.iter().map(|value| *value as u32).collect();
    let (mut from, mut to) = (values.clone(), values.clone());
    Box::new(move || {
        from.copy_from_slice(&values);
        for shift in [0, 8, 16, 24] {
            let digit = |value: u32| (value >> shift) as usize & 255;
            let mut places = [0_usize; 256];
            from.iter().for_each(|value| places[digit(*value)] += 1);
            let mut before = 0;
            for place in &mut places {
                before += std::mem::replace(place, before);
            }
            for value in &from {
                let place = &mut places[digit(*value)];
                to[*place] = *value;
                *place += 1;
            }
            std::mem::swap(&mut from, &mut to);
        }
        u64::from(from[0])
    })
}
