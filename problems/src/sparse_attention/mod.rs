//! Sparse attention: a query sees a window before it, and beyond every `stride`-th key.

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
pub struct SparseAttention;

/// What an answer is given. All arrays are row-major: `[batch][heads][n][size]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// How many queries, keys and values a head has.
    pub n: i64,
    /// How many keys a query sees side by side, its own the last.
    pub window: i64,
    /// How far from each other the keys are that it sees beyond.
    pub stride: i64,
    /// How many elements a query, key or value has.
    pub size: i64,
    /// How many heads there are.
    pub heads: i64,
    /// How many sequences there are.
    pub batch: i64,
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
    window,
    stride,
    size,
    heads,
    batch,
    r#type,
    q,
    k,
    v
});

impl Input {
    /// What products are multiplied by: one over the square root of a query's size.
    pub fn scale(&self) -> f64 {
        Rows::scale(self)
    }

    /// The window of the query at a place of its head.
    pub fn window(&self, place: usize) -> std::ops::Range<usize> {
        (place + 1).saturating_sub(self.window as usize)..place + 1
    }

    /// How many strides before itself the first strided key is that is not in the window.
    pub fn above(&self) -> usize {
        (self.window as usize).div_ceil(self.stride as usize)
    }

    /// The strided keys of the query at a place of its head that are not in its window, ascending.
    pub fn strided(&self, place: usize) -> impl Iterator<Item = usize> {
        let stride = self.stride as usize;
        let count = (place / stride + 1).saturating_sub(self.above());
        (0..count).map(move |row| place % stride + row * stride)
    }

    /// The keys that the query at a place of its head sees, ascending.
    pub fn seen(&self, place: usize) -> impl Iterator<Item = usize> {
        self.strided(place).chain(self.window(place))
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
        self.seen(self.n as usize - 1).count()
    }

    fn row<'a, T>(&self, arrays: &[&'a [T]], row: usize) -> Row<'a, T> {
        let &[q, k, v] = arrays else {
            unreachable!("q, k and v");
        };
        let (n, size) = (self.n as usize, self.size as usize);
        let head = row / n * n;
        let pair = |key: usize| {
            let at = (head + key) * size..(head + key + 1) * size;
            (&k[at.clone()], &v[at])
        };
        Row {
            query: &q[row * size..(row + 1) * size],
            seen: self.seen(row % n).map(pair).collect(),
        }
    }
}

/// Pairs of a query and a key that it sees: those of windows, and for each number of strides from the first beyond the window to the
/// last that fits, one fewer for each place that it takes.
const PAIRS: &str = "n * min(window, n) - min(window, n) * (min(window, n) - 1) / 2 \
    + max((n - 1) / stride - ceil_div(window, stride) + 1, 0) * n \
    - max((n - 1) / stride - ceil_div(window, stride) + 1, 0) * ((n - 1) / stride + ceil_div(window, stride)) / 2 * stride";

impl Problem for SparseAttention {
    type Input = Input;
    type Output = Output;
    type Answer = [Tolerance; 2];

    const STATEMENT: &'static str = include_str!("statement.md");

    fn schema() -> Schema {
        let all = ["batch", "heads", "n", "size"];
        let element = Element::OfWord("type");
        let schema = schema("sparse_attention")
            .primary("n", 1, "65536", "how many queries and keys a head has")
            .size(
                "window",
                1,
                "65536",
                "16",
                "keys that a query sees side by side, its own the last",
            )
            .size(
                "stride",
                1,
                "65536",
                "16",
                "the distance between the keys that it sees beyond",
            )
            .size("size", 1, "256", "64", "elements of a query, key or value")
            .size("heads", 1, "64", "1", "heads of a sequence")
            .size("batch", 1, "64", "1", "sequences")
            .word("type", TYPES, "the type of the elements of q, k, v and o")
            .input_tensor("q", element, &all, MOST, "the queries")
            .input_tensor("k", element, &all, MOST, "the keys")
            .input_tensor("v", element, &all, MOST, "the values");
        // Two products of 2 * size operations for each pair of a query and a key that it sees.
        softmax::outputs(schema, ["batch", "heads", "n"])
            .operations(&format!("4 * batch * heads * size * ({PAIRS})"))
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
            "type=f16",
            "type=f32,window=5,stride=11,size=128",
            "type=f32,window=20,stride=3,heads=2,batch=2",
            "type=f16,window=1,stride=9,size=128",
            "type=f32,window=7,stride=1,size=40,heads=3",
            "type=f16,window=70,stride=50",
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
                4096,
                "window=64,stride=64,type=f32",
                vec![("all keys, or one of each stride", growth("n^2"))],
            ),
            along(
                "window",
                16,
                1024,
                "n=1024,stride=1024,type=f32",
                vec![
                    ("the window alone", growth("window")),
                    ("all keys", growth("1")),
                ],
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
