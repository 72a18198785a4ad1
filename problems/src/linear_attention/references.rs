//! Two ways to right outputs in `f64`, and plain ones in `f32` that others are measured by: of linear attention, and of what
//! differs from it in what sums are divided by.

use std::borrow::Borrow;

use super::{AFFORDABLE, Input, Output};
use crate::features::{Divisor, Heads, Number, features};
use crate::tolerance::{self, Part, Shaken, Tolerance};
use crate::{Problem, Reference, Tensor};

/// A problem of this input and output.
pub(crate) trait Divided: Problem<Input = Input, Output = Output> {
    /// What its sums of values are divided by.
    const DIVISOR: Divisor;
}

pub(crate) fn both<P: Divided>() -> [Reference<P>; 2] {
    let most = i64::MAX;
    [
        Reference {
            name: "every pair",
            solve: |input| whole(input, |inputs, rows| by_pairs::<P, _>(input, inputs, rows)),
            most,
        },
        Reference {
            name: "running sums",
            solve: |input| {
                whole(input, |inputs, rows| {
                    by_running_sums::<P, _>(input, inputs, rows)
                })
            },
            most,
        },
    ]
}

/// Within what an answer is right.
pub(crate) fn tolerance<P: Divided>(input: &Input) -> Tolerance {
    let (rows, of_a_row) = (input.rows(), (input.n * input.size) as usize);
    let known = tolerance::sample(rows, AFFORDABLE / of_a_row);
    let part = Part {
        name: "o",
        element: input.r#type,
        width: input.size as usize,
    };
    let tensors = [&input.q, &input.k, &input.v];
    let [tolerance] = tolerance::tolerances(
        &tensors,
        [part],
        rows,
        &known,
        Shaken::ByRows,
        |inputs| [by_pairs::<P, _>(input, inputs, &known)],
        // Pairs round once for each key, sums once for each key and once for each feature: where there are few of the one, the
        // other is off by more.
        |inputs| {
            let by_pairs = by_pairs::<P, _>(input, inputs, &known);
            let by_sums = by_running_sums::<P, _>(input, inputs, &known);
            vec![[by_pairs], [by_sums]]
        },
    );
    tolerance
}

fn whole(input: &Input, method: impl Fn(&[Vec<f64>], &[usize]) -> Vec<f64>) -> Output {
    let inputs = [&input.q, &input.k, &input.v].map(Tensor::to_f64);
    let rows: Vec<usize> = (0..input.rows()).collect();
    Output {
        o: Tensor::of(input.r#type, method(&inputs, &rows)),
    }
}

fn heads<P: Divided>(input: &Input) -> Heads {
    Heads {
        n: input.n as usize,
        features: input.size as usize,
        size: input.size as usize,
        is_causal: input.causal,
        divisor: P::DIVISOR,
    }
}

/// Some rows by the definition. In `f32` this is stable, since no weight is negative.
fn by_pairs<P: Divided, T: Number>(
    input: &Input,
    inputs: &[impl Borrow<[T]>],
    rows: &[usize],
) -> Vec<T> {
    let [q, k, v] = inputs else {
        unreachable!("q, k and v");
    };
    let (q, k) = (features(q.borrow()), features(k.borrow()));
    heads::<P>(input).by_pairs([&q, &k, v.borrow()], rows)
}

/// Some rows as most compute them: sums over the keys first.
fn by_running_sums<P: Divided, T: Number>(
    input: &Input,
    inputs: &[impl Borrow<[T]>],
    rows: &[usize],
) -> Vec<T> {
    let [q, k, v] = inputs else {
        unreachable!("q, k and v");
    };
    let (q, k) = (features(q.borrow()), features(k.borrow()));
    heads::<P>(input).by_running_sums([&q, &k, v.borrow()], rows)
}
