//! Attention: of every query the mean of the values, weighted by the softmax of its products with the keys.

pub(crate) mod families;
#[cfg(test)]
mod tests;

use vocabulary::{Element, ElementType};

use crate::softmax::{self, MOST, Row, Rows, TYPES};
use crate::tolerance::Tolerance;
use crate::{
    Accepted, Axis, Family, Limits, Mismatch, Problem, Reference, Schema, Tensor, record, schema,
};

pub use crate::softmax::Output;

/// The problem.
pub struct Attention;

/// What an answer is given. All arrays are row-major: `[batch][heads][n][size]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// How many queries, keys and values a head has.
    pub n: i64,
    /// How many elements a query, key or value has.
    pub size: i64,
    /// How many heads there are.
    pub heads: i64,
    /// How many sequences there are.
    pub batch: i64,
    /// Whether a query sees only the keys up to its own place.
    pub causal: bool,
    /// The type of the elements of `q`, `k`, `v` and `o`.
    pub r#type: ElementType,
    /// The queries.
    pub q: Tensor,
    /// The keys.
    pub k: Tensor,
    /// The values.
    pub v: Tensor,
}

record!(Input {
    n,
    size,
    heads,
    batch,
    causal,
    r#type,
    q,
    k,
    v
});

impl Input {
    /// Rows of `q`: one for each query of each head of each sequence.
    pub fn rows(&self) -> usize {
        (self.batch * self.heads * self.n) as usize
    }

    /// What scores are multiplied by: one over the square root of a query's size.
    pub fn scale(&self) -> f64 {
        Rows::scale(self)
    }

    /// How many keys of its head the query at a place of its head sees, from the first on.
    pub fn visible(&self, place: usize) -> usize {
        match self.causal {
            true => place + 1,
            false => self.n as usize,
        }
    }
}

impl Rows for Input {
    fn tensors(&self) -> Vec<&Tensor> {
        vec![&self.q, &self.k, &self.v]
    }

    fn size(&self) -> usize {
        self.size as usize
    }

    fn most_seen(&self) -> usize {
        self.n as usize
    }

    fn row<'a, T>(&self, arrays: &[&'a [T]], row: usize) -> Row<'a, T> {
        let &[q, k, v] = arrays else {
            unreachable!("q, k and v");
        };
        let (n, size) = (self.n as usize, self.size as usize);
        let head = row / n * n;
        let seen = head * size..(head + self.visible(row % n)) * size;
        let keys = k[seen.clone()].chunks_exact(size);
        Row {
            query: &q[row * size..(row + 1) * size],
            seen: keys.zip(v[seen].chunks_exact(size)).collect(),
        }
    }
}

impl Problem for Attention {
    type Input = Input;
    type Output = Output;
    type Answer = [Tolerance; 2];

    const STATEMENT: &'static str = include_str!("statement.md");

    fn schema() -> Schema {
        let all = ["batch", "heads", "n", "size"];
        let element = Element::OfWord("type");
        let schema = schema("attention")
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
            .input_tensor("v", element, &all, MOST, "the values");
        // Two products of 2 * size operations for each pair of a query and a key that it sees.
        softmax::outputs(schema, ["batch", "heads", "n"])
            .operations("4 * batch * heads * size * (n * n - causal * (n * (n - 1) / 2))")
    }

    fn families() -> Vec<Family<Self>> {
        families::all()
    }

    fn references() -> [Reference<Self>; 2] {
        softmax::references()
    }

    fn answer(input: &Input) -> [Tolerance; 2] {
        softmax::answer(input)
    }

    fn check(_: &Input, answer: &[Tolerance; 2], output: &Output) -> Result<Accepted, Mismatch> {
        softmax::check(answer, output)
    }

    fn prepare(input: &Input) -> Output {
        softmax::prepare(input)
    }

    /// Both sides of the borders of tiles of 16, 32, 64 and 128.
    fn trial_sizes() -> Vec<i64> {
        vec![1, 2, 15, 33, 64, 65, 130, 257]
    }

    fn settings() -> &'static [&'static str] {
        &[
            "type=f32",
            "type=f16,causal=1",
            "type=f32,size=32,heads=2,causal=1",
            "type=f16,size=32,heads=2,batch=2",
            "type=f16,size=128",
            "type=f32,size=40,batch=2",
        ]
    }

    fn axes() -> Vec<Axis> {
        let growth = |text: &str| text.parse().expect("a growth");
        let along = |parameter, from, to, fixed| Axis {
            parameter,
            families: &["random"],
            from,
            to,
            fixed,
            classes: vec![("with a matrix or without", growth("n^2"))],
        };
        vec![
            along("n", 64, 2048, "type=f32"),
            along("n", 64, 2048, "type=f16"),
            Axis {
                classes: vec![("with a matrix or without", growth("size"))],
                ..along("size", 32, 256, "n=256,type=f32")
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
