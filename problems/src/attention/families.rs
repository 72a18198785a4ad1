//! Families of attention: what overflows, cancels, rounds away or lies across the borders of tiles.

use super::{Attention, Input};
use crate::softmax::draw::{self, Drawn, Extent};
use crate::{At, Family, Random, Tensor};

pub(super) fn all() -> Vec<Family<Attention>> {
    let mut all = shapes();
    all.extend(values());
    all
}

/// Families by shape; all elements are about normal, of mean 0 and variance 1.
fn shapes() -> Vec<Family<Attention>> {
    let family = crate::family::<Attention>;
    vec![
        family("random", draw::RANDOM, normal).holds(|_, input| draw::is_normal(input)),
        family(
            "ragged",
            "two sequences of three heads of 7 elements: rows begin at odd addresses, and no tile fits",
            normal,
        )
        .fixes("size", "7")
        .fixes("heads", "3")
        .fixes("batch", "2")
        .holds(|_, input| input.size == 7 && input.q.len() == 2 * 3 * 7 * input.n as usize),
        family(
            "length_one",
            "a single key: the mean is its value, and the logsumexp its score",
            normal,
        )
        .sizes(1, 1)
        .holds(|_, input| input.n == 1),
    ]
}

/// Families by values.
fn values() -> Vec<Family<Attention>> {
    let family = crate::family::<Attention>;
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
            .bounds("size", "32", "256")
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
    let (n, is_causal) = (at.size("n"), at.integer("causal") == 1);
    let chosen = |query: usize, random: &mut Random| {
        let place = query % n;
        let seen = if is_causal { place + 1 } else { n };
        query - place + random.index(seen)
    };
    input(at, draw::one_hot(extent(at), random, chosen))
}

/// Every element is drawn anew.
fn normal(at: &At, random: &mut Random) -> Input {
    input(at, draw::normal(extent(at), random))
}

/// An input that is drawn as one of attention is: itself, or more around it.
pub(crate) trait Around: Sized {
    /// Around queries, keys and values; what there is besides is drawn last.
    fn around(attention: Input, random: &mut Random) -> Self;

    /// The queries, keys and values.
    fn attention(&self) -> &Input;
}

impl Around for Input {
    fn around(attention: Input, _: &mut Random) -> Self {
        attention
    }

    fn attention(&self) -> &Input {
        self
    }
}

/// What is around an [`input`].
pub(crate) fn around<I: Around>(at: &At, drawn: Drawn, random: &mut Random) -> I {
    I::around(input(at, drawn), random)
}

/// How many rows the arrays of a case have.
pub(crate) fn extent(at: &At) -> Extent {
    let rows = at.size("batch") * at.size("heads") * at.size("n");
    Extent {
        queries: rows,
        keys: rows,
        size: at.size("size"),
    }
}

/// An input of a case with these values, each rounded to the type of the case.
pub(crate) fn input(at: &At, drawn: Drawn) -> Input {
    let element = at
        .word("type")
        .parse()
        .expect("the schema has types of floats");
    let [q, k, v] = drawn.map(|values| Tensor::of(element, values));
    Input {
        n: at.integer("n"),
        size: at.integer("size"),
        heads: at.integer("heads"),
        batch: at.integer("batch"),
        causal: at.integer("causal") == 1,
        r#type: element,
        q,
        k,
        v,
    }
}
