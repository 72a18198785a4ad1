//! Gated attention with the squares of positive scores for weights: no softmax, no sum of weights, and a gate on every element.

mod references;
#[cfg(test)]
mod tests;

use vocabulary::ElementType;

pub use crate::gated::Output;
use crate::gated::{self, Gated, Shape, Sight, families};
use crate::tolerance::Tolerance;
use crate::{
    Accepted, At, Axis, Family, Limits, Mismatch, Problem, Reference, Schema, Tensor, record,
    schema,
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
}

impl Gated for Input {
    const SIGHTS: &'static [Sight] = &[Shape::near];

    /// A sequence is one chunk.
    fn shape_of(at: &At) -> Shape {
        Shape::of(at, at.size("n"))
    }

    fn of(shape: &Shape, arrays: Vec<Tensor>) -> Self {
        let [q, k, u, v] = arrays.try_into().expect("q, k, u and v");
        Input {
            n: shape.n as i64,
            size: shape.size as i64,
            width: shape.width as i64,
            batch: shape.batch as i64,
            causal: shape.is_causal,
            r#type: shape.element,
            q,
            k,
            u,
            v,
        }
    }

    fn shape(&self) -> Shape {
        Shape {
            n: self.n as usize,
            chunk: self.n as usize,
            size: self.size as usize,
            width: self.width as usize,
            batch: self.batch as usize,
            is_causal: self.causal,
            element: self.r#type,
        }
    }

    fn arrays(&self) -> Vec<&Tensor> {
        vec![&self.q, &self.k, &self.u, &self.v]
    }
}

impl Problem for GatedAttentionUnit {
    type Input = Input;
    type Output = Output;
    type Answer = [Tolerance; 1];

    const STATEMENT: &'static str = include_str!("statement.md");

    fn schema() -> Schema {
        let schema = schema("gated_attention_unit").primary(
            "n",
            1,
            "65536",
            "how many places a sequence has",
        );
        gated::arrays(
            gated::sizes(schema),
            &[("q", "the queries"), ("k", "the keys")],
        )
        // A product and a multiple of a value for each pair of a query and a key that it sees.
        .operations("2 * batch * (size + width) * (n * n - causal * (n * (n - 1) / 2))")
    }

    fn families() -> Vec<Family<Self>> {
        families::all(|ragged| ragged)
    }

    fn references() -> [Reference<Self>; 2] {
        references::both()
    }

    fn answer(input: &Input) -> [Tolerance; 1] {
        gated::tolerance(input, references::by_queries, &[references::by_queries])
    }

    fn check(_: &Input, answer: &[Tolerance; 1], output: &Output) -> Result<Accepted, Mismatch> {
        gated::accept(answer, output)
    }

    fn prepare(input: &Input) -> Output {
        gated::prepare(input)
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
