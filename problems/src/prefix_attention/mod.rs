//! Prefix tuning: attention that also sees learned keys and values before each sequence.

mod families;
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
pub struct PrefixAttention;

/// What an answer is given. `q`, `k` and `v` are row-major: `[batch][heads][n][size]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// How many queries, keys and values a head has.
    pub n: i64,
    /// How many learned keys and values a head has.
    pub prefix: i64,
    /// How many elements a query, key or value has.
    pub size: i64,
    /// How many heads there are.
    pub heads: i64,
    /// How many sequences there are.
    pub batch: i64,
    /// Whether a query sees only the keys up to its own place, beside the prefix.
    pub causal: bool,
    /// The type of the elements of all arrays but `logsumexp`.
    pub r#type: ElementType,
    /// The queries.
    pub q: Tensor,
    /// The learned keys, `[heads][prefix][size]`: those of all sequences.
    pub prefix_k: Tensor,
    /// The learned values, likewise.
    pub prefix_v: Tensor,
    /// The keys.
    pub k: Tensor,
    /// The values.
    pub v: Tensor,
}

record!(Input {
    n,
    prefix,
    size,
    heads,
    batch,
    causal,
    r#type,
    q,
    prefix_k,
    prefix_v,
    k,
    v
});

impl Input {
    /// What products are multiplied by: one over the square root of a query's size.
    pub fn scale(&self) -> f64 {
        Rows::scale(self)
    }

    /// How many keys of its own sequence the query at a place of its head sees, from the first on.
    pub fn visible(&self, place: usize) -> usize {
        match self.causal {
            true => place + 1,
            false => self.n as usize,
        }
    }
}

impl Rows for Input {
    fn tensors(&self) -> Vec<&Tensor> {
        vec![&self.q, &self.prefix_k, &self.prefix_v, &self.k, &self.v]
    }

    fn size(&self) -> usize {
        self.size as usize
    }

    fn most_seen(&self) -> usize {
        (self.prefix + self.n) as usize
    }

    fn row<'a, T>(&self, arrays: &[&'a [T]], row: usize) -> Row<'a, T> {
        let &[q, prefix_k, prefix_v, k, v] = arrays else {
            unreachable!("q, and keys and values of the prefix and the sequence");
        };
        let (n, prefix, size) = (self.n as usize, self.prefix as usize, self.size as usize);
        let head = row / n;
        let learned = head % self.heads as usize * prefix * size;
        let learned = learned..learned + prefix * size;
        let own = head * n * size..(head * n + self.visible(row % n)) * size;
        let pairs =
            |keys: &'a [T], values: &'a [T]| keys.chunks_exact(size).zip(values.chunks_exact(size));
        let prefix = pairs(&prefix_k[learned.clone()], &prefix_v[learned]);
        let own = pairs(&k[own.clone()], &v[own]);
        Row {
            query: &q[row * size..(row + 1) * size],
            seen: prefix.chain(own).collect(),
        }
    }
}

impl Problem for PrefixAttention {
    type Input = Input;
    type Output = Output;
    type Answer = [Tolerance; 2];

    const STATEMENT: &'static str = include_str!("statement.md");

    fn schema() -> Schema {
        let learned = ["heads", "prefix", "size"];
        let all = ["batch", "heads", "n", "size"];
        let element = Element::OfWord("type");
        let schema = schema("prefix_attention")
            .primary("n", 1, "65536", "how many queries and keys a head has")
            .size(
                "prefix",
                1,
                "4096",
                "16",
                "learned keys and values of a head",
            )
            .size("size", 1, "256", "64", "elements of a query, key or value")
            .size("heads", 1, "64", "1", "heads of a sequence")
            .size("batch", 1, "64", "1", "sequences")
            .size(
                "causal",
                0,
                "1",
                "0",
                "1 if a query sees, beside the prefix, only the keys up to its own place",
            )
            .word(
                "type",
                TYPES,
                "the type of the elements of all arrays but `logsumexp`",
            )
            .input_tensor("q", element, &all, MOST, "the queries")
            .input_tensor("prefix_k", element, &learned, MOST, "the learned keys")
            .input_tensor("prefix_v", element, &learned, MOST, "the learned values")
            .input_tensor("k", element, &all, MOST, "the keys")
            .input_tensor("v", element, &all, MOST, "the values");
        // Two products of 2 * size operations for each pair of a query and a key that it sees.
        softmax::outputs(schema, ["batch", "heads", "n"]).operations(
            "4 * batch * heads * size * (n * (prefix + n) - causal * (n * (n - 1) / 2))",
        )
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

    /// Both sides of the borders of tiles of 32, 64 and 128.
    fn trial_sizes() -> Vec<i64> {
        vec![1, 2, 15, 33, 64, 65, 130]
    }

    fn settings() -> &'static [&'static str] {
        &[
            "type=f32",
            "type=f16,causal=1",
            "type=f32,prefix=1,size=128,causal=1",
            "type=f32,prefix=40,heads=2,batch=2,causal=1",
            "type=f16,prefix=33,size=128",
            "type=f32,prefix=7,size=40,heads=3,batch=2",
        ]
    }

    fn axes() -> Vec<Axis> {
        let growth = |text: &str| text.parse().expect("a growth");
        let along = |parameter, from, to, fixed, class| Axis {
            parameter,
            families: &["random"],
            from,
            to,
            fixed,
            classes: vec![("every key once for each query", growth(class))],
        };
        vec![
            along("n", 64, 2048, "prefix=64,type=f32", "n^2"),
            along("prefix", 64, 4096, "n=64,type=f32", "prefix"),
        ]
    }

    fn limits() -> Limits {
        Limits {
            cpu: std::time::Duration::from_secs(3),
            ..Limits::default()
        }
    }
}
