//! Two ways to right outputs in `f64`, and the plain one in `f32` that others are measured by.

use std::borrow::Cow;

use vocabulary::ElementType;

use super::{Output, Row, Rows};
use crate::Tensor;

/// The definition, of all queries.
pub(crate) fn materialised<I: Rows>(input: &I) -> Output {
    whole(input, one_by_scores)
}

/// One pass over the keys, of all queries.
pub(crate) fn streaming<I: Rows>(input: &I) -> Output {
    whole(input, one_by_running_sums)
}

/// Mean and logsumexp of a query.
type Method = fn(&Row<'_, f64>, f64) -> (Vec<f64>, f64);

fn whole<I: Rows>(input: &I, method: Method) -> Output {
    let tensors = input.tensors();
    let arrays: Vec<Vec<f64>> = tensors.iter().map(|tensor| tensor.to_f64()).collect();
    let rows: Vec<usize> = (0..input.queries()).collect();
    let [o, logsumexp] = of_rows(input, &arrays, &rows, method);
    Output {
        o: Tensor::of(tensors[0].element(), o),
        logsumexp: Tensor::of(ElementType::F32, logsumexp),
    }
}

fn of_rows<I: Rows>(
    input: &I,
    arrays: &[Vec<f64>],
    rows: &[usize],
    method: Method,
) -> [Vec<f64>; 2] {
    let arrays: Vec<&[f64]> = arrays.iter().map(Vec::as_slice).collect();
    let (mut means, mut sums) = (Vec::with_capacity(rows.len() * input.size()), Vec::new());
    for row in rows {
        let (mean, sum) = method(&input.row(&arrays, *row), input.scale());
        means.extend(mean);
        sums.push(sum);
    }
    [means, sums]
}

/// The definition, of some queries.
pub(super) fn means<I: Rows>(input: &I, arrays: &[Vec<f64>], rows: &[usize]) -> [Vec<f64>; 2] {
    of_rows(input, arrays, rows, one_by_scores)
}

/// All scores of a query, their softmax, the weighted sum.
fn one_by_scores(row: &Row<'_, f64>, scale: f64) -> (Vec<f64>, f64) {
    let scores = row
        .seen
        .iter()
        .map(|(key, _)| scale * product(row.query, key));
    let scores: Vec<f64> = scores.collect();
    let greatest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let weights = scores.iter().map(|score| libm::exp(score - greatest));
    let weights: Vec<f64> = weights.collect();
    let sum: f64 = weights.iter().sum();
    let mut mean = vec![0.0; row.query.len()];
    for (weight, (_, value)) in weights.iter().zip(&row.seen) {
        add(&mut mean, weight / sum, value);
    }
    (mean, greatest + libm::log(sum))
}

/// One pass over the keys, from the last to the first, with a running maximum: what was summed up is scaled down whenever a
/// greater score comes (Milakov and Gimelshein, *Online normalizer calculation for softmax*, 2018).
fn one_by_running_sums(row: &Row<'_, f64>, scale: f64) -> (Vec<f64>, f64) {
    let (mut greatest, mut sum) = (f64::NEG_INFINITY, 0.0);
    let mut mean = vec![0.0; row.query.len()];
    for (key, value) in row.seen.iter().rev() {
        let score = scale * product(row.query, key);
        if score > greatest {
            let shrink = libm::exp(greatest - score);
            sum *= shrink;
            mean.iter_mut().for_each(|element| *element *= shrink);
            greatest = score;
        }
        let weight = libm::exp(score - greatest);
        sum += weight;
        add(&mut mean, weight, value);
    }
    mean.iter_mut().for_each(|element| *element /= sum);
    (mean, greatest + libm::log(sum))
}

/// Four sums side by side, since one would wait for each addition.
pub(super) fn product(query: &[f64], key: &[f64]) -> f64 {
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
pub(super) fn plain<I: Rows>(
    input: &I,
    arrays: &[Cow<'_, [f32]>],
    rows: &[usize],
) -> [Vec<f32>; 2] {
    let arrays: Vec<&[f32]> = arrays.iter().map(|array| &**array).collect();
    let scale = input.scale() as f32;
    let (mut means, mut sums) = (Vec::with_capacity(rows.len() * input.size()), Vec::new());
    for row in rows {
        let Row { query, seen } = input.row(&arrays, *row);
        let score = |key: &[f32]| {
            let terms = query.iter().zip(key);
            scale * terms.fold(0.0, |sum, (a, b)| sum + a * b)
        };
        let scores: Vec<f32> = seen.iter().map(|(key, _)| score(key)).collect();
        let greatest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let weights = scores.iter().map(|score| libm::expf(score - greatest));
        let weights: Vec<f32> = weights.collect();
        let sum = weights.iter().fold(0.0, |sum, weight| sum + weight);
        let mut mean = vec![0.0; input.size()];
        for (weight, (_, value)) in weights.iter().zip(&seen) {
            for (element, value) in mean.iter_mut().zip(*value) {
                *element += weight * value;
            }
        }
        means.extend(mean.iter().map(|element| element / sum));
        sums.push(greatest + libm::logf(sum));
    }
    [means, sums]
}
