//! Families of gated attention: what overflows, cancels, gets no weight or lies across the borders of tiles.

use super::{GatedAttentionUnit, Input};
use crate::features::product;
use crate::generators::{
    alike, are_alike, are_normal, cancelling, do_cancel, greatest, lie_between, normals, subnormals,
};
use crate::softmax::draw;
use crate::{At, Family, Random, Tensor};

/// Draws queries and keys, or gates and values.
type Draw = fn(&At, &mut Random) -> [Vec<f64>; 2];

pub(super) fn all() -> Vec<Family<GatedAttentionUnit>> {
    let mut all = shapes();
    all.extend(values());
    all.extend(weights());
    all
}

/// Families by shape; all elements are about normal, of mean 0 and variance 1.
fn shapes() -> Vec<Family<GatedAttentionUnit>> {
    let family = crate::family::<GatedAttentionUnit>;
    vec![
        family(
            "random",
            draw::RANDOM,
            normal,
        )
        .holds(|_, input| {
            input.arrays().into_iter().all(are_normal)
        }),
        family(
            "ragged",
            "three sequences of 7 elements, gated by 9: rows begin at odd addresses, and no tile fits",
            normal,
        )
        .fixes("size", "7")
        .fixes("width", "9")
        .fixes("batch", "3")
        .holds(|_, input| {
            input.size == 7 && input.u.len() == 3 * 9 * input.n as usize
        }),
        family(
            "length_one",
            "a single key: the sum is a multiple of its value",
            normal,
        )
        .sizes(1, 1)
        .holds(|_, input| input.n == 1),
    ]
}

/// Families by values.
fn values() -> Vec<Family<GatedAttentionUnit>> {
    let family = crate::family::<GatedAttentionUnit>;
    vec![
        family(
            "constant",
            "all queries and keys are one vector, all gates are the same, and all values: every sum is a multiple of that value",
            |at, random| {
                input(
                    at,
                    random,
                    |at, random| {
                        // A quarter, so that the square of their product fits into f16.
                        let q = scaled(0.25, alike(random, 1, rows(at), at.size("size")));
                        [q.clone(), q]
                    },
                    |at, random| [(); 2].map(|()| alike(random, 1, rows(at), at.size("width"))),
                )
            },
        )
        .holds(|_, input| {
            let one = |tensor, size| are_alike(tensor, input.rows(), size as usize);
            input.q == input.k
                && [&input.q, &input.k].into_iter().all(|tensor| one(tensor, input.size))
                && [&input.u, &input.v].into_iter().all(|tensor| one(tensor, input.width))
        }),
        family(
            "cancellation",
            "all keys are the same, the values come in pairs of about 100 and -100 whose sum is at most 1",
            |at, random| {
                input(
                    at,
                    random,
                    |at, random| {
                        let (size, n) = (at.size("size"), at.size("n"));
                        let q = normals(random, rows(at) * size);
                        // An eighth, so that the first value alone fits into f16 once it is weighed.
                        [q, scaled(0.125, alike(random, at.size("batch"), n, size))]
                    },
                    |at, random| {
                        let (width, n) = (at.size("width"), at.size("n"));
                        let u = normals(random, rows(at) * width);
                        [u, cancelling(random, at.size("batch"), n, width)]
                    },
                )
            },
        )
        .holds(|_, input| {
            let n = input.n as usize;
            are_alike(&input.k, n, input.size as usize) && do_cancel(&input.v, n, input.width as usize)
        }),
        family(
            "half_range_limits",
            "the queries and values are subnormal numbers of f16, the keys and gates are from a half of its greatest up",
            |at, random| {
                input(
                    at,
                    random,
                    |at, random| {
                        let count = rows(at) * at.size("size");
                        [subnormals(random, count), greatest(random, count)]
                    },
                    |at, random| {
                        let count = rows(at) * at.size("width");
                        [greatest(random, count), subnormals(random, count)]
                    },
                )
            },
        )
        .holds(|_, input| {
            let holds = |small: &Tensor, great: &Tensor| {
                lie_between(small, 5.9e-8, 6.1e-5) && lie_between(great, 32_768.0, 65_504.0)
            };
            holds(&input.q, &input.k) && holds(&input.v, &input.u)
        }),
    ]
}

/// Families by the products of queries and keys.
fn weights() -> Vec<Family<GatedAttentionUnit>> {
    let family = crate::family::<GatedAttentionUnit>;
    vec![
        family(
            "large_magnitude",
            "the product of every query and key is above 65504, so that it fits into f16 only once it is divided",
            |at, random| {
                input(
                    at,
                    random,
                    |at, random| {
                        let least = (70_000.0 / at.size("size") as f64).sqrt();
                        positive(at, random, least)
                    },
                    |at, random| normals_of(at, random, "width").map(|of| scaled(1.0 / 2048.0, of)),
                )
            },
        )
        .holds(|_, input| some_products(input, |products| products.iter().all(|it| *it > 65_504.0))),
        family(
            "negative",
            "the product of every query and key is below 0, so that no key gets a weight from its square",
            |at, random| {
                input(
                    at,
                    random,
                    |at, random| {
                        let [q, k] = positive(at, random, 0.125);
                        [q, scaled(-1.0, k)]
                    },
                    |at, random| normals_of(at, random, "width"),
                )
            },
        )
        .holds(|_, input| some_products(input, |products| products.iter().all(|it| *it < 0.0))),
        family(
            "one_hot",
            "every query and key has one element of 8 and zeros: a query sees the keys of its own kind alone",
            |at, random| {
                input(at, random, one_hot, |at, random| normals_of(at, random, "width"))
            },
        )
        .sizes(1, 4096)
        .holds(|_, input| {
            some_products(input, |products| {
                let seen = products.iter().filter(|it| **it == 64.0).count();
                let unseen = products.iter().filter(|it| **it == 0.0).count();
                seen > 0 && seen + unseen == products.len()
            })
        }),
    ]
}

/// Where the element is, is drawn for a key, and for a query taken from one of the keys that it sees.
fn one_hot(at: &At, random: &mut Random) -> [Vec<f64>; 2] {
    let (n, size) = (at.size("n"), at.size("size"));
    let is_causal = at.integer("causal") == 1;
    let kinds: Vec<usize> = (0..rows(at)).map(|_| random.index(size)).collect();
    let row = |kind: usize| (0..size).map(move |place| if place == kind { 8.0 } else { 0.0 });
    let k = kinds.iter().flat_map(|kind| row(*kind)).collect();
    let mut q = Vec::with_capacity(kinds.len() * size);
    for query in 0..kinds.len() {
        let seen = if is_causal { query % n + 1 } else { n };
        q.extend(row(kinds[query / n * n + random.index(seen)]));
    }
    [q, k]
}

/// Queries and keys without an element below the least one.
fn positive(at: &At, random: &mut Random, least: f64) -> [Vec<f64>; 2] {
    let above = |value: f64| least + value.abs();
    normals_of(at, random, "size").map(|values| values.into_iter().map(above).collect())
}

fn normal(at: &At, random: &mut Random) -> Input {
    let pair: Draw = |at, random| normals_of(at, random, "size");
    input(at, random, pair, |at, random| {
        normals_of(at, random, "width")
    })
}

/// Two arrays whose rows have as many elements as a parameter says.
fn normals_of(at: &At, random: &mut Random, of_row: &str) -> [Vec<f64>; 2] {
    [(); 2].map(|()| normals(random, rows(at) * at.size(of_row)))
}

/// How many rows an array has.
fn rows(at: &At) -> usize {
    at.size("batch") * at.size("n")
}

fn scaled(factor: f64, mut values: Vec<f64>) -> Vec<f64> {
    values.iter_mut().for_each(|value| *value *= factor);
    values
}

/// Whether something holds for the products of every seventh query with the keys that it sees.
fn some_products(input: &Input, holds: impl Fn(&[f64]) -> bool) -> bool {
    let (n, size) = (input.n as usize, input.size as usize);
    let (q, k) = (input.q.to_f64(), input.k.to_f64());
    (0..input.rows()).step_by(7).all(|row| {
        let query = &q[row * size..(row + 1) * size];
        let first = row / n * n;
        let seen = &k[first * size..(first + input.visible(row % n)) * size];
        let products = seen.chunks_exact(size).map(|key| product(query, key));
        holds(&products.collect::<Vec<f64>>())
    })
}

/// An input of a case with these values, each rounded to the type of the case.
fn input(at: &At, random: &mut Random, pair: Draw, gated: Draw) -> Input {
    let element = at
        .word("type")
        .parse()
        .expect("the schema has types of floats");
    let [q, k] = pair(at, random).map(|values| Tensor::of(element, values));
    let [u, v] = gated(at, random).map(|values| Tensor::of(element, values));
    Input {
        n: at.integer("n"),
        size: at.integer("size"),
        width: at.integer("width"),
        batch: at.integer("batch"),
        causal: at.integer("causal") == 1,
        r#type: element,
        q,
        k,
        u,
        v,
    }
}
