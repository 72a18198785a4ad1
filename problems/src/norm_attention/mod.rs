//! Linear attention without a denominator: of every query the sum of the values, weighted by products of features, divided by its
//! root mean square.

pub(crate) mod families;
#[cfg(test)]
mod tests;

use vocabulary::Element;

use crate::features::Divisor;
pub use crate::linear_attention::{Input, Output};
use crate::linear_attention::{LinearAttention, references};
use crate::tolerance::{self, Tolerance};
use crate::{Accepted, Axis, Family, Limits, Mismatch, Problem, Reference, Schema, Tensor, schema};

/// The problem.
pub struct NormAttention;

/// What is added to the mean of the squares of a sum before the root is taken.
pub(crate) const EPSILON: f64 = 1e-5;

impl references::Divided for NormAttention {
    const DIVISOR: Divisor = Divisor::RootMeanSquare(EPSILON);
}

/// The type of the elements of all tensors.
pub(crate) const ELEMENT: Element = Element::OfWord("type");

/// The extents of all tensors.
pub(crate) const AXES: [&str; 4] = ["batch", "heads", "n", "size"];

/// Declares sizes, queries, keys and values.
pub(crate) fn inputs(problem: &'static str) -> Schema {
    schema(problem)
        .primary("n", 1, "65536", "how many queries and keys a head has")
        // Of a row of few elements little but its sign would be left.
        .size("size", 4, "128", "64", "elements of a query, key or value")
        .size("heads", 1, "64", "1", "heads of a sequence")
        .size("batch", 1, "64", "1", "sequences")
        .size(
            "causal",
            0,
            "1",
            "0",
            "1 if a query sees only the keys up to its own place",
        )
        .word("type", &["f32", "f16"], "the type of all elements")
        // The square of a sum of the most of all stays in f32.
        .input_tensor("q", ELEMENT, &AXES, "1024", "the queries")
        .input_tensor("k", ELEMENT, &AXES, "1024", "the keys")
        .input_tensor("v", ELEMENT, &AXES, "65504", "the values")
}

impl Problem for NormAttention {
    type Input = Input;
    type Output = Output;
    type Answer = [Tolerance; 1];

    const STATEMENT: &'static str = include_str!("statement.md");

    fn schema() -> Schema {
        inputs("norm_attention")
            .output_tensor("o", ELEMENT, &AXES, "the normalised sums of the values")
            // Two products, as in linear attention, by the cheaper way.
            .operations(
                "4 * batch * heads * size * min(n * n - causal * (n * (n - 1) / 2), n * size)",
            )
    }

    fn families() -> Vec<Family<Self>> {
        families::all()
    }

    fn references() -> [Reference<Self>; 2] {
        references::both()
    }

    fn answer(input: &Input) -> [Tolerance; 1] {
        [references::tolerance::<Self>(input)]
    }

    fn check(_: &Input, answer: &[Tolerance; 1], output: &Output) -> Result<Accepted, Mismatch> {
        tolerance::accept(answer.iter().zip([&output.o]))
    }

    fn prepare(input: &Input) -> Output {
        Output {
            o: Tensor::with_room(input.r#type, input.q.len()),
        }
    }

    /// Both sides of the borders of tiles of 32, 64 and 128.
    fn trial_sizes() -> Vec<i64> {
        vec![1, 2, 15, 33, 64, 65, 130]
    }

    fn settings() -> &'static [&'static str] {
        &[
            "type=f32",
            "type=f16,causal=1",
            "type=f32,size=32,heads=2,causal=1",
            "type=f16,size=32,heads=2,batch=2",
            "type=f32,size=128,causal=1",
            "type=f32,size=40,batch=2",
        ]
    }

    fn axes() -> Vec<Axis> {
        let growth = |text: &str| text.parse().expect("a growth");
        let along_n = |fixed| Axis {
            parameter: "n",
            families: &["random"],
            from: 64,
            to: 2048,
            fixed,
            classes: vec![
                ("every pair of a query and a key", growth("n^2")),
                ("running sums", growth("n")),
            ],
        };
        vec![along_n("type=f32"), along_n("type=f32,causal=1")]
    }

    fn limits() -> Limits {
        LinearAttention::limits()
    }
}
