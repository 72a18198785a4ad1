//! Linear attention: of every query the mean of the values, weighted by products of positive features.

pub(crate) mod families;
pub(crate) mod references;
#[cfg(test)]
mod tests;

use vocabulary::Element;

pub use crate::attention::Input;
use crate::features::Divisor;
use crate::tolerance::{self, Tolerance};
use crate::{
    Accepted, Axis, Family, Limits, Mismatch, Problem, Reference, Schema, Tensor, record, schema,
};

/// The problem.
pub struct LinearAttention;

/// What an answer must fill.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// The weighted means, as long as `q`.
    pub o: Tensor,
}

record!(Output { o });

/// The types of q, k, v and o.
const TYPES: &[&str] = &["f32", "f16"];

/// The most that an element of q or k may be. The least feature is then exp(-20) = 2e-9: nothing in `f16`, but a product of two is far
/// within `f32`, and so are a million products of the greatest, 21.
const MOST: &str = "20";

/// The most that an element of v may be: what `f16` has.
const MOST_VALUE: &str = "65504";

/// Multiplications of numbers for which the references are computed in all rows; beyond, in some.
const AFFORDABLE: usize = 1 << 25;

impl references::Divided for LinearAttention {
    const DIVISOR: Divisor = Divisor::Weights;
}

impl Problem for LinearAttention {
    type Input = Input;
    type Output = Output;
    type Answer = [Tolerance; 1];

    const STATEMENT: &'static str = include_str!("statement.md");

    fn schema() -> Schema {
        let all = ["batch", "heads", "n", "size"];
        let element = Element::OfWord("type");
        schema("linear_attention")
            .primary("n", 1, "65536", "how many queries and keys a head has")
            .size("size", 1, "256", "64", "elements of a query, key or value")
            .size("heads", 1, "64", "1", "heads of a sequence")
            .size("batch", 1, "64", "1", "sequences")
            .size(
                "causal",
                0,
                "1",
                "0",
                "1 if a query sees only the keys up to its own place",
            )
            .word("type", TYPES, "the type of the elements of q, k, v and o")
            .input_tensor("q", element, &all, MOST, "the queries")
            .input_tensor("k", element, &all, MOST, "the keys")
            .input_tensor("v", element, &all, MOST_VALUE, "the values")
            .output_tensor("o", element, &all, "the weighted means of the values")
            // Two products of 2 * size operations: for each pair of a query and a key that it sees, or for each place and row of a
            // running sum, whatever is less.
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

    /// Both sides of the borders of tiles of 16, 32, 64 and 128.
    fn trial_sizes() -> Vec<i64> {
        vec![1, 2, 15, 33, 64, 65, 130]
    }

    fn settings() -> &'static [&'static str] {
        &[
            "type=f32",
            "type=f16,causal=1",
            "type=f32,size=32,heads=2,causal=1",
            "type=f16,size=128",
            "type=f32,size=40,batch=2,causal=1",
            "type=f16,size=32,heads=2,batch=2",
        ]
    }

    fn axes() -> Vec<Axis> {
        let growth = |text: &str| text.parse().expect("a growth");
        let along = |fixed| Axis {
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
        vec![
            along("type=f32"),
            along("type=f16"),
            Axis {
                parameter: "size",
                from: 32,
                to: 256,
                classes: vec![
                    ("every pair of a query and a key", growth("size")),
                    ("running sums", growth("size^2")),
                ],
                ..along("n=256,type=f32")
            },
        ]
    }

    fn limits() -> Limits {
        Limits {
            cpu: std::time::Duration::from_secs(3),
            ..Limits::default()
        }
    }
}
