//! Functions for gated attention in mixed chunks.

use std::borrow::Cow;
use std::ops::Range;

use problems::Tensor;
use problems::gated_attention_mixed_chunk::{GatedAttentionMixedChunk, Input};

use crate::gated::{apply_gate, weight};
use crate::vectors::{add_combination, add_scaled, dot};

crate::catalogue!(GatedAttentionMixedChunk:
    plain,
    running,
    chunked_parallel,
    own_chunk_twice,
    length_of_last,
);

/// The arrays of an input in `f32`: queries and keys in pairs, gates, values.
struct Arrays<'a> {
    quadratic: [Cow<'a, [f32]>; 2],
    linear: [Cow<'a, [f32]>; 2],
    u: Cow<'a, [f32]>,
    v: Cow<'a, [f32]>,
}

impl<'a> Arrays<'a> {
    fn of(input: &'a Input) -> Self {
        Arrays {
            quadratic: [&input.quadratic_q, &input.quadratic_k].map(Tensor::to_f32),
            linear: [&input.linear_q, &input.linear_k].map(Tensor::to_f32),
            u: input.u.to_f32(),
            v: input.v.to_f32(),
        }
    }
}

/// Adds to a row's sum the values of some keys, where it is known what a product weighs.
fn add_pairs(
    sum: &mut [f32],
    row: usize,
    keys: Range<usize>,
    [q, k]: &[Cow<'_, [f32]>; 2],
    v: &[f32],
    weigh: impl Fn(f32) -> f32,
) {
    let (size, width) = (q.len() / (v.len() / sum.len()), sum.len());
    let query = &q[row * size..(row + 1) * size];
    for key in keys {
        let weight = weigh(dot(query, &k[key * size..(key + 1) * size]));
        add_scaled(sum, weight, &v[key * width..(key + 1) * width]);
    }
}

/// The definition, where it is known which linear keys the query of a row sees, and what the scores of a row are divided by.
fn by_pairs(
    input: &Input,
    far: impl Fn(usize) -> Range<usize>,
    count: impl Fn(usize) -> usize,
) -> Vec<f32> {
    let Arrays {
        quadratic,
        linear,
        u,
        v,
    } = Arrays::of(input);
    let mut sums = vec![0.0; u.len()];
    for (row, sum) in sums.chunks_exact_mut(input.width as usize).enumerate() {
        let count = count(row) as f32;
        add_pairs(sum, row, input.near(row), &quadratic, &v, |product| {
            weight(product / count)
        });
        add_pairs(sum, row, far(row), &linear, &v, |product| {
            product / input.n as f32
        });
    }
    apply_gate(&mut sums, &u);
    sums
}

/// Adds to a state the products of some linear keys and their values: a row for each element of a key.
fn take(state: &mut [f32], keys: &[f32], size: usize, values: &[f32], width: usize) {
    for (key, value) in keys.chunks_exact(size).zip(values.chunks_exact(width)) {
        for (element, row) in key.iter().zip(state.chunks_exact_mut(width)) {
            add_scaled(row, *element, value);
        }
    }
}

/// Adds to a sum what a linear query gets from a state.
fn answer(sum: &mut [f32], query: &[f32], n: usize, state: &[f32]) {
    let shares: Vec<f32> = query.iter().map(|element| element / n as f32).collect();
    add_combination(sum, &shares, state);
}
