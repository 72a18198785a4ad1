//! Diagonal attention: softmax attention inside the blocks of a sequence.

mod families;
#[cfg(test)]
mod tests;

use std::ops::Range;

use vocabulary::{Element, ElementType};

use crate::softmax::{self, MOST, Row, Rows, TYPES};
use crate::tolerance::{self, Tolerance};
use crate::{
    Accepted, Axis, Family, Limits, Mismatch, Problem, Reference, Schema, Tensor, record, schema,
};

/// The problem.
pub struct DiagonalAttention;

/// What an answer is given. All arrays are row-major: `[batch][heads][n][size]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// How many queries, keys and values a head has.
    pub n: i64,
    /// How many elements a query, key or value has.
    pub size: i64,
    /// How many places a block has; the last one of a sequence may have fewer.
    pub block: i64,
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

/// What an answer must fill.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// The weighted means, as long as `q`.
    pub o: Tensor,
}

record!(Input {
    n,
    size,
    block,
    heads,
    batch,
    causal,
    r#type,
    q,
    k,
    v
});
record!(Output { o });

impl Input {
    /// Rows of `q`: one for each query of each head of each sequence.
    pub fn rows(&self) -> usize {
        (self.batch * self.heads * self.n) as usize
    }

    /// What scores are multiplied by: one over the square root of a query's size.
    pub fn scale(&self) -> f64 {
        Rows::scale(self)
    }

    /// The rows of `k` and `v` that the query of a row sees: those of its block, or the first of them up to its own.
    pub fn seen(&self, row: usize) -> Range<usize> {
        seen(self.n as usize, self.block as usize, self.causal, row)
    }
}

fn seen(n: usize, block: usize, is_causal: bool, row: usize) -> Range<usize> {
    let (head, place) = (row / n * n, row % n);
    let first = place / block * block;
    let end = if is_causal {
        place + 1
    } else {
        (first + block).min(n)
    };
    head + first..head + end
}

impl Rows for Input {
    fn tensors(&self) -> Vec<&Tensor> {
        vec![&self.q, &self.k, &self.v]
    }

    fn size(&self) -> usize {
        self.size as usize
    }

    fn most_seen(&self) -> usize {
        self.n.min(self.block) as usize
    }

    fn row<'a, T>(&self, arrays: &[&'a [T]], row: usize) -> Row<'a, T> {
        let &[q, k, v] = arrays else {
            unreachable!("q, k and v");
        };
        let size = self.size as usize;
        let seen = self.seen(row);
        let seen = seen.start * size..seen.end * size;
        let keys = k[seen.clone()].chunks_exact(size);
        Row {
            query: &q[row * size..(row + 1) * size],
            seen: keys.zip(v[seen].chunks_exact(size)).collect(),
        }
    }
}

/// The means alone of an output of softmax attention.
fn means(output: softmax::Output) -> Output {
    Output { o: output.o }
}

impl Problem for DiagonalAttention {
    type Input = Input;
    type Output = Output;
    type Answer = [Tolerance; 1];

    const STATEMENT: &'static str = include_str!("statement.md");

    fn schema() -> Schema {
        let all = ["batch", "heads", "n", "size"];
        let element = Element::OfWord("type");
        schema("diagonal_attention")
            .primary("n", 1, "65536", "how many queries and keys a head has")
            .size("size", 1, "128", "64", "elements of a query, key or value")
            .size(
                "block",
                1,
                "65536",
                "64",
                "places of a block; the last one of a sequence may have fewer",
            )
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
            .input_tensor("v", element, &all, MOST, "the values")
            .output_tensor("o", element, &all, "the weighted means of the values")
            // Two products of 2 * size operations for each pair of a query and a key that it sees: whole blocks, and the rest.
            .operations(
                "4 * batch * heads * size * (n / block * (block * block - causal * (block * (block - 1) / 2)) \
                 + (n - n / block * block) * (n - n / block * block) \
                 - causal * ((n - n / block * block) * (n - n / block * block - 1) / 2))",
            )
    }

    fn families() -> Vec<Family<Self>> {
        families::all()
    }

    fn references() -> [Reference<Self>; 2] {
        let most = i64::MAX;
        [
            Reference {
                name: "materialised",
                solve: |input| means(softmax::materialised(input)),
                most,
            },
            Reference {
                name: "streaming",
                solve: |input| means(softmax::streaming(input)),
                most,
            },
        ]
    }

    fn answer(input: &Input) -> [Tolerance; 1] {
        let [o, _] = softmax::answer(input);
        [o]
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
            "type=f16,block=16,causal=1",
            "type=f32,size=32,block=100,heads=2,causal=1",
            "type=f16,size=32,block=32,heads=2,batch=2",
            "type=f16,size=128,block=128",
            "type=f32,size=40,block=37,batch=2",
        ]
    }

    fn axes() -> Vec<Axis> {
        let along = |parameter, from, to, fixed| Axis {
            parameter,
            families: &["random"],
            from,
            to,
            fixed,
            classes: vec![(
                "every pair of a block",
                parameter.parse().expect("a growth"),
            )],
        };
        vec![
            along("n", 256, 8192, "type=f32"),
            along("n", 256, 8192, "type=f16"),
            along("block", 16, 512, "n=512,type=f32"),
        ]
    }

    fn limits() -> Limits {
        Limits {
            cpu: std::time::Duration::from_secs(3),
            ..Limits::default()
        }
    }
}
