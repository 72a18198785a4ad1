//! Families of linear attention: what vanishes in a narrow type, cancels, or lies across the borders of tiles.

use super::{Input, LinearAttention};
use crate::attention::families::{Around, around, extent, input};
use crate::generators::{
    alike, are_alike, cancelling, do_cancel, greatest, lie_between, normals, of_either_sign,
    subnormals,
};
use crate::softmax::draw::{self, Extent};
use crate::{At, Family, Problem, Random};

pub(super) fn all() -> Vec<Family<LinearAttention>> {
    let mut all = shapes("a single key: the mean is its value, whatever its weight");
    all.extend(values());
    all
}

/// Families by shape, and what there is of a single key; all elements are about normal, of mean 0 and variance 1.
pub(crate) fn shapes<P: Problem<Input: Around>>(of_one: &'static str) -> Vec<Family<P>> {
    let family = crate::family::<P>;
    vec![
        family("random", draw::RANDOM, normal).holds(|_, input| draw::is_normal(input.attention())),
        family(
            "ragged",
            "two sequences of three heads of 7 elements: rows begin at odd addresses, and no tile fits",
            normal,
        )
        .fixes("size", "7")
        .fixes("heads", "3")
        .fixes("batch", "2")
        .holds(|_, input| {
            let input = input.attention();
            input.size == 7 && input.q.len() == 2 * 3 * 7 * input.n as usize
        }),
        family("length_one", of_one, normal)
            .sizes(1, 1)
            .holds(|_, input| input.attention().n == 1),
    ]
}

/// Every element is drawn anew.
fn normal<I: Around>(at: &At, random: &mut Random) -> I {
    around(at, draw::normal(extent(at), random), random)
}

/// Families by values.
fn values() -> Vec<Family<LinearAttention>> {
    let family = crate::family::<LinearAttention>;
    vec![
        family(
            "constant",
            draw::CONSTANT,
            |at, random| input(at, draw::constant(extent(at), random)),
        )
        .holds(|_, input| {
            let is_alike = |tensor| are_alike(tensor, input.rows(), input.size as usize);
            [&input.q, &input.k, &input.v].into_iter().all(is_alike)
        }),
        family(
            "large_magnitude",
            "the features of queries are all below 2^-25, nothing in f16; those of keys are as small, or from 16 up",
            |at, random| {
                let Extent { queries: rows, size, .. } = extent(at);
                let q = within(random, rows * size, -20.0, -18.0);
                let key = |random: &mut Random| match random.bits() % 2 {
                    0 => within(random, size, -20.0, -18.0),
                    _ => within(random, size, 15.0, 20.0),
                };
                let k = (0..rows).flat_map(|_| key(random)).collect();
                input(at, [q, k, normals(random, rows * size)])
            },
        )
        .holds(|_, input| {
            let is_small = |x: &f64| *x < 0.0 && libm::exp(*x) < 1.0 / f64::from(1 << 25);
            input.q.to_f64().iter().all(is_small)
                && input.k.to_f64().iter().all(|x| is_small(x) || *x >= 15.0)
        }),
        family(
            "one_hot",
            "every key has one element 20 and else -20, every query is one of the keys that it sees: only keys like it weigh",
            one_hot,
        )
        .bounds("size", "8", "256")
        .holds(|_, input| {
            let size = input.size as usize;
            let is_hot = |row: &[f64]| {
                let hot = row.iter().filter(|x| **x == 20.0).count();
                hot == 1 && row.iter().filter(|x| **x == -20.0).count() == size - 1
            };
            let (q, k) = (input.q.to_f64(), input.k.to_f64());
            q.chunks(size).all(is_hot) && k.chunks(size).all(is_hot)
        }),
        family(
            "cancellation",
            draw::CANCELLING,
            |at, random| {
                let Extent { queries: rows, size, .. } = extent(at);
                let n = at.size("n");
                let q = normals(random, rows * size);
                let k = alike(random, rows / n, n, size);
                let v = cancelling(random, rows / n, n, size);
                input(at, [q, k, v])
            },
        )
        .holds(|_, input| {
            let (n, size) = (input.n as usize, input.size as usize);
            are_alike(&input.k, n, size) && do_cancel(&input.v, n, size)
        }),
        family(
            "half_range_limits",
            "the queries are subnormal numbers of f16, the keys from 16 to 20 on either side, the values from a half of f16's greatest up",
            |at, random| {
                let Extent { queries: rows, size, .. } = extent(at);
                let q = subnormals(random, rows * size);
                let k = of_either_sign(random, rows * size, (16 * 64, 20 * 64), 1.0 / 64.0);
                input(at, [q, k, greatest(random, rows * size)])
            },
        )
        .holds(|_, input| {
            lie_between(&input.q, 5.9e-8, 6.1e-5)
                && lie_between(&input.k, 16.0, 20.0)
                && lie_between(&input.v, 32_768.0, 65_024.0)
        }),
    ]
}

/// Each key has one element 20 among others of -20, and each query is one of the keys that it sees.
fn one_hot(at: &At, random: &mut Random) -> Input {
    let Extent {
        queries: rows,
        size,
        ..
    } = extent(at);
    let (n, is_causal) = (at.size("n"), at.integer("causal") == 1);
    let mut k = vec![-20.0; rows * size];
    for row in k.chunks_mut(size) {
        row[random.index(size)] = 20.0;
    }
    let mut q = Vec::with_capacity(k.len());
    for row in 0..rows {
        let place = row % n;
        let chosen = row - place + random.index(if is_causal { place + 1 } else { n });
        q.extend_from_slice(&k[chosen * size..(chosen + 1) * size]);
    }
    input(at, [q, k, normals(random, rows * size)])
}

fn within(random: &mut Random, count: usize, least: f64, most: f64) -> Vec<f64> {
    let one = |_| least + (most - least) * random.fraction();
    (0..count).map(one).collect()
}
