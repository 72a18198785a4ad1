//! Two ways to right outputs.

use super::GatedAttentionUnit;
use crate::Reference;
use crate::features::{Number, add};
use crate::gated::{Shape, gate, slices, weight, whole};

pub(super) fn both() -> [Reference<GatedAttentionUnit>; 2] {
    [
        Reference {
            name: "by queries",
            solve: |input| {
                whole(input, |shape, arrays| {
                    let rows: Vec<usize> = (0..shape.rows()).collect();
                    by_queries(shape, &slices(arrays), &rows)
                })
            },
            most: 4096,
        },
        Reference {
            name: "by keys",
            solve: |input| whole(input, |shape, arrays| by_keys(shape, &slices(arrays))),
            most: 4096,
        },
    ]
}

/// The definition, of some rows: the weights of all keys that a query sees, the sum of their values, and the gate.
pub(super) fn by_queries<T: Number>(shape: &Shape, arrays: &[&[T]], rows: &[usize]) -> Vec<T> {
    let [q, k, u, v] = arrays else {
        unreachable!("q, k, u and v");
    };
    let Shape { n, size, width, .. } = *shape;
    let mut o = Vec::with_capacity(rows.len() * width);
    for row in rows {
        let query = &q[row * size..(row + 1) * size];
        let mut sum = vec![T::default(); width];
        for key in shape.near(*row) {
            let weight = weight(query, &k[key * size..(key + 1) * size], n);
            add(&mut sum, weight, &v[key * width..(key + 1) * width]);
        }
        o.extend(gate(&u[row * width..(row + 1) * width], &sum));
    }
    o
}

/// One key after the other, from the last: all queries that see it get its value, gated by each of them.
fn by_keys(shape: &Shape, arrays: &[&[f64]]) -> Vec<f64> {
    let [q, k, u, v] = arrays else {
        unreachable!("q, k, u and v");
    };
    let Shape { n, size, width, .. } = *shape;
    let mut o = vec![0.0; u.len()];
    for key in (0..shape.rows()).rev() {
        let first = key / n * n;
        let value = &v[key * width..(key + 1) * width];
        for query in if shape.is_causal { key } else { first }..first + n {
            let of_query = &q[query * size..(query + 1) * size];
            let weight = weight(of_query, &k[key * size..(key + 1) * size], n);
            let gate = &u[query * width..(query + 1) * width];
            let row = &mut o[query * width..(query + 1) * width];
            for (to, (gate, value)) in row.iter_mut().zip(gate.iter().zip(value)) {
                *to += weight * (gate * value);
            }
        }
    }
    o
}
