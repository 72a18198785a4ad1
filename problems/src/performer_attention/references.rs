//! Two ways to right outputs in `f64`, and the plain one in `f32` that others are measured by.

use std::borrow::{Borrow, Cow};

use super::{Input, Output, PerformerAttention};
use crate::features::{Divisor, Heads, Number, product};
use crate::{Reference, Tensor};

pub(super) fn both() -> [Reference<PerformerAttention>; 2] {
    let most = i64::MAX;
    [
        Reference {
            name: "every pair",
            solve: |input| whole(input, by_pairs),
            most,
        },
        Reference {
            name: "running sums",
            solve: |input| whole(input, by_distances),
            most,
        },
    ]
}

/// Means of some rows, from q, k, v and w.
type Method = fn(&Input, &[Vec<f64>], &[usize]) -> Vec<f64>;

fn whole(input: &Input, method: Method) -> Output {
    let inputs = [&input.q, &input.k, &input.v, &input.w].map(Tensor::to_f64);
    let rows: Vec<usize> = (0..input.rows()).collect();
    Output {
        o: Tensor::of(input.r#type, method(input, &inputs, &rows)),
    }
}

fn heads(input: &Input) -> Heads {
    Heads {
        n: input.n as usize,
        features: input.features as usize,
        size: input.size as usize,
        is_causal: input.causal,
        divisor: Divisor::Weights,
    }
}

/// Divides the features of a query by their greatest, here still exponents.
fn divided<T: Number>(exponents: Vec<T>) -> Vec<T> {
    let greatest = exponents
        .iter()
        .copied()
        .reduce(|one, other| if one < other { other } else { one });
    let greatest = greatest.expect("there are features");
    exponents
        .into_iter()
        .map(|exponent| exponent - greatest)
        .collect()
}

/// The features of queries and of keys by the definition. In `f32` this is stable, since the greatest feature of a query is 1.
fn features<T: Number>(input: &Input, [q, k, w]: [&[T]; 3]) -> [Vec<T>; 2] {
    let (size, root) = (input.size as usize, T::of(input.fourth_root()));
    let exponents = |x: &[T]| -> Vec<T> {
        let x: Vec<T> = x.iter().map(|x| *x / root).collect();
        let square = product(&x, &x) / T::of(2.0);
        let rows = w.chunks_exact(size);
        rows.map(|w| product(w, &x) - square).collect()
    };
    let queries = q.chunks_exact(size).flat_map(|row| divided(exponents(row)));
    let keys = k.chunks_exact(size).flat_map(exponents);
    [queries.map(T::exp).collect(), keys.map(T::exp).collect()]
}

/// Means of some rows by the definition.
pub(super) fn by_pairs<T: Number>(
    input: &Input,
    inputs: &[impl Borrow<[T]>],
    rows: &[usize],
) -> Vec<T> {
    let [q, k, v, w] = inputs else {
        unreachable!("q, k, v and w");
    };
    let [q, k] = features(input, [q.borrow(), k.borrow(), w.borrow()]);
    heads(input).by_pairs([&q, &k, v.borrow()], rows)
}

/// Means of some rows in `f32` as most compute them: sums over the keys first.
pub(super) fn by_running_sums(
    input: &Input,
    inputs: &[Cow<'_, [f32]>],
    rows: &[usize],
) -> Vec<f32> {
    let [q, k, v, w] = inputs else {
        unreachable!("q, k, v and w");
    };
    let [q, k] = features(input, [q, k, w]);
    heads(input).by_running_sums([&q, &k, v], rows)
}

/// Sums over the keys first, of exponents that are taken as (w w - (x - w) (x - w)) / 2, where x is divided by the root already.
fn by_distances(input: &Input, inputs: &[Vec<f64>], rows: &[usize]) -> Vec<f64> {
    let [q, k, v, w] = inputs else {
        unreachable!("q, k, v and w");
    };
    let (size, root) = (input.size as usize, input.fourth_root());
    let exponents = |x: &[f64]| -> Vec<f64> {
        let of_row = |w: &[f64]| {
            let terms = w
                .iter()
                .zip(x)
                .map(|(w, x)| w * w - (x / root - w) * (x / root - w));
            terms.sum::<f64>() / 2.0
        };
        w.chunks_exact(size).map(of_row).collect()
    };
    let queries = q.chunks_exact(size).flat_map(|row| divided(exponents(row)));
    let keys = k.chunks_exact(size).flat_map(exponents);
    let (q, k): (Vec<f64>, Vec<f64>) = (
        queries.map(Number::exp).collect(),
        keys.map(Number::exp).collect(),
    );
    heads(input).by_running_sums([&q, &k, v], rows)
}
