//! Gated attention with the squares of positive scores for weights: no softmax, no sum of weights, and a gate on every element.

mod families;
mod references;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use vocabulary::{Element, ElementType};

use crate::tolerance::{self, Part, Tolerance};
use crate::{
    Accepted, Axis, Family, Limits, Mismatch, Problem, Reference, Schema, Tensor, record, schema,
};

/// The problem.
pub struct GatedAttentionUnit;

/// What an answer is given. All arrays are row-major: `[batch][n][size]`, `[batch][n][width]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// How many queries, keys, gates and values a sequence has.
    pub n: i64,
    /// How many elements a query or key has.
    pub size: i64,
    /// How many elements a gate or value has.
    pub width: i64,
    /// How many sequences there are.
    pub batch: i64,
    /// Whether a query sees only the keys up to its own place.
    pub causal: bool,
    /// The type of all elements.
    pub r#type: ElementType,
    /// The queries.
    pub q: Tensor,
    /// The keys.
    pub k: Tensor,
    /// The gates.
    pub u: Tensor,
    /// The values.
    pub v: Tensor,
}

/// What an answer must fill.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// The gated sums, as long as `u`.
    pub o: Tensor,
}

record!(Input {
    n,
    size,
    width,
    batch,
    causal,
    r#type,
    q,
    k,
    u,
    v
});
record!(Output { o });

impl Input {
    /// Rows of every array: one for each place of each sequence.
    pub fn rows(&self) -> usize {
        (self.batch * self.n) as usize
    }

    /// How many keys of its sequence the query at a place sees, from the first on.
    pub fn visible(&self, place: usize) -> usize {
        match self.causal {
            true => place + 1,
            false => self.n as usize,
        }
    }

    fn arrays(&self) -> [&Tensor; 4] {
        [&self.q, &self.k, &self.u, &self.v]
    }
}

/// The most that an element may be: what `f16` has, so that no sum leaves `f32`.
const MOST: &str = "65504";

/// The shape of queries and keys.
const PAIRED: [&str; 3] = ["batch", "n", "size"];

/// The shape of gates, values and sums.
const GATED: [&str; 3] = ["batch", "n", "width"];

/// Multiplications of numbers for which the references are computed in all rows; beyond, in some.
const AFFORDABLE: usize = 1 << 25;

impl Problem for GatedAttentionUnit {
    type Input = Input;
    type Output = Output;
    type Answer = [Tolerance; 1];

    const STATEMENT: &'static str = include_str!("statement.md");

    fn schema() -> Schema {
        let element = Element::OfWord("type");
        schema("gated_attention_unit")
            .primary("n", 1, "65536", "how many places a sequence has")
            .size("size", 1, "256", "64", "elements of a query or key")
            .size("width", 1, "256", "128", "elements of a gate or value")
            .size("batch", 1, "64", "1", "sequences")
            .size(
                "causal",
                0,
                "1",
                "0",
                "1 if a query sees only the keys up to its own place",
            )
            .word("type", &["f32", "f16"], "the type of all elements")
            .input_tensor("q", element, &PAIRED, MOST, "the queries")
            .input_tensor("k", element, &PAIRED, MOST, "the keys")
            .input_tensor("u", element, &GATED, MOST, "the gates")
            .input_tensor("v", element, &GATED, MOST, "the values")
            .output_tensor("o", element, &GATED, "the gated sums")
            // A product and a multiple of a value for each pair of a query and a key that it sees.
            .operations("2 * batch * (size + width) * (n * n - causal * (n * (n - 1) / 2))")
    }

    fn families() -> Vec<Family<Self>> {
        families::all()
    }

    fn references() -> [Reference<Self>; 2] {
        references::both()
    }

    fn answer(input: &Input) -> [Tolerance; 1] {
        let (rows, of_a_row) = (
            input.rows(),
            (input.n * (input.size + input.width)) as usize,
        );
        let known = tolerance::sample(rows, AFFORDABLE / of_a_row);
        let part = Part {
            name: "o",
            element: input.r#type,
            width: input.width as usize,
        };
        let exact = |inputs: &[Vec<f64>]| [references::by_queries(input, inputs, &known)];
        let plain = |inputs: &[Cow<'_, [f32]>]| [references::by_queries(input, inputs, &known)];
        tolerance::tolerances(&input.arrays(), [part], rows, &known, exact, plain)
    }

    fn check(_: &Input, answer: &[Tolerance; 1], output: &Output) -> Result<Accepted, Mismatch> {
        tolerance::accept(answer.iter().zip([&output.o]))
    }

    fn prepare(input: &Input) -> Output {
        Output {
            o: Tensor::with_room(input.r#type, input.u.len()),
        }
    }

    /// Both sides of the borders of tiles of 32, 64 and 128.
    fn trial_sizes() -> Vec<i64> {
        vec![1, 2, 15, 33, 64, 65, 130]
    }

    fn settings() -> &'static [&'static str] {
        &[
            "type=f32,width=64",
            "type=f16,causal=1",
            "type=f32,size=32,width=65,batch=2,causal=1",
            "type=f16,size=32,width=40,batch=2",
            "type=f32,size=128,width=32,causal=1",
            "type=f32,size=40,width=130",
        ]
    }

    fn axes() -> Vec<Axis> {
        let growth = |text: &str| text.parse().expect("a growth");
        let along = |parameter, from, to, fixed, classes| Axis {
            parameter,
            families: &["random"],
            from,
            to,
            fixed,
            classes,
        };
        vec![
            along(
                "n",
                64,
                2048,
                "type=f32",
                vec![("all pairs", growth("n^2"))],
            ),
            along(
                "width",
                32,
                256,
                "n=256,type=f32",
                vec![("all elements of a value", growth("width"))],
            ),
        ]
    }

    fn limits() -> Limits {
        Limits {
            cpu: std::time::Duration::from_secs(3),
            ..Limits::default()
        }
    }
}
