//! Two ways to right outputs in `f64`, and the plain one in `f32` that others are measured by.

use std::borrow::{Borrow, Cow};

use super::{Input, LinearAttention, Output};
use crate::features::{Heads, Number};
use crate::{Reference, Tensor};

pub(super) fn both() -> [Reference<LinearAttention>; 2] {
    let most = i64::MAX;
    [
        Reference {
            name: "every pair",
            solve: |input| whole(input, by_pairs),
            most,
        },
        Reference {
            name: "running sums",
            solve: |input| whole(input, by_running_sums),
            most,
        },
    ]
}

/// Means of some rows in `f32`.
pub(super) type Plain = fn(&Input, &[Cow<'_, [f32]>], &[usize]) -> Vec<f32>;

/// Means of some rows, from q, k and v.
type Method = fn(&Input, &[Vec<f64>], &[usize]) -> Vec<f64>;

fn whole(input: &Input, method: Method) -> Output {
    let inputs = [&input.q, &input.k, &input.v].map(Tensor::to_f64);
    let rows: Vec<usize> = (0..input.rows()).collect();
    Output {
        o: Tensor::of(input.r#type, method(input, &inputs, &rows)),
    }
}

fn heads(input: &Input) -> Heads {
    Heads {
        n: input.n as usize,
        features: input.size as usize,
        size: input.size as usize,
        is_causal: input.causal,
    }
}

/// elu(x) + 1 of all elements.
fn features<T: Number>(elements: &[T]) -> Vec<T> {
    let feature = |x: &T| {
        if *x > T::default() {
            *x + T::of(1.0)
        } else {
            x.exp()
        }
    };
    elements.iter().map(feature).collect()
}

/// Means of some rows by the definition. In `f32` this is stable, since no term of a divisor is negative.
pub(super) fn by_pairs<T: Number>(
    input: &Input,
    inputs: &[impl Borrow<[T]>],
    rows: &[usize],
) -> Vec<T> {
    let [q, k, v] = inputs else {
        unreachable!("q, k and v");
    };
    let (q, k) = (features(q.borrow()), features(k.borrow()));
    heads(input).by_pairs([&q, &k, v.borrow()], rows)
}

/// Means of some rows as most compute them: sums over the keys first.
pub(super) fn by_running_sums<T: Number>(
    input: &Input,
    inputs: &[impl Borrow<[T]>],
    rows: &[usize],
) -> Vec<T> {
    let [q, k, v] = inputs else {
        unreachable!("q, k and v");
    };
    let (q, k) = (features(q.borrow()), features(k.borrow()));
    heads(input).by_running_sums([&q, &k, v.borrow()], rows)
}
