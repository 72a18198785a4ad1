//! Families of attention with a norm: sums that overflow, cancel or vanish.

use super::Input;
use crate::attention::families::{Around, around, extent};
use crate::features::{feature, product};
use crate::generators::{
    alike, are_alike, cancelling, do_cancel, greatest, lie_between, normals, subnormals,
};
use crate::linear_attention::families::shapes;
use crate::softmax::draw::{self, Extent};
use crate::{At, Family, Problem, Random, Tensor};

/// Those of attention with a norm, and of what is asked for around it.
pub(crate) fn all<P: Problem<Input: Around>>() -> Vec<Family<P>> {
    let mut all = shapes("a single key: the sum is a multiple of its value");
    all.extend(values());
    all.extend(weights());
    all
}

/// Families by values.
fn values<P: Problem<Input: Around>>() -> Vec<Family<P>> {
    let family = crate::family::<P>;
    vec![
        family(
            "constant",
            "all queries are the same, all keys, and all values: every sum is a multiple of that value",
            |at, random| around(at, draw::constant(extent(at), random), random),
        )
        .holds(|_, input| {
            let input = input.attention();
            let is_alike = |tensor| are_alike(tensor, input.rows(), input.size as usize);
            [&input.q, &input.k, &input.v].into_iter().all(is_alike)
        }),
        family("cancellation", draw::CANCELLING, |at, random| {
            let Extent { queries: rows, size, .. } = extent(at);
            let n = at.size("n");
            let q = normals(random, rows * size);
            let k = alike(random, rows / n, n, size);
            let v = cancelling(random, rows / n, n, size);
            around(at, [q, k, v], random)
        })
        .holds(|_, input| {
            let input = input.attention();
            let (n, size) = (input.n as usize, input.size as usize);
            are_alike(&input.k, n, size) && do_cancel(&input.v, n, size)
        }),
        family(
            "half_range_limits",
            "the queries and keys are subnormal numbers of f16, the values are from a half of its greatest up",
            |at, random| {
                let Extent { queries: rows, size, .. } = extent(at);
                let (q, k) = (subnormals(random, rows * size), subnormals(random, rows * size));
                let v = greatest(random, rows * size);
                around(at, [q, k, v], random)
            },
        )
        .holds(|_, input| {
            let input = input.attention();
            let are_small = |tensor: &Tensor| lie_between(tensor, 5.9e-8, 6.1e-5);
            are_small(&input.q) && are_small(&input.k) && lie_between(&input.v, 32_768.0, 65_024.0)
        }),
    ]
}

/// Families by the weights of the values.
fn weights<P: Problem<Input: Around>>() -> Vec<Family<P>> {
    let family = crate::family::<P>;
    vec![
        family(
            "large_magnitude",
            "every weight is above 65504, so that no sum of values fits into f16",
            |at, random| {
                let Extent { queries: rows, size, .. } = extent(at);
                let least = (70_000.0 / size as f64).sqrt();
                let mut above = || (0..rows * size).map(|_| least + random.normal().abs()).collect();
                let (q, k) = (above(), above());
                let v = normals(random, rows * size);
                around(at, [q, k, v], random)
            },
        )
        .holds(|_, input| {
            let input = input.attention();
            some_weights(input, |weights| weights.iter().all(|weight| *weight > 65_504.0))
        }),
        family(
            "one_hot",
            "every query and key has one feature of 9 and no other above a billionth: a query sees the keys of its own kind",
            one_hot,
        )
        .sizes(1, 4096)
        .holds(|_, input| {
            let input = input.attention();
            some_weights(input, |weights| {
                let is_seen = |weight: &&f64| **weight > 80.9 && **weight < 81.1;
                let seen = weights.iter().filter(is_seen).count();
                let unseen = weights.iter().filter(|weight| **weight < 1e-7).count();
                seen > 0 && seen + unseen == weights.len()
            })
        }),
        family(
            "vanishing",
            "the features of every fourth query are below a millionth: its sum is nothing beside epsilon",
            |at, random| {
                let Extent { queries: rows, size, .. } = extent(at);
                let mut q = normals(random, rows * size);
                for (row, query) in q.chunks_exact_mut(size).enumerate() {
                    let away = [18.0, 6.0, 12.0, 0.0][row % 4];
                    query.iter_mut().for_each(|element| *element -= away);
                }
                let (k, v) = (normals(random, rows * size), normals(random, rows * size));
                around(at, [q, k, v], random)
            },
        )
        .holds(|_, input| {
            let input = input.attention();
            let q = input.q.to_f64();
            let mut fourth = q.chunks_exact(input.size as usize).step_by(4);
            fourth.all(|query| query.iter().all(|element| feature(*element) < 1e-6))
        }),
    ]
}

/// Where the feature is, is drawn for a key, and for a query taken from one of the keys that it sees.
fn one_hot<I: Around>(at: &At, random: &mut Random) -> I {
    let Extent {
        queries: rows,
        size,
        ..
    } = extent(at);
    let (n, is_causal) = (at.size("n"), at.integer("causal") == 1);
    let kinds: Vec<usize> = (0..rows).map(|_| random.index(size)).collect();
    let row = |kind: usize| (0..size).map(move |place| if place == kind { 8.0 } else { -24.0 });
    let k = kinds.iter().flat_map(|kind| row(*kind)).collect();
    let mut q = Vec::with_capacity(rows * size);
    for query in 0..rows {
        let seen = if is_causal { query % n + 1 } else { n };
        q.extend(row(kinds[query / n * n + random.index(seen)]));
    }
    let v = normals(random, rows * size);
    around(at, [q, k, v], random)
}

/// Whether something holds for the weights of every seventh query with the keys that it sees.
fn some_weights(input: &Input, holds: impl Fn(&[f64]) -> bool) -> bool {
    let (n, size) = (input.n as usize, input.size as usize);
    let [q, k] = [&input.q, &input.k]
        .map(|tensor| -> Vec<f64> { tensor.to_f64().into_iter().map(feature).collect() });
    (0..input.rows()).step_by(7).all(|row| {
        let query = &q[row * size..(row + 1) * size];
        let first = row / n * n;
        let seen = &k[first * size..(first + input.visible(row % n)) * size];
        let weights: Vec<f64> = seen
            .chunks_exact(size)
            .map(|key| product(query, key))
            .collect();
        holds(&weights)
    })
}
