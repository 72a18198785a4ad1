//! Two ways to right gradients in `f64`, and the plain ones in `f32` that others are measured by.
//!
//! Both also take a factor for each element of a normalised sum, all of them 1. The tolerance moves them by a unit in their last
//! place, as it moves inputs, and so finds out what rounding a normalised sum does: where a sum has the direction of all values that
//! it sees, as the first one under a mask, its gradient is at a right angle to them, and nothing but rounding is left.

use std::borrow::{Borrow, Cow};

use super::{Input, NormAttentionGradient, Output};
use crate::features::{Divisor, Heads, Number, add, features, product};
use crate::linear_attention::references::Divided;
use crate::norm_attention::NormAttention;
use crate::tolerance::{self, Part, Shaken, Tolerance};
use crate::{Reference, Tensor};

/// The gradients of queries, keys and values.
type Gradients<T> = [Vec<T>; 3];

pub(super) fn both() -> [Reference<NormAttentionGradient>; 2] {
    [
        Reference {
            name: "running sums",
            solve: |input| whole(input, by_running_sums),
            most: i64::MAX,
        },
        Reference {
            name: "every pair",
            solve: |input| whole(input, by_pairs),
            most: 4096,
        },
    ]
}

fn whole(input: &Input, method: fn(Heads, &[Vec<f64>]) -> Gradients<f64>) -> Output {
    let factors = factors(input);
    let inputs = inputs(input, &factors).map(Tensor::to_f64);
    let gradients = method(heads(input), &inputs);
    let [dq, dk, dv] = gradients.map(|values| Tensor::of(input.forward.r#type, values));
    Output { dq, dk, dv }
}

/// Multiplications of numbers for which the references also go through all pairs.
const AFFORDABLE: usize = 1 << 22;

/// What rounds a key's gradient is in those of all queries that see it; and where only rounding is left, all rows may be alike.
const SHAKEN: Shaken = Shaken::Whole(8);

/// Within what an answer is right. A key's gradient takes all queries, so that there is nothing to save by leaving out rows.
pub(super) fn tolerances(input: &Input) -> [Tolerance; 3] {
    let (heads, count) = (heads(input), input.forward.rows());
    let rows: Vec<usize> = (0..count).collect();
    let parts = ["dq", "dk", "dv"].map(|name| Part {
        name,
        element: input.forward.r#type,
        width: heads.size,
    });
    let factors = factors(input);
    let tensors = inputs(input, &factors);
    let exact = |inputs: &[Vec<f64>]| by_running_sums(heads, inputs);
    let plain = |inputs: &[Cow<'_, [f32]>]| {
        let mut plain = vec![by_running_sums(heads, inputs)];
        // Where there are few keys, their pairs round less often than their sums, or more.
        if count * heads.n * heads.size <= AFFORDABLE {
            plain.push(by_pairs(heads, inputs));
        }
        plain
    };
    tolerance::tolerances(&tensors, parts, count, &rows, SHAKEN, exact, plain)
}

fn heads(input: &Input) -> Heads {
    let forward = &input.forward;
    Heads {
        n: forward.n as usize,
        features: forward.size as usize,
        size: forward.size as usize,
        is_causal: forward.causal,
        divisor: Divisor::One,
    }
}

/// What normalised sums are multiplied by. They are rounded to `f32`, whatever the type of the inputs is.
fn factors(input: &Input) -> Tensor {
    Tensor::F32(vec![1.0; input.forward.q.len()])
}

fn inputs<'a>(input: &'a Input, factors: &'a Tensor) -> [&'a Tensor; 5] {
    let forward = &input.forward;
    [&forward.q, &forward.k, &forward.v, &input.upstream, factors]
}

fn rows<T>(inputs: &[impl Borrow<[T]>]) -> [&[T]; 5] {
    let [q, k, v, upstream, factors] = inputs else {
        unreachable!("q, k, v, the upstream gradient and factors");
    };
    [q, k, v, upstream, factors].map(Borrow::borrow)
}

/// Makes of a sum its gradient: what is along the normalised sum is taken off, since a longer sum is normalised to the same.
fn through_norm<T: Number>(sum: &mut [T], upstream: &[T], factors: &[T]) {
    let root = NormAttention::DIVISOR.of(sum, T::default());
    for (element, factor) in sum.iter_mut().zip(factors) {
        *element = *element / root * *factor;
    }
    let along = product(sum, upstream) / T::of(sum.len() as f64);
    for (element, upstream) in sum.iter_mut().zip(upstream) {
        *element = (*upstream - *element * along) / root;
    }
}

/// Makes of gradients of features those of the elements that they are of: elu has a slope of 1, and of exp(x) up to 0.
fn through_features<T: Number>(gradients: &mut [T], elements: &[T]) {
    for (gradient, x) in gradients.iter_mut().zip(elements) {
        let is_exponential = *x <= T::default();
        if is_exponential {
            *gradient = *gradient * x.exp();
        }
    }
}

/// The definition: each query adds its part to the gradients of all keys and values that it sees.
fn by_pairs<T: Number>(heads: Heads, inputs: &[impl Borrow<[T]>]) -> Gradients<T> {
    let [q, k, v, upstream, factors] = rows(inputs);
    let (queries, keys) = (features(q), features(k));
    let Heads { n, size, .. } = heads;
    let of = |row: usize| row * size..(row + 1) * size;
    let [mut dq, mut dk, mut dv] = [(); 3].map(|()| vec![T::default(); q.len()]);
    for row in 0..q.len() / size {
        let (query, first) = (&queries[of(row)], row / n * n);
        let seen = first..first + heads.visible(row % n);
        let weight = |key: usize| product(query, &keys[of(key)]);
        let mut sum = vec![T::default(); size];
        for key in seen.clone() {
            add(&mut sum, weight(key), &v[of(key)]);
        }
        through_norm(&mut sum, &upstream[of(row)], &factors[of(row)]);
        for key in seen {
            let of_weight = product(&sum, &v[of(key)]);
            add(&mut dq[of(row)], of_weight, &keys[of(key)]);
            add(&mut dk[of(key)], of_weight, query);
            add(&mut dv[of(key)], weight(key), &sum);
        }
    }
    through_features(&mut dq, q);
    through_features(&mut dk, k);
    [dq, dk, dv]
}

/// All gradients are sums of rows, weighted by products of others, as the forward pass is: with states that run along the sequence,
/// and for the gradients of keys and values, which queries see from behind, along its reverse.
fn by_running_sums<T: Number>(heads: Heads, inputs: &[impl Borrow<[T]>]) -> Gradients<T> {
    let [q, k, v, upstream, factors] = rows(inputs);
    let (queries, keys) = (features(q), features(k));
    let rows: Vec<usize> = (0..q.len() / heads.size).collect();
    let sums = |arrays: [&[T]; 3]| heads.by_running_sums(arrays, &rows);
    let from_the_end = |arrays: [&[T]; 3]| {
        let [q, k, v] = arrays.map(|array| reversed(heads, array));
        reversed(heads, &sums([&q, &k, &v]))
    };
    let mut gradients = sums([&queries, &keys, v]);
    let each = upstream.chunks(heads.size).zip(factors.chunks(heads.size));
    for (sum, (upstream, factors)) in gradients.chunks_mut(heads.size).zip(each) {
        through_norm(sum, upstream, factors);
    }
    let mut dq = sums([&gradients, v, &keys]);
    let mut dk = from_the_end([v, &gradients, &queries]);
    let dv = from_the_end([&keys, &queries, &gradients]);
    through_features(&mut dq, q);
    through_features(&mut dk, k);
    [dq, dk, dv]
}

/// The rows of each head from the last to the first.
fn reversed<T: Number>(heads: Heads, array: &[T]) -> Vec<T> {
    let of_heads = array.chunks(heads.n * heads.size);
    let rows = of_heads.flat_map(|head| head.chunks(heads.size).rev());
    rows.flatten().copied().collect()
}
