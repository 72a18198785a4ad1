//! Families of gated attention: what overflows, cancels, gets no weight or lies across the borders of tiles.

use super::{Gated, Shape, Sight};
use crate::features::product;
use crate::generators::{
    alike, are_alike, are_normal, cancelling, do_cancel, greatest, lie_between, normals, subnormals,
};
use crate::softmax::draw;
use crate::{At, Family, Problem, Random, Tensor};

/// Draws queries and keys of which it is known who sees whom.
type Paired = fn(&Shape, Sight, &mut Random) -> [Vec<f64>; 2];

/// Draws gates and values.
type Gates = fn(&Shape, &mut Random) -> [Vec<f64>; 2];

/// All of them, where it is known what else is ragged in one problem.
pub(crate) fn all<P: Problem<Input: Gated>>(
    ragged: impl Fn(Family<P>) -> Family<P>,
) -> Vec<Family<P>> {
    let mut all = shapes(ragged);
    all.extend(values());
    all.extend(weights());
    all
}

/// Families by shape; all elements are about normal, of mean 0 and variance 1.
fn shapes<P: Problem<Input: Gated>>(ragged: impl Fn(Family<P>) -> Family<P>) -> Vec<Family<P>> {
    let family = crate::family::<P>;
    vec![
        family(
            "random",
            draw::RANDOM,
            normal,
        )
        .holds(|_, input| {
            input.arrays().into_iter().all(are_normal)
        }),
        ragged(
            family(
                "ragged",
                "three sequences of 7 elements, gated by 9: rows begin at odd addresses, and no tile fits",
                normal,
            )
            .fixes("size", "7")
            .fixes("width", "9")
            .fixes("batch", "3"),
        )
        .holds(|_, input| {
            let Shape { size, width, batch, .. } = input.shape();
            [size, width, batch] == [7, 9, 3]
        }),
        family(
            "length_one",
            "a single key: the sum is a multiple of its value",
            normal,
        )
        .sizes(1, 1)
        .holds(|_, input| input.shape().n == 1),
    ]
}

/// Families by values.
fn values<P: Problem<Input: Gated>>() -> Vec<Family<P>> {
    let family = crate::family::<P>;
    vec![
        family(
            "constant",
            "queries and keys that see each other are all one vector, all gates are the same, and all values: every sum is a multiple of that value",
            |at, random| {
                input(
                    at,
                    random,
                    |shape, _, random| {
                        // A quarter, so that the square of their product fits into f16.
                        let q = scaled(0.25, alike(random, 1, shape.rows(), shape.size));
                        [q.clone(), q]
                    },
                    |shape, random| {
                        [(); 2].map(|()| alike(random, 1, shape.rows(), shape.width))
                    },
                )
            },
        )
        .holds(|_, input| {
            let (shape, arrays) = (input.shape(), input.arrays());
            let (paired, gated) = arrays.split_at(2 * P::Input::SIGHTS.len());
            let one = |tensor: &&Tensor, size| are_alike(tensor, shape.rows(), size);
            paired.chunks(2).all(|pair| pair[0] == pair[1])
                && paired.iter().all(|tensor| one(tensor, shape.size))
                && gated.iter().all(|tensor| one(tensor, shape.width))
        }),
        family(
            "cancellation",
            "all keys are the same, the values come in pairs of about 100 and -100 whose sum is at most 1",
            |at, random| {
                input(
                    at,
                    random,
                    |shape, _, random| {
                        let q = normals(random, shape.rows() * shape.size);
                        // An eighth, so that the first value alone fits into f16 once it is weighed.
                        [q, scaled(0.125, alike(random, shape.batch, shape.n, shape.size))]
                    },
                    |shape, random| {
                        let u = normals(random, shape.rows() * shape.width);
                        [u, cancelling(random, shape.batch, shape.n, shape.width)]
                    },
                )
            },
        )
        .holds(|_, input| {
            let (Shape { n, size, width, .. }, arrays) = (input.shape(), input.arrays());
            let (paired, gated) = arrays.split_at(2 * P::Input::SIGHTS.len());
            paired.chunks(2).all(|pair| are_alike(pair[1], n, size)) && do_cancel(gated[1], n, width)
        }),
        family(
            "half_range_limits",
            "the queries and values are subnormal numbers of f16, the keys and gates are from a half of its greatest up",
            |at, random| {
                input(
                    at,
                    random,
                    |shape, _, random| {
                        let count = shape.rows() * shape.size;
                        [subnormals(random, count), greatest(random, count)]
                    },
                    |shape, random| {
                        let count = shape.rows() * shape.width;
                        [greatest(random, count), subnormals(random, count)]
                    },
                )
            },
        )
        .holds(|_, input| {
            let holds = |small: &Tensor, great: &Tensor| {
                lie_between(small, 5.9e-8, 6.1e-5) && lie_between(great, 32_768.0, 65_504.0)
            };
            let arrays = input.arrays();
            let (paired, gated) = arrays.split_at(2 * P::Input::SIGHTS.len());
            paired.chunks(2).all(|pair| holds(pair[0], pair[1])) && holds(gated[1], gated[0])
        }),
    ]
}

/// Families by the products of queries and keys.
fn weights<P: Problem<Input: Gated>>() -> Vec<Family<P>> {
    let family = crate::family::<P>;
    vec![
        family(
            "large_magnitude",
            "the product of every query and key is above 65504, so that it fits into f16 only once it is divided",
            |at, random| {
                input(
                    at,
                    random,
                    |shape, _, random| {
                        let least = (70_000.0 / shape.size as f64).sqrt();
                        positive(shape, random, least)
                    },
                    |shape, random| {
                        two(random, shape.rows() * shape.width).map(|of| scaled(1.0 / 2048.0, of))
                    },
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
                    |shape, _, random| {
                        let [q, k] = positive(shape, random, 0.125);
                        [q, scaled(-1.0, k)]
                    },
                    normal_gates,
                )
            },
        )
        .holds(|_, input| some_products(input, |products| products.iter().all(|it| *it < 0.0))),
        family(
            "one_hot",
            "every query and key has one element of 8 and zeros: a query sees the keys of its own kind alone",
            |at, random| input(at, random, one_hot, normal_gates),
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

/// Where the element is, is drawn for a key, and for a query taken from one of the keys that it sees, or as it comes if there is none.
fn one_hot(shape: &Shape, sight: Sight, random: &mut Random) -> [Vec<f64>; 2] {
    let size = shape.size;
    let kinds: Vec<usize> = (0..shape.rows()).map(|_| random.index(size)).collect();
    let row = |kind: usize| (0..size).map(move |place| if place == kind { 8.0 } else { 0.0 });
    let k = kinds.iter().flat_map(|kind| row(*kind)).collect();
    let mut q = Vec::with_capacity(kinds.len() * size);
    for query in 0..kinds.len() {
        let seen = sight(shape, query);
        let key = match seen.is_empty() {
            true => query,
            false => seen.start + random.index(seen.len()),
        };
        q.extend(row(kinds[key]));
    }
    [q, k]
}

/// Queries and keys without an element below the least one.
fn positive(shape: &Shape, random: &mut Random, least: f64) -> [Vec<f64>; 2] {
    let above = |value: f64| least + value.abs();
    two(random, shape.rows() * shape.size).map(|values| values.into_iter().map(above).collect())
}

fn normal<I: Gated>(at: &At, random: &mut Random) -> I {
    let paired: Paired = |shape, _, random| two(random, shape.rows() * shape.size);
    input(at, random, paired, normal_gates)
}

fn normal_gates(shape: &Shape, random: &mut Random) -> [Vec<f64>; 2] {
    two(random, shape.rows() * shape.width)
}

/// Two arrays of numbers about normal.
fn two(random: &mut Random, count: usize) -> [Vec<f64>; 2] {
    [(); 2].map(|()| normals(random, count))
}

fn scaled(factor: f64, mut values: Vec<f64>) -> Vec<f64> {
    values.iter_mut().for_each(|value| *value *= factor);
    values
}

/// Whether something holds for the products of every seventh query with the keys that it sees, if it sees any.
fn some_products<I: Gated>(input: &I, holds: impl Fn(&[f64]) -> bool) -> bool {
    let (shape, arrays) = (input.shape(), input.arrays());
    let size = shape.size;
    I::SIGHTS.iter().zip(arrays.chunks(2)).all(|(sight, pair)| {
        let (q, k) = (pair[0].to_f64(), pair[1].to_f64());
        (0..shape.rows()).step_by(7).all(|row| {
            let (query, seen) = (&q[row * size..(row + 1) * size], sight(&shape, row));
            let keys = k[seen.start * size..seen.end * size].chunks_exact(size);
            let products: Vec<f64> = keys.map(|key| product(query, key)).collect();
            products.is_empty() || holds(&products)
        })
    })
}

/// An input of a case with these values, each rounded to the type of the case.
fn input<I: Gated>(at: &At, random: &mut Random, paired: Paired, gates: Gates) -> I {
    let shape = I::shape_of(at);
    let mut arrays = Vec::new();
    for sight in I::SIGHTS {
        arrays.extend(paired(&shape, *sight, random));
    }
    arrays.extend(gates(&shape, random));
    let tensor = |values| Tensor::of(shape.element, values);
    I::of(&shape, arrays.into_iter().map(tensor).collect())
}
