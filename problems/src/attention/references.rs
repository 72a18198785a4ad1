//! Two ways to right outputs in `f64`, and the plain one in `f32` that others are measured by.

use std::borrow::Cow;

use vocabulary::ElementType;

use super::{Attention, Input, Output};
use crate::{Reference, Tensor};

pub(super) fn both() -> [Reference<Attention>; 2] {
    let most = i64::MAX;
    [
        Reference {
            name: "materialised",
            solve: |input| whole(input, materialised),
            most,
        },
        Reference {
            name: "streaming",
            solve: |input| whole(input, streaming),
            most,
        },
    ]
}

/// Means and logsumexp of some rows, from q, k and v.
type Method = fn(&Input, &[Vec<f64>], &[usize]) -> [Vec<f64>; 2];

fn whole(input: &Input, method: Method) -> Output {
    let inputs = [&input.q, &input.k, &input.v].map(Tensor::to_f64);
    let rows: Vec<usize> = (0..input.rows()).collect();
    let [o, logsumexp] = method(input, &inputs, &rows);
    Output {
        o: Tensor::of(input.r#type, o),
        logsumexp: Tensor::of(ElementType::F32, logsumexp),
    }
}

/// Where in q, k and v a row's query, keys and values are, and how many keys it sees.
struct Place {
    query: std::ops::Range<usize>,
    /// The first key of its head.
    keys: usize,
    visible: usize,
}

fn place(input: &Input, row: usize) -> Place {
    let (n, size) = (input.n as usize, input.size as usize);
    let head = row / n;
    Place {
        query: row * size..(row + 1) * size,
        keys: head * n * size,
        visible: input.visible(row % n),
    }
}

/// The definition: all scores of a query, their softmax, the weighted sum.
pub(super) fn materialised(input: &Input, inputs: &[Vec<f64>], rows: &[usize]) -> [Vec<f64>; 2] {
    let [q, k, v] = inputs else {
        unreachable!("q, k and v");
    };
    let (size, scale) = (input.size as usize, input.scale());
    let (mut means, mut sums) = (Vec::with_capacity(rows.len() * size), Vec::new());
    for row in rows {
        let Place {
            query,
            keys,
            visible,
        } = place(input, *row);
        let seen = keys..keys + visible * size;
        let query = &q[query];
        let scores = k[seen.clone()].chunks_exact(size);
        let scores: Vec<f64> = scores.map(|key| scale * product(query, key)).collect();
        let greatest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weights = scores.iter().map(|score| libm::exp(score - greatest));
        let weights: Vec<f64> = weights.collect();
        let sum: f64 = weights.iter().sum();
        let mut mean = vec![0.0; size];
        for (weight, value) in weights.iter().zip(v[seen].chunks_exact(size)) {
            add(&mut mean, weight / sum, value);
        }
        means.extend(mean);
        sums.push(greatest + libm::log(sum));
    }
    [means, sums]
}

/// One pass over the keys, from the last to the first, with a running maximum: what was summed up is scaled down whenever a
/// greater score comes (Milakov and Gimelshein, *Online normalizer calculation for softmax*, 2018).
fn streaming(input: &Input, inputs: &[Vec<f64>], rows: &[usize]) -> [Vec<f64>; 2] {
    let [q, k, v] = inputs else {
        unreachable!("q, k and v");
    };
    let (size, scale) = (input.size as usize, input.scale());
    let (mut means, mut sums) = (Vec::with_capacity(rows.len() * size), Vec::new());
    for row in rows {
        let Place {
            query,
            keys,
            visible,
        } = place(input, *row);
        let (mut greatest, mut sum, mut mean) = (f64::NEG_INFINITY, 0.0, vec![0.0; size]);
        for key in (0..visible).rev() {
            let at = keys + key * size..keys + (key + 1) * size;
            let score = scale * product(&q[query.clone()], &k[at.clone()]);
            if score > greatest {
                let shrink = libm::exp(greatest - score);
                sum *= shrink;
                mean.iter_mut().for_each(|element| *element *= shrink);
                greatest = score;
            }
            let weight = libm::exp(score - greatest);
            sum += weight;
            add(&mut mean, weight, &v[at]);
        }
        means.extend(mean.iter().map(|element| element / sum));
        sums.push(greatest + libm::log(sum));
    }
    [means, sums]
}

/// Four sums side by side, since one would wait for each addition.
fn product(query: &[f64], key: &[f64]) -> f64 {
    let (queries, last_of_query) = query.as_chunks::<4>();
    let (keys, last_of_key) = key.as_chunks::<4>();
    let mut sums = [0.0; 4];
    for (query, key) in queries.iter().zip(keys) {
        for lane in 0..4 {
            sums[lane] += query[lane] * key[lane];
        }
    }
    let last = last_of_query.iter().zip(last_of_key);
    sums.iter().sum::<f64>() + last.map(|(a, b)| a * b).sum::<f64>()
}

fn add(mean: &mut [f64], weight: f64, value: &[f64]) {
    for (element, value) in mean.iter_mut().zip(value) {
        *element += weight * value;
    }
}

/// Three passes in `f32`, every sum from the first term to the last: stable, since the greatest score is taken off, and
/// nothing more.
pub(super) fn plain(input: &Input, inputs: &[Cow<'_, [f32]>], rows: &[usize]) -> [Vec<f32>; 2] {
    let [q, k, v] = inputs else {
        unreachable!("q, k and v");
    };
    let (size, scale) = (input.size as usize, input.scale() as f32);
    let (mut means, mut sums) = (Vec::with_capacity(rows.len() * size), Vec::new());
    for row in rows {
        let Place {
            query,
            keys,
            visible,
        } = place(input, *row);
        let seen = keys..keys + visible * size;
        let score = |key: &[f32]| {
            let terms = q[query.clone()].iter().zip(key);
            scale * terms.fold(0.0, |sum, (a, b)| sum + a * b)
        };
        let scores: Vec<f32> = k[seen.clone()].chunks_exact(size).map(score).collect();
        let greatest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let weights: Vec<f32> = scores
            .iter()
            .map(|score| libm::expf(score - greatest))
            .collect();
        let sum = weights.iter().fold(0.0, |sum, weight| sum + weight);
        let mut mean = vec![0.0; size];
        for (weight, value) in weights.iter().zip(v[seen].chunks_exact(size)) {
            for (element, value) in mean.iter_mut().zip(value) {
                *element += weight * value;
            }
        }
        means.extend(mean.iter().map(|element| element / sum));
        sums.push(greatest + libm::logf(sum));
    }
    [means, sums]
}
