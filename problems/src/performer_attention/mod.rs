//! Performer attention: softmax attention estimated by positive random features of a given projection.

mod families;
mod references;
#[cfg(test)]
mod tests;

use vocabulary::{Element, ElementType};

use crate::tolerance::{self, Part, Shaken, Tolerance};
use crate::{
    Accepted, Axis, Family, Limits, Mismatch, Problem, Reference, Schema, Tensor, record, schema,
};

/// The problem.
pub struct PerformerAttention;

/// What an answer is given. All arrays but `w` are row-major: `[batch][heads][n][size]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// How many queries, keys and values a head has.
    pub n: i64,
    /// How many elements a query, key or value has.
    pub size: i64,
    /// How many features a query or key has.
    pub features: i64,
    /// How many heads there are.
    pub heads: i64,
    /// How many sequences there are.
    pub batch: i64,
    /// Whether a query sees only the keys up to its own place.
    pub causal: bool,
    /// The type of the elements of `q`, `k`, `v`, `w` and `o`.
    pub r#type: ElementType,
    /// The queries.
    pub q: Tensor,
    /// The keys.
    pub k: Tensor,
    /// The values.
    pub v: Tensor,
    /// The projection, of all heads: `[features][size]`.
    pub w: Tensor,
}

/// What an answer must fill.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// The weighted means, as long as `q`.
    pub o: Tensor,
}

record!(Input {
    n,
    size,
    features,
    heads,
    batch,
    causal,
    r#type,
    q,
    k,
    v,
    w
});
record!(Output { o });

impl Input {
    /// Rows of `q`: one for each query of each head of each sequence.
    pub fn rows(&self) -> usize {
        (self.batch * self.heads * self.n) as usize
    }

    /// What elements of queries and keys are divided by: the fourth root of their number.
    pub fn fourth_root(&self) -> f64 {
        (self.size as f64).sqrt().sqrt()
    }

    /// How many keys of its head the query at a place of its head sees, from the first on.
    pub fn visible(&self, place: usize) -> usize {
        match self.causal {
            true => place + 1,
            false => self.n as usize,
        }
    }
}

/// The types of q, k, v, w and o.
const TYPES: &[&str] = &["f32", "f16"];

/// The most that an element of q, k or w may be.
const MOST: &str = "64";

/// The most that an element of v may be: what `f16` has.
const MOST_VALUE: &str = "65504";

/// Multiplications of numbers for which the references are computed in all rows; beyond, in some.
const AFFORDABLE: usize = 1 << 25;

impl Problem for PerformerAttention {
    type Input = Input;
    type Output = Output;
    type Answer = [Tolerance; 1];

    const STATEMENT: &'static str = include_str!("statement.md");

    fn schema() -> Schema {
        let all = ["batch", "heads", "n", "size"];
        let element = Element::OfWord("type");
        schema("performer_attention")
            .primary("n", 1, "65536", "how many queries and keys a head has")
            .size("size", 1, "256", "64", "elements of a query, key or value")
            .size("features", 1, "256", "64", "features of a query or key")
            .size("heads", 1, "64", "1", "heads of a sequence")
            .size("batch", 1, "64", "1", "sequences")
            .size(
                "causal",
                0,
                "1",
                "0",
                "1 if a query sees only the keys up to its own place",
            )
            .word("type", TYPES, "the type of the elements of q, k, v, w and o")
            .input_tensor("q", element, &all, MOST, "the queries")
            .input_tensor("k", element, &all, MOST, "the keys")
            .input_tensor("v", element, &all, MOST_VALUE, "the values")
            .input_tensor("w", element, &["features", "size"], MOST, "the projection")
            .output_tensor("o", element, &all, "the weighted means of the values")
            // The features; then a product with features and one with values for each pair of a query and a key that it sees, or
            // for each place and row of a running sum, whatever is less.
            .operations(
                "batch * heads * (4 * n * features * size + min(2 * (features + size) * (n * n - causal * (n * (n - 1) / 2)), 4 * n * features * size))",
            )
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
            (input.n * (input.size + input.features)) as usize,
        );
        let known = tolerance::sample(rows, AFFORDABLE / of_a_row);
        let part = Part {
            name: "o",
            element: input.r#type,
            width: input.size as usize,
        };
        let tensors = [&input.q, &input.k, &input.v, &input.w];
        tolerance::tolerances(
            &tensors,
            [part],
            rows,
            &known,
            Shaken::ByRows,
            |inputs| [references::by_pairs(input, inputs, &known)],
            // Pairs round once for each key, sums once for each key and once for each feature: where there are few of the one,
            // the other is off by more.
            |inputs| {
                let by_pairs = references::by_pairs(input, inputs, &known);
                let by_sums = references::by_running_sums(input, inputs, &known);
                vec![[by_pairs], [by_sums]]
            },
        )
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
            "type=f32,size=32,features=100,heads=2,causal=1",
            "type=f16,size=32,features=40,heads=2,batch=2",
            "type=f32,size=40,features=128,batch=2",
            "type=f32,size=72,features=32,causal=1",
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
                parameter: "features",
                from: 32,
                to: 256,
                classes: vec![("either way", growth("features"))],
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
