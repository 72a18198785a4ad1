//! What families of tensor problems draw, and what they promise of it.

use crate::{Random, Tensor};

/// Numbers about normal, of mean 0 and variance 1.
pub(crate) fn normals(random: &mut Random, count: usize) -> Vec<f64> {
    (0..count).map(|_| random.normal()).collect()
}

/// Numbers that are 1 or -1.
pub(crate) fn signs(random: &mut Random, count: usize) -> Vec<f64> {
    let sign = |_| {
        if random.bits().is_multiple_of(2) {
            1.0
        } else {
            -1.0
        }
    };
    (0..count).map(sign).collect()
}

/// Multiples of a unit, from the least to the most of them on either side of 0.
pub(crate) fn of_either_sign(
    random: &mut Random,
    count: usize,
    (least, most): (i64, i64),
    unit: f64,
) -> Vec<f64> {
    let one = |_| {
        let sign = if random.bits().is_multiple_of(2) {
            unit
        } else {
            -unit
        };
        random.between(least, most) as f64 * sign
    };
    (0..count).map(one).collect()
}

/// Subnormal numbers of `f16`.
pub(crate) fn subnormals(random: &mut Random, count: usize) -> Vec<f64> {
    of_either_sign(random, count, (1, 1023), 1.0 / f64::from(1 << 24))
}

/// Numbers of `f16` from a half of its greatest up. The very greatest are left out: a mean of them, its weights rounded,
/// would leave `f16`.
pub(crate) fn greatest(random: &mut Random, count: usize) -> Vec<f64> {
    of_either_sign(random, count, (1024, 2032), 32.0)
}

/// Rows of which every head has one, again and again.
pub(crate) fn alike(random: &mut Random, heads: usize, n: usize, size: usize) -> Vec<f64> {
    let head = |_| normals(random, size).repeat(n);
    (0..heads).flat_map(head).collect()
}

/// Rows in pairs of about 100 and -100 whose sum is at most 1; a head of an odd number has one more, which is normal.
pub(crate) fn cancelling(random: &mut Random, heads: usize, n: usize, size: usize) -> Vec<f64> {
    let mut rows = normals(random, heads * n * size);
    for head in rows.chunks_mut(n * size) {
        cancel_in_pairs(head, size);
    }
    rows
}

/// Makes of normal rows such as are [`cancelling`].
pub(crate) fn cancel_in_pairs(rows: &mut [f64], size: usize) {
    for pair in rows.chunks_exact_mut(2 * size) {
        let (one, other) = pair.split_at_mut(size);
        for (one, other) in one.iter_mut().zip(other) {
            *one *= 100.0;
            *other = 0.1 * *other - *one;
        }
    }
}

/// Whether numbers may be [`normals`]: none is beyond what these reach, and of many not all are the same.
pub(crate) fn are_normal(tensor: &Tensor) -> bool {
    let values = tensor.to_f64();
    let is_alike = values.len() > 64 && values.windows(2).all(|pair| pair[0] == pair[1]);
    !is_alike && values.iter().all(|value| value.abs() <= 3.47)
}

/// Whether the rows of each head are the same.
pub(crate) fn are_alike(tensor: &Tensor, n: usize, size: usize) -> bool {
    let values = tensor.to_f64();
    let is_alike = |head: &[f64]| head.chunks(size).all(|row| *row == head[..size]);
    values.chunks(n * size).all(is_alike)
}

/// Whether the rows of each head are [`cancelling`].
pub(crate) fn do_cancel(tensor: &Tensor, n: usize, size: usize) -> bool {
    let values = tensor.to_f64();
    let cancels = |pair: &[f64]| {
        let (one, other) = pair.split_at(size);
        one.iter()
            .zip(other)
            .all(|(one, other)| (one + other).abs() <= 1.0)
    };
    values
        .chunks(n * size)
        .all(|head| head.chunks_exact(2 * size).all(cancels))
}

/// Whether the magnitudes of all numbers lie between two.
pub(crate) fn lie_between(tensor: &Tensor, least: f64, most: f64) -> bool {
    let values = tensor.to_f64().into_iter();
    values
        .map(f64::abs)
        .all(|value| (least..=most).contains(&value))
}
