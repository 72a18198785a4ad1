//! Two ways to right outputs: a matrix of all weights, and a state that runs over the chunks.

use super::GatedAttentionMixedChunk;
use crate::Reference;
use crate::features::{Number, add, product};
use crate::gated::{Shape, gate, slices, weight, whole};

pub(super) fn both() -> [Reference<GatedAttentionMixedChunk>; 2] {
    [
        Reference {
            name: "matrix of weights",
            solve: |input| {
                whole(input, |shape, arrays| {
                    by_matrix(shape, &slices(arrays), &all(shape))
                })
            },
            most: 2048,
        },
        Reference {
            name: "running state",
            solve: |input| {
                whole(input, |shape, arrays| {
                    by_states(shape, &slices(arrays), &all(shape))
                })
            },
            most: i64::MAX,
        },
    ]
}

fn all(shape: &Shape) -> Vec<usize> {
    (0..shape.rows()).collect()
}

/// The definition, of some rows: the matrix of the weights of all keys of a sequence, inside and across chunks, its product with the
/// values, and the gate.
pub(super) fn by_matrix<T: Number>(shape: &Shape, arrays: &[&[T]], rows: &[usize]) -> Vec<T> {
    let [quadratic_q, quadratic_k, linear_q, linear_k, u, v] = arrays else {
        unreachable!("all arrays");
    };
    let Shape { n, size, width, .. } = *shape;
    let mut weights = vec![T::default(); rows.len() * n];
    for (row, weights) in rows.iter().zip(weights.chunks_exact_mut(n)) {
        let query = &quadratic_q[row * size..(row + 1) * size];
        for key in shape.near(*row) {
            weights[key % n] = weight(
                query,
                &quadratic_k[key * size..(key + 1) * size],
                shape.chunk,
            );
        }
        let query = &linear_q[row * size..(row + 1) * size];
        for key in shape.far(*row) {
            let weight = product(query, &linear_k[key * size..(key + 1) * size]);
            weights[key % n] = weights[key % n] + weight / T::of(n as f64);
        }
    }
    let mut o = Vec::with_capacity(rows.len() * width);
    for (row, weights) in rows.iter().zip(weights.chunks_exact(n)) {
        let values = &v[row / n * n * width..(row / n + 1) * n * width];
        let mut sum = vec![T::default(); width];
        for (weight, value) in weights.iter().zip(values.chunks_exact(width)) {
            add(&mut sum, *weight, value);
        }
        o.extend(gate(&u[row * width..(row + 1) * width], &sum));
    }
    o
}

/// One chunk after the other, of some rows, ascending: what is across chunks comes from a state, the sum of the products of linear
/// keys and values that were taken so far. Without a mask all of a sequence are taken first.
pub(super) fn by_states<T: Number>(shape: &Shape, arrays: &[&[T]], rows: &[usize]) -> Vec<T> {
    let [quadratic_q, quadratic_k, linear_q, linear_k, u, v] = arrays else {
        unreachable!("all arrays");
    };
    let Shape { n, size, width, .. } = *shape;
    let mut o = Vec::with_capacity(rows.len() * width);
    for rows in rows.chunk_by(|one, other| one / n == other / n) {
        let mut state = vec![T::default(); size * width];
        let mut taken = rows[0] / n * n;
        for row in rows {
            for key in taken..shape.far(*row).end {
                let elements = &linear_k[key * size..(key + 1) * size];
                for (element, sum) in elements.iter().zip(state.chunks_exact_mut(width)) {
                    add(sum, *element, &v[key * width..(key + 1) * width]);
                }
            }
            taken = taken.max(shape.far(*row).end);
            let query = &linear_q[row * size..(row + 1) * size];
            let mut sum = vec![T::default(); width];
            for (element, row) in query.iter().zip(state.chunks_exact(width)) {
                add(&mut sum, *element / T::of(n as f64), row);
            }
            let query = &quadratic_q[row * size..(row + 1) * size];
            for key in shape.near(*row) {
                let key_elements = &quadratic_k[key * size..(key + 1) * size];
                let weight = weight(query, key_elements, shape.chunk);
                add(&mut sum, weight, &v[key * width..(key + 1) * width]);
            }
            o.extend(gate(&u[row * width..(row + 1) * width], &sum));
        }
    }
    o
}
