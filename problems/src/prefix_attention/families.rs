//! Families of prefix attention: those of softmax attention, over the keys of the prefix and of the sequences alike.

use super::{Input, PrefixAttention};
use crate::generators::normals;
use crate::softmax::draw::{self, Drawn, Extent};
use crate::{At, Family, Random, Tensor};

pub(super) fn all() -> Vec<Family<PrefixAttention>> {
    let mut all = shapes();
    all.extend(values());
    all
}

fn shapes() -> Vec<Family<PrefixAttention>> {
    let family = crate::family::<PrefixAttention>;
    vec![
        family("random", draw::RANDOM, normal).holds(|_, input| draw::is_normal(input)),
        family(
            "ragged",
            "two sequences of three heads of 7 elements and 5 learned keys: no row and no tile is where it would fit",
            normal,
        )
        .fixes("prefix", "5")
        .fixes("size", "7")
        .fixes("heads", "3")
        .fixes("batch", "2")
        .holds(|_, input| input.prefix_k.len() == 3 * 5 * 7 && input.q.len() == 42 * input.n as usize),
        family(
            "length_one",
            "one query, one key of its own and one learned key",
            normal,
        )
        .sizes(1, 1)
        .fixes("prefix", "1")
        .holds(|_, input| input.n == 1 && input.prefix == 1),
    ]
}

fn values() -> Vec<Family<PrefixAttention>> {
    let family = crate::family::<PrefixAttention>;
    vec![
        family("constant", draw::CONSTANT, |at, random| {
            input(at, draw::constant(extent(at), random))
        })
        .holds(|_, input| {
            // The prefix and the sequence have the same key and the same value.
            let is_alike = |one: &Tensor, other: &Tensor| {
                (0..input.size as usize).all(|i| one.at(i) == other.at(i))
            };
            draw::is_constant(input)
                && is_alike(&input.k, &input.prefix_k)
                && is_alike(&input.v, &input.prefix_v)
        }),
        family("large_magnitude", draw::LARGE, |at, random| {
            input(at, draw::large(extent(at), random))
        })
        .holds(|_, input| draw::is_large(input)),
        family("one_hot", draw::ONE_HOT, one_hot)
            .sizes(1, 4096)
            .bounds("size", "32", "256")
            .holds(|_, input| draw::is_one_hot(input)),
        family("cancellation", draw::CANCELLING, |at, random| {
            let (heads, prefix, n) = (at.size("heads"), at.size("prefix"), at.size("n"));
            let learned = (0..heads).map(|head| (prefix, head));
            let own = (0..at.size("batch") * heads).map(|head| (n, head % heads));
            let drawn = draw::cancelling(extent(at), random, heads, learned.chain(own));
            input(at, drawn)
        })
        .holds(|_, input| {
            let (prefix, n) = (input.prefix as usize, input.n as usize);
            draw::is_cancelling(input, &[(&input.prefix_v, prefix), (&input.v, n)])
        }),
        family("half_range_limits", draw::LIMITS_OF_HALF, |at, random| {
            input(at, draw::limits_of_half(extent(at), random))
        })
        .holds(|_, input| draw::is_at_limits_of_half(input)),
        family(
            "learned_outweighs",
            "every query scores its learned keys above its own by 20, so that these weigh nothing",
            |at, random| {
                let Extent { queries, size, .. } = extent(at);
                let learned = at.size("heads") * at.size("prefix");
                // A score of 15 with what was learned and of -15 with all else, give or take.
                let common = (15.0 / (size as f64).sqrt()).sqrt();
                let mut around = |rows: usize, centre: f64| -> Vec<f64> {
                    (0..rows * size)
                        .map(|_| centre + 0.05 * random.normal())
                        .collect()
                };
                let q = around(queries, common);
                let mut k = around(learned, common);
                k.extend(around(queries, -common));
                let v = normals(random, (learned + queries) * size);
                input(at, [q, k, v])
            },
        )
        .holds(|_, input| {
            let prefix = input.prefix as usize;
            draw::some_scores(input, 3).all(|scores| {
                let (learned, own) = scores.split_at(prefix);
                let least = learned.iter().copied().fold(f64::INFINITY, f64::min);
                own.iter().all(|score| score + 20.0 < least)
            })
        }),
    ]
}

/// A query looks for a learned key as often as for one of its own.
fn one_hot(at: &At, random: &mut Random) -> Input {
    let (heads, prefix, n) = (at.size("heads"), at.size("prefix"), at.size("n"));
    let is_causal = at.integer("causal") == 1;
    let chosen = |query: usize, random: &mut Random| {
        let (head, place) = (query / n, query % n);
        let seen = if is_causal { place + 1 } else { n };
        match random.bits().is_multiple_of(2) {
            true => head % heads * prefix + random.index(prefix),
            false => heads * prefix + head * n + random.index(seen),
        }
    };
    input(at, draw::one_hot(extent(at), random, chosen))
}

fn normal(at: &At, random: &mut Random) -> Input {
    input(at, draw::normal(extent(at), random))
}

/// The keys are those of the prefix, then those of the sequences.
fn extent(at: &At) -> Extent {
    let queries = at.size("batch") * at.size("heads") * at.size("n");
    Extent {
        queries,
        keys: at.size("heads") * at.size("prefix") + queries,
        size: at.size("size"),
    }
}

fn input(at: &At, [q, k, v]: Drawn) -> Input {
    let element = at
        .word("type")
        .parse()
        .expect("the schema has types of floats");
    let learned = at.size("heads") * at.size("prefix") * at.size("size");
    let tensor = |values: &[f64]| Tensor::of(element, values.iter().copied());
    Input {
        n: at.integer("n"),
        prefix: at.integer("prefix"),
        size: at.integer("size"),
        heads: at.integer("heads"),
        batch: at.integer("batch"),
        causal: at.integer("causal") == 1,
        r#type: element,
        q: tensor(&q),
        prefix_k: tensor(&k[..learned]),
        prefix_v: tensor(&v[..learned]),
        k: tensor(&k[learned..]),
        v: tensor(&v[learned..]),
    }
}
