//! Families of sparse attention: those of softmax attention, and patterns at their limits.

use super::{Input, SparseAttention};
use crate::softmax::draw::{self, Drawn, Extent};
use crate::{At, Family, Random, Tensor};

pub(super) fn all() -> Vec<Family<SparseAttention>> {
    let mut all = patterns();
    all.extend(values());
    all
}

fn patterns() -> Vec<Family<SparseAttention>> {
    let family = crate::family::<SparseAttention>;
    vec![
        family("random", draw::RANDOM, normal).holds(|_, input| draw::is_normal(input)),
        family(
            "ragged",
            "two sequences of three heads of 7 elements, a window of 6 and a stride of 13: no row and no tile is where it would fit",
            normal,
        )
        .fixes("window", "6")
        .fixes("stride", "13")
        .fixes("size", "7")
        .fixes("heads", "3")
        .fixes("batch", "2")
        .holds(|_, input| {
            let pattern = (input.window, input.stride, input.size);
            pattern == (6, 13, 7) && input.q.len() == 42 * input.n as usize
        }),
        family(
            "length_one",
            "a single key: the mean is its value, and the logsumexp its score",
            normal,
        )
        .sizes(1, 1)
        .holds(|_, input| input.n == 1),
        family(
            "every_key",
            "a stride of 1: the window and the strided keys together are all keys before a query",
            normal,
        )
        .fixes("stride", "1")
        .holds(|_, input| (0..input.n as usize).all(|place| input.seen(place).eq(0..place + 1))),
        family(
            "window_alone",
            "a stride as long as the sequence: no key beyond the window is seen",
            normal,
        )
        .fixes("stride", "n")
        .holds(|_, input| (0..input.n as usize).all(|place| input.seen(place).eq(input.window(place)))),
    ]
}

fn values() -> Vec<Family<SparseAttention>> {
    let family = crate::family::<SparseAttention>;
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
    let n = at.size("n");
    let shape = input(at, Default::default());
    let chosen = |query: usize, random: &mut Random| {
        let (first, place) = (query / n * n, query % n);
        let count = shape.seen(place).count();
        let seen = shape.seen(place).nth(random.index(count));
        first + seen.expect("as many as were counted")
    };
    let drawn = draw::one_hot(extent(at), random, chosen);
    input(at, drawn)
}

fn normal(at: &At, random: &mut Random) -> Input {
    input(at, draw::normal(extent(at), random))
}

fn extent(at: &At) -> Extent {
    let rows = at.size("batch") * at.size("heads") * at.size("n");
    Extent {
        queries: rows,
        keys: rows,
        size: at.size("size"),
    }
}

fn input(at: &At, drawn: Drawn) -> Input {
    let element = at
        .word("type")
        .parse()
        .expect("the schema has types of floats");
    let [q, k, v] = drawn.map(|values| Tensor::of(element, values));
    Input {
        n: at.integer("n"),
        window: at.integer("window"),
        stride: at.integer("stride"),
        size: at.integer("size"),
        heads: at.integer("heads"),
        batch: at.integer("batch"),
        r#type: element,
        q,
        k,
        v,
    }
}
