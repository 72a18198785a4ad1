//! Families of diagonal attention: what overflows, cancels, rounds away or lies across the borders of blocks.

use super::{DiagonalAttention, Input};
use crate::attention::families::extent;
use crate::softmax::draw::{self, Drawn};
use crate::{At, Family, Random, Tensor};

pub(super) fn all() -> Vec<Family<DiagonalAttention>> {
    let mut all = shapes();
    all.extend(values());
    all
}

/// Families by shape; all elements are about normal, of mean 0 and variance 1.
fn shapes() -> Vec<Family<DiagonalAttention>> {
    let family = crate::family::<DiagonalAttention>;
    vec![
        family("random", draw::RANDOM, normal).holds(|_, input| draw::is_normal(input)),
        family(
            "ragged",
            "two sequences of three heads of 7 elements in blocks of 8: rows begin at odd addresses, and no tile fits",
            normal,
        )
        .fixes("size", "7")
        .fixes("block", "8")
        .fixes("heads", "3")
        .fixes("batch", "2")
        .holds(|_, input| {
            let is_whole = input.size == 7 && input.block == 8;
            is_whole && input.q.len() == 2 * 3 * 7 * input.n as usize
        }),
        family(
            "length_one",
            "blocks of one place: every mean is the value at its own place",
            normal,
        )
        .fixes("block", "1")
        .holds(|_, input| input.block == 1),
        family(
            "last_alone",
            "blocks of all places but one: the last one is alone in its block",
            normal,
        )
        .fixes("block", "max(n - 1, 1)")
        .holds(|_, input| input.block == (input.n - 1).max(1)),
    ]
}

/// Families by values.
fn values() -> Vec<Family<DiagonalAttention>> {
    let family = crate::family::<DiagonalAttention>;
    vec![
        family("constant", draw::CONSTANT, |at, random| {
            input(at, draw::constant(extent(at), random))
        })
        .holds(|_, input| draw::is_constant(input)),
        family("large_magnitude", draw::LARGE, |at, random| {
            input(at, draw::large(extent(at), random))
        })
        .holds(|_, input| draw::is_large(input)),
        family("one_hot", draw::ONE_HOT, one_hot)
            .sizes(1, 4096)
            .bounds("size", "32", "128")
            .bounds("block", "1", "1024")
            .holds(|_, input| draw::is_one_hot(input)),
        family("cancellation", draw::CANCELLING, |at, random| {
            let heads = at.size("batch") * at.size("heads");
            let stretches = (0..heads).map(|head| (at.size("n"), head));
            input(at, draw::cancelling(extent(at), random, heads, stretches))
        })
        .holds(|_, input| draw::is_cancelling(input, &[(&input.v, input.n as usize)])),
        family("half_range_limits", draw::LIMITS_OF_HALF, |at, random| {
            input(at, draw::limits_of_half(extent(at), random))
        })
        .holds(|_, input| draw::is_at_limits_of_half(input)),
    ]
}

/// A query looks for any of the keys that it sees.
fn one_hot(at: &At, random: &mut Random) -> Input {
    let (n, block, is_causal) = (at.size("n"), at.size("block"), at.integer("causal") == 1);
    let chosen = |query: usize, random: &mut Random| {
        let seen = super::seen(n, block, is_causal, query);
        seen.start + random.index(seen.len())
    };
    input(at, draw::one_hot(extent(at), random, chosen))
}

fn normal(at: &At, random: &mut Random) -> Input {
    input(at, draw::normal(extent(at), random))
}

fn input(at: &At, drawn: Drawn) -> Input {
    let element = at
        .word("type")
        .parse()
        .expect("the schema has types of floats");
    let [q, k, v] = drawn.map(|values| Tensor::of(element, values));
    Input {
        n: at.integer("n"),
        size: at.integer("size"),
        block: at.integer("block"),
        heads: at.integer("heads"),
        batch: at.integer("batch"),
        causal: at.integer("causal") == 1,
        r#type: element,
        q,
        k,
        v,
    }
}
