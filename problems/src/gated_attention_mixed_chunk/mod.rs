//! Gated attention in mixed chunks: squares of positive scores for weights inside a chunk, linear weights across chunks, and a gate.

mod references;
#[cfg(test)]
mod tests;

use std::ops::Range;

use vocabulary::ElementType;

pub use crate::gated::Output;
use crate::gated::{self, Gated, Shape, Sight, families};
use crate::tolerance::Tolerance;
use crate::{
    Accepted, At, Axis, Family, Limits, Mismatch, Problem, Reference, Schema, Tensor, record,
    schema,
};

/// The problem.
pub struct GatedAttentionMixedChunk;

/// What an answer is given. All arrays are row-major: `[batch][n][size]`, `[batch][n][width]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// How many queries, keys, gates and values a sequence has.
    pub n: i64,
    /// How many places a chunk has; the last one of a sequence may have fewer.
    pub chunk: i64,
    /// How many elements a query or key has.
    pub size: i64,
    /// How many elements a gate or value has.
    pub width: i64,
    /// How many sequences there are.
    pub batch: i64,
    /// Whether a query sees only the keys up to its own place in its chunk, and of chunks only those before its own.
    pub causal: bool,
    /// The type of all elements.
    pub r#type: ElementType,
    /// The queries that see keys of their own chunk.
    pub quadratic_q: Tensor,
    /// The keys that are seen in their own chunk.
    pub quadratic_k: Tensor,
    /// The queries that see keys of chunks.
    pub linear_q: Tensor,
    /// The keys that are seen from other chunks.
    pub linear_k: Tensor,
    /// The gates.
    pub u: Tensor,
    /// The values.
    pub v: Tensor,
}

record!(Input {
    n,
    chunk,
    size,
    width,
    batch,
    causal,
    r#type,
    quadratic_q,
    quadratic_k,
    linear_q,
    linear_k,
    u,
    v
});

impl Input {
    /// Rows of every array: one for each place of each sequence.
    pub fn rows(&self) -> usize {
        self.shape().rows()
    }

    /// The rows of quadratic keys that the query of a row sees.
    pub fn near(&self, row: usize) -> Range<usize> {
        self.shape().near(row)
    }

    /// The rows of linear keys that the query of a row sees.
    pub fn far(&self, row: usize) -> Range<usize> {
        self.shape().far(row)
    }
}

impl Gated for Input {
    const SIGHTS: &'static [Sight] = &[Shape::near, Shape::far];

    fn shape_of(at: &At) -> Shape {
        Shape::of(at, at.size("chunk"))
    }

    fn of(shape: &Shape, arrays: Vec<Tensor>) -> Self {
        let [quadratic_q, quadratic_k, linear_q, linear_k, u, v] =
            arrays.try_into().expect("all arrays");
        Input {
            n: shape.n as i64,
            chunk: shape.chunk as i64,
            size: shape.size as i64,
            width: shape.width as i64,
            batch: shape.batch as i64,
            causal: shape.is_causal,
            r#type: shape.element,
            quadratic_q,
            quadratic_k,
            linear_q,
            linear_k,
            u,
            v,
        }
    }

    fn shape(&self) -> Shape {
        Shape {
            n: self.n as usize,
            chunk: self.chunk as usize,
            size: self.size as usize,
            width: self.width as usize,
            batch: self.batch as usize,
            is_causal: self.causal,
            element: self.r#type,
        }
    }

    fn arrays(&self) -> Vec<&Tensor> {
        vec![
            &self.quadratic_q,
            &self.quadratic_k,
            &self.linear_q,
            &self.linear_k,
            &self.u,
            &self.v,
        ]
    }
}

/// A product and a multiple of a value for each quadratic pair, of which there are S = sum of the squares of the lengths of chunks, or
/// (S + n) / 2 with a mask. For what is linear either that for each pair, n n or (n n - S) / 2, or for each place two products with a
/// state, whatever is less.
const OPERATIONS: &str = "2 * batch * ((size + width) * (SQUARES - causal * ((SQUARES - n) / 2)) \
    + min((size + width) * (n * n - causal * ((n * n + SQUARES) / 2)), 2 * n * size * width))";

/// The sum of the squares of the lengths of a sequence's chunks.
const SQUARES: &str =
    "(n / chunk * chunk * chunk + (n - n / chunk * chunk) * (n - n / chunk * chunk))";

impl Problem for GatedAttentionMixedChunk {
    type Input = Input;
    type Output = Output;
    type Answer = [Tolerance; 1];

    const STATEMENT: &'static str = include_str!("statement.md");

    fn schema() -> Schema {
        let schema = schema("gated_attention_mixed_chunk")
            .primary("n", 1, "65536", "how many places a sequence has")
            .size(
                "chunk",
                2,
                "256",
                "64",
                "places of a chunk, its last one may have fewer",
            );
        gated::arrays(
            gated::sizes(schema),
            &[
                ("quadratic_q", "the queries for keys of their own chunk"),
                ("quadratic_k", "the keys for queries of their own chunk"),
                ("linear_q", "the queries across chunks"),
                ("linear_k", "the keys across chunks"),
            ],
        )
        .operations(&OPERATIONS.replace("SQUARES", SQUARES))
    }

    fn families() -> Vec<Family<Self>> {
        families::all(|mut ragged| {
            ragged.info.promise = "three sequences in chunks of 11, of 7 elements, gated by 9: \
                rows begin at odd addresses, and no tile fits";
            ragged.fixes("chunk", "11")
        })
    }

    fn references() -> [Reference<Self>; 2] {
        references::both()
    }

    /// Weights are rounded once for each pair, states once for each place: where there are few of the one, the other is off by more.
    fn answer(input: &Input) -> [Tolerance; 1] {
        let plain = [references::by_matrix, references::by_states];
        gated::tolerance(input, references::by_matrix, &plain)
    }

    fn check(_: &Input, answer: &[Tolerance; 1], output: &Output) -> Result<Accepted, Mismatch> {
        gated::accept(answer, output)
    }

    fn prepare(input: &Input) -> Output {
        gated::prepare(input)
    }

    /// Both sides of the borders of tiles and chunks of 32, 64 and 128.
    fn trial_sizes() -> Vec<i64> {
        vec![1, 2, 15, 33, 64, 65, 130]
    }

    fn settings() -> &'static [&'static str] {
        &[
            "type=f32,width=64",
            "type=f16,causal=1",
            "type=f32,chunk=40,size=32,width=65,batch=2,causal=1",
            "type=f16,chunk=16,size=32,width=40,batch=2",
            "type=f32,chunk=128,size=128,width=32,causal=1",
            "type=f32,chunk=9,size=40,width=130",
            "type=f32,causal=1",
        ]
    }

    fn axes() -> Vec<Axis> {
        let growth = |text: &str| text.parse().expect("a growth");
        vec![
            Axis {
                parameter: "n",
                families: &["random"],
                from: 64,
                to: 2048,
                fixed: "type=f32",
                classes: vec![
                    ("every pair of a query and a key", growth("n^2")),
                    ("a state across chunks", growth("n")),
                ],
            },
            Axis {
                parameter: "width",
                families: &["random"],
                from: 32,
                to: 256,
                fixed: "n=256,type=f32",
                classes: vec![("all elements of a value", growth("width"))],
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
