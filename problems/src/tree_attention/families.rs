//! Families of tree attention: trees of every form, and the values of softmax attention.

use super::{Input, TreeAttention, path};
use crate::softmax::draw::{self, Drawn, Extent};
use crate::{At, Family, Random, Tensor};

pub(super) fn all() -> Vec<Family<TreeAttention>> {
    let mut all = trees();
    all.extend(values());
    all
}

fn trees() -> Vec<Family<TreeAttention>> {
    let family = crate::family::<TreeAttention>;
    vec![
        family(
            "random",
            "every element is drawn anew, about normal; the parent of a node is any before it, or none",
            |at, random| {
                let parents = any(at, random);
                normal(at, random, parents)
            },
        )
        .holds(|_, input| draw::is_normal(input)),
        family("chain", "every node is the child of the one before it", |at, random| {
            normal(at, random, (-1..at.integer("nodes") as i32 - 1).collect())
        })
        .holds(|_, input| (0..input.nodes as usize).all(|node| input.path(node).count() == node + 1)),
        family(
            "siblings",
            "no node has a parent: what stands there is -1, the node itself, or one behind it",
            |at, random| {
                let last = at.integer("nodes") - 1;
                let none = |node: i64| match random.between(node - 1, last) {
                    before if before < node => -1,
                    other => other as i32,
                };
                let parents = (0..=last).map(none).collect();
                normal(at, random, parents)
            },
        )
        .holds(|_, input| (0..input.nodes as usize).all(|node| input.path(node).count() == 1)),
        family(
            "beams",
            "four chains side by side, a node of each in turn, as a search with beams grows them",
            |at, random| {
                let nodes = at.integer("nodes") as i32;
                normal(at, random, (0..nodes).map(|node| (node - 4).max(-1)).collect())
            },
        )
        .holds(|_, input| {
            (0..input.nodes as usize).all(|node| input.path(node).all(|above| above % 4 == node % 4))
        }),
        family(
            "ragged",
            "two sequences of three heads of 7 elements, and 13 nodes: no row and no tile is where it would fit",
            |at, random| {
                let parents = any(at, random);
                normal(at, random, parents)
            },
        )
        .fixes("nodes", "13")
        .fixes("size", "7")
        .fixes("heads", "3")
        .fixes("batch", "2")
        .holds(|_, input| input.q.len() == 42 * 13 && input.cache_k.len() == 42 * input.n as usize),
        family(
            "length_one",
            "one key in the cache, and one node",
            |at, random| normal(at, random, vec![-1]),
        )
        .sizes(1, 1)
        .fixes("nodes", "1")
        .holds(|_, input| input.n == 1 && input.nodes == 1),
    ]
}

/// Families by values; their trees are random.
fn values() -> Vec<Family<TreeAttention>> {
    let family = crate::family::<TreeAttention>;
    vec![
        family("constant", draw::CONSTANT, |at, random| {
            let parents = any(at, random);
            input(at, parents, draw::constant(extent(at), random))
        })
        .holds(|_, input| draw::is_constant(input)),
        family("large_magnitude", draw::LARGE, |at, random| {
            let parents = any(at, random);
            input(at, parents, draw::large(extent(at), random))
        })
        .holds(|_, input| draw::is_large(input)),
        family("one_hot", draw::ONE_HOT, one_hot)
            .sizes(1, 4096)
            .bounds("size", "32", "256")
            .holds(|_, input| draw::is_one_hot(input)),
        family("cancellation", draw::CANCELLING, |at, random| {
            let parents = any(at, random);
            let heads = at.size("batch") * at.size("heads");
            let of = |count: usize| (0..heads).map(move |head| (count, head));
            let stretches = of(at.size("n")).chain(of(at.size("nodes")));
            let drawn = draw::cancelling(extent(at), random, heads, stretches);
            input(at, parents, drawn)
        })
        .holds(|_, input| {
            let (n, nodes) = (input.n as usize, input.nodes as usize);
            draw::is_cancelling(input, &[(&input.cache_v, n), (&input.v, nodes)])
        }),
        family("half_range_limits", draw::LIMITS_OF_HALF, |at, random| {
            let parents = any(at, random);
            input(at, parents, draw::limits_of_half(extent(at), random))
        })
        .holds(|_, input| draw::is_at_limits_of_half(input)),
    ]
}

/// A node looks for one of its ancestors as often as for a key of the cache.
fn one_hot(at: &At, random: &mut Random) -> Input {
    let (n, nodes) = (at.size("n"), at.size("nodes"));
    let cached = at.size("batch") * at.size("heads") * n;
    let parents = any(at, random);
    let chosen = |query: usize, random: &mut Random| {
        let (head, node) = (query / nodes, query % nodes);
        if random.bits().is_multiple_of(2) {
            return head * n + random.index(n);
        }
        let depth = path(&parents, node).count();
        let above = path(&parents, node).nth(random.index(depth));
        cached + head * nodes + above.expect("as many as were counted")
    };
    let drawn = draw::one_hot(extent(at), random, chosen);
    input(at, parents, drawn)
}

/// A tree in which the parent of a node is any before it, or none.
fn any(at: &At, random: &mut Random) -> Vec<i32> {
    let parent = |node: i64| random.between(-1, node - 1) as i32;
    (0..at.integer("nodes")).map(parent).collect()
}

fn normal(at: &At, random: &mut Random, parents: Vec<i32>) -> Input {
    input(at, parents, draw::normal(extent(at), random))
}

/// The keys are those of the cache, then those of the nodes.
fn extent(at: &At) -> Extent {
    let heads = at.size("batch") * at.size("heads");
    Extent {
        queries: heads * at.size("nodes"),
        keys: heads * (at.size("n") + at.size("nodes")),
        size: at.size("size"),
    }
}

fn input(at: &At, parents: Vec<i32>, [q, k, v]: Drawn) -> Input {
    let element = at
        .word("type")
        .parse()
        .expect("the schema has types of floats");
    let cached = at.size("batch") * at.size("heads") * at.size("n") * at.size("size");
    let tensor = |values: &[f64]| Tensor::of(element, values.iter().copied());
    let ((cache_k, k), (cache_v, v)) = (k.split_at(cached), v.split_at(cached));
    Input {
        n: at.integer("n"),
        nodes: at.integer("nodes"),
        size: at.integer("size"),
        heads: at.integer("heads"),
        batch: at.integer("batch"),
        r#type: element,
        parents,
        q: tensor(&q),
        cache_k: tensor(cache_k),
        cache_v: tensor(cache_v),
        k: tensor(k),
        v: tensor(v),
    }
}
