//! What divides and conquers: n log n.

use std::collections::{BTreeSet, BinaryHeap};

use super::Call;

/// The standard library's unstable sort.
pub(super) fn quick_sort(values: &[u64]) -> Call {
    let (values, mut sorted) = (values.to_vec(), values.to_vec());
    Box::new(move || {
        sorted.copy_from_slice(&values);
        sorted.sort_unstable();
        sorted[0]
    })
}

/// Everything through a heap.
pub(super) fn heap_sort(values: &[u64]) -> Call {
    let values = values.to_vec();
    Box::new(move || {
        let mut heap: BinaryHeap<u64> = values.iter().copied().collect();
        let falling = std::iter::from_fn(|| heap.pop());
        falling.fold(0, |hash: u64, value| hash.wrapping_mul(31) ^ value)
    })
}

/// Halves, sorts both, merges.
pub(super) fn merge_sort(values: &[u64]) -> Call {
    let (values, mut sorted, mut room) = (values.to_vec(), values.to_vec(), values.to_vec());
    Box::new(move || {
        sorted.copy_from_slice(&values);
        merge_sorted(&mut sorted, &mut room);
        sorted[0]
    })
}

fn merge_sorted(values: &mut [u64], room: &mut [u64]) {
    if values.len() < 2 {
        return;
    }
    let middle = values.len() / 2;
    let (left, right) = values.split_at_mut(middle);
    let (left_room, right_room) = room.split_at_mut(middle);
    merge_sorted(left, left_room);
    merge_sorted(right, right_room);
    room.copy_from_slice(values);
    let (mut left, mut right) = (0, middle);
    for value in values {
        let takes_left = right == room.len() || (left < middle && room[left] <= room[right]);
        let place = if takes_left { &mut left } else { &mut right };
        *value = room[*place];
        *place += 1;
    }
}

/// Puts everything into a B-tree.
pub(super) fn tree_build(values: &[u64]) -> Call {
    let values = values.to_vec();
    Box::new(move || {
        let mut tree = BTreeSet::new();
        for value in &values {
            tree.insert(*value); // one by one, as `collect` would sort first
        }
        tree.len() as u64
    })
}

/// A prime that has roots of unity of every power of two up to 2^23, and a generator of its units.
const PRIME: u64 = 998_244_353;
const GENERATOR: u64 = 3;

/// The Fourier transform over a prime field.
pub(super) fn number_transform(values: &[u64]) -> Call {
    let values: Vec<u64> = values.iter().map(|value| value % PRIME).collect();
    let mut transformed = values.clone();
    Box::new(move || {
        transformed.copy_from_slice(&values);
        transform(&mut transformed);
        transformed[0]
    })
}

fn transform(values: &mut [u64]) {
    let bits = values.len().trailing_zeros();
    for place in 0..values.len() {
        let mirrored = place.reverse_bits() >> (usize::BITS - bits);
        if place < mirrored {
            values.swap(place, mirrored);
        }
    }
    let mut half = 1;
    while half < values.len() {
        let root = power(GENERATOR, (PRIME - 1) / (2 * half as u64));
        for block in values.chunks_exact_mut(2 * half) {
            let (low, high) = block.split_at_mut(half);
            let mut factor = 1;
            for (low, high) in low.iter_mut().zip(high) {
                let turned = *high * factor % PRIME;
                (*low, *high) = ((*low + turned) % PRIME, (*low + PRIME - turned) % PRIME);
                factor = factor * root % PRIME;
            }
        }
        half *= 2;
    }
}

fn power(base: u64, exponent: u64) -> u64 {
    let squares = std::iter::successors(Some(base), |square| Some(square * square % PRIME));
    let bits = (0..64).map(|bit| exponent >> bit & 1);
    squares
        .zip(bits)
        .filter(|(_, bit)| *bit == 1)
        .fold(1, |power, (square, _)| power * square % PRIME)
}
