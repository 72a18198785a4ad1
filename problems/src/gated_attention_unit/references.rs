//! Two ways to right outputs.

use std::borrow::Borrow;

use super::{GatedAttentionUnit, Input, Output};
use crate::features::{Number, add, product};
use crate::{Reference, Tensor};

pub(super) fn both() -> [Reference<GatedAttentionUnit>; 2] {
    [
        Reference {
            name: "by queries",
            solve: |input| {
                let rows: Vec<usize> = (0..input.rows()).collect();
                whole(input, |input, arrays| by_queries(input, arrays, &rows))
            },
            most: 4096,
        },
        Reference {
            name: "by keys",
            solve: |input| whole(input, by_keys),
            most: 4096,
        },
    ]
}

fn whole(input: &Input, method: impl Fn(&Input, &[Vec<f64>]) -> Vec<f64>) -> Output {
    let arrays = input.arrays().map(Tensor::to_f64);
    Output {
        o: Tensor::of(input.r#type, method(input, &arrays)),
    }
}

/// What a key weighs for a query: the square of what their product over a count is above 0.
fn weight<T: Number>(query: &[T], key: &[T], count: usize) -> T {
    let score = product(query, key) / T::of(count as f64);
    if score > T::default() {
        score * score
    } else {
        T::default()
    }
}

/// The definition, of some rows: the weights of all keys that a query sees, the sum of their values, and the gate.
pub(super) fn by_queries<T: Number>(
    input: &Input,
    arrays: &[impl Borrow<[T]>],
    rows: &[usize],
) -> Vec<T> {
    let [q, k, u, v] = arrays else {
        unreachable!("q, k, u and v");
    };
    let [q, k, u, v] = [q, k, u, v].map(Borrow::borrow);
    let (n, size, width) = (input.n as usize, input.size as usize, input.width as usize);
    let mut o = Vec::with_capacity(rows.len() * width);
    for row in rows {
        let (query, first) = (&q[row * size..(row + 1) * size], row / n * n);
        let mut sum = vec![T::default(); width];
        for key in first..first + input.visible(row % n) {
            let weight = weight(query, &k[key * size..(key + 1) * size], n);
            add(&mut sum, weight, &v[key * width..(key + 1) * width]);
        }
        let gate = &u[row * width..(row + 1) * width];
        o.extend(gate.iter().zip(sum).map(|(gate, sum)| *gate * sum));
    }
    o
}

/// One key after the other, from the last: all queries that see it get its value, gated by each of them.
fn by_keys(input: &Input, arrays: &[Vec<f64>]) -> Vec<f64> {
    let [q, k, u, v] = arrays else {
        unreachable!("q, k, u and v");
    };
    let (n, size, width) = (input.n as usize, input.size as usize, input.width as usize);
    let mut o = vec![0.0; u.len()];
    for key in (0..k.len() / size).rev() {
        let first = key / n * n;
        let value = &v[key * width..(key + 1) * width];
        for query in if input.causal { key } else { first }..first + n {
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
