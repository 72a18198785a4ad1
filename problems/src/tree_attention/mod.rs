//! Tree attention: candidates for the next tokens, each with a parent, see a cache and their ancestors.

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
pub struct TreeAttention;

/// What an answer is given. `q`, `k` and `v` are row-major: `[batch][heads][nodes][size]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// How many keys and values the cache of a head has.
    pub n: i64,
    /// How many candidates there are, nodes of one tree for all heads and sequences.
    pub nodes: i64,
    /// How many elements a query, key or value has.
    pub size: i64,
    /// How many heads there are.
    pub heads: i64,
    /// How many sequences there are.
    pub batch: i64,
    /// The type of the elements of all arrays of floats but `logsumexp`.
    pub r#type: ElementType,
    /// The parent of each node, if it stands before that; no parent otherwise.
    pub parents: Vec<i32>,
    /// The queries of the nodes.
    pub q: Tensor,
    /// The keys of the cache, `[batch][heads][n][size]`.
    pub cache_k: Tensor,
    /// The values of the cache, likewise.
    pub cache_v: Tensor,
    /// The keys of the nodes.
    pub k: Tensor,
    /// The values of the nodes.
    pub v: Tensor,
}

record!(Input {
    n,
    nodes,
    size,
    heads,
    batch,
    r#type,
    parents,
    q,
    cache_k,
    cache_v,
    k,
    v
});

impl Input {
    /// What products are multiplied by: one over the square root of a query's size.
    pub fn scale(&self) -> f64 {
        Rows::scale(self)
    }

    /// A node and its ancestors, from the node up.
    pub fn path(&self, node: usize) -> impl Iterator<Item = usize> {
        path(&self.parents, node)
    }
}

/// A node of a tree and its ancestors, from the node up; it ends where a parent does not stand before its child.
fn path(parents: &[i32], node: usize) -> impl Iterator<Item = usize> {
    let parent = |node: &usize| {
        let parent = usize::try_from(parents[*node]).ok();
        parent.filter(|parent| parent < node)
    };
    std::iter::successors(Some(node), parent)
}

impl Rows for Input {
    fn tensors(&self) -> Vec<&Tensor> {
        vec![&self.q, &self.cache_k, &self.cache_v, &self.k, &self.v]
    }

    fn size(&self) -> usize {
        self.size as usize
    }

    fn most_seen(&self) -> usize {
        (self.n + self.nodes) as usize
    }

    fn row<'a, T>(&self, arrays: &[&'a [T]], row: usize) -> Row<'a, T> {
        let &[q, cache_k, cache_v, k, v] = arrays else {
            unreachable!("q, and keys and values of the cache and the nodes");
        };
        let (n, nodes, size) = (self.n as usize, self.nodes as usize, self.size as usize);
        let (head, node) = (row / nodes, row % nodes);
        let pair = |keys: &'a [T], values: &'a [T], row: usize| {
            let at = row * size..(row + 1) * size;
            (&keys[at.clone()], &values[at])
        };
        let cache = (0..n).map(|key| pair(cache_k, cache_v, head * n + key));
        let path = self.path(node).map(|node| pair(k, v, head * nodes + node));
        Row {
            query: &q[row * size..(row + 1) * size],
            seen: cache.chain(path).collect(),
        }
    }
}

impl Problem for TreeAttention {
    type Input = Input;
    type Output = Output;
    type Answer = [Tolerance; 2];

    const STATEMENT: &'static str = include_str!("statement.md");

    fn schema() -> Schema {
        let cache = ["batch", "heads", "n", "size"];
        let all = ["batch", "heads", "nodes", "size"];
        let element = Element::OfWord("type");
        let schema = schema("tree_attention")
            .primary("n", 1, "65536", "how many keys the cache of a head has")
            .size("nodes", 1, "1024", "32", "candidates, nodes of a tree")
            .size("size", 1, "256", "64", "elements of a query, key or value")
            .size("heads", 1, "64", "1", "heads of a sequence")
            .size("batch", 1, "64", "1", "sequences")
            .word(
                "type",
                TYPES,
                "the type of the elements of all arrays of floats but `logsumexp`",
            )
            .input_array_between(
                "parents",
                ElementType::I32,
                "nodes",
                ("-1", "nodes - 1"),
                "the parent of each node, if it stands before that; no parent otherwise",
            )
            .input_tensor("q", element, &all, MOST, "the queries of the nodes")
            .input_tensor("cache_k", element, &cache, MOST, "the keys of the cache")
            .input_tensor("cache_v", element, &cache, MOST, "the values of the cache")
            .input_tensor("k", element, &all, MOST, "the keys of the nodes")
            .input_tensor("v", element, &all, MOST, "the values of the nodes");
        // Two products of 2 * size operations for each pair of a node and a key of the cache, and of a node and itself; how many
        // ancestors there are stands in no name.
        softmax::outputs(schema, ["batch", "heads", "nodes"])
            .operations("4 * batch * heads * size * nodes * (n + 1)")
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
            "type=f32,nodes=1,size=128",
            "type=f32,nodes=64",
            "type=f16,nodes=33,size=128,heads=2",
            "type=f32,nodes=20,size=40,heads=3,batch=2",
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
            classes: vec![("the cache once for each node", growth(class))],
        };
        vec![
            along("n", 64, 8192, "nodes=32,type=f32", "n"),
            along("nodes", 32, 512, "n=512,type=f32", "nodes"),
        ]
    }

    fn limits() -> Limits {
        Limits {
            cpu: std::time::Duration::from_secs(3),
            ..Limits::default()
        }
    }
}
