//! Families of attention: what overflows, cancels, rounds away or lies across the borders of tiles.

use vocabulary::ElementType;

use super::{Attention, Input};
use crate::generators::{
    alike, are_alike, are_normal, cancelling, do_cancel, greatest, lie_between, normals,
    of_either_sign, signs, subnormals,
};
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
        family(
            "random",
            "every element is drawn anew, about normal, of mean 0 and variance 1",
            normal,
        )
        .holds(|_, input| {
            [&input.q, &input.k, &input.v].into_iter().all(are_normal)
        }),
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
        family(
            "constant",
            "all queries are the same, all keys, and all values: the mean is that value",
            |at, random| {
                let (rows, size) = extent(at);
                let mut all = || normals(random, size).repeat(rows);
                input(at, [all(), all(), all()])
            },
        )
        .holds(|_, input| {
            let is_alike = |tensor| are_alike(tensor, input.rows(), input.size as usize);
            [&input.q, &input.k, &input.v].into_iter().all(is_alike)
        }),
        family(
            "large_magnitude",
            "every score is above 89, so that its exponential is beyond f32",
            |at, random| {
                let (rows, size) = extent(at);
                let signs = signs(random, size);
                // The squares of the common part alone make a score of 130.
                let common = (130.0 / (size as f64).sqrt()).sqrt();
                let mut around = || -> Vec<f64> {
                    let element = |index| common * signs[index % size] + 0.25 * random.normal();
                    (0..rows * size).map(element).collect()
                };
                let (q, k) = (around(), around());
                input(at, [q, k, normals(random, rows * size)])
            },
        )
        .holds(|_, input| {
            let n = input.n as usize;
            (0..input.rows()).all(|row| {
                let first = row / n * n;
                let seen = first..first + input.visible(row % n);
                seen.step_by(5).all(|key| score(input, row, key) > 89.0)
            })
        }),
        family(
            "one_hot",
            "every query has one key whose score is above all others by 20, so that it takes all of the weight",
            one_hot,
        )
        .sizes(1, 4096)
        .bounds("size", "32", "256")
        .holds(|_, input| {
            let n = input.n as usize;
            (0..input.rows()).step_by(7).all(|row| {
                let first = row / n * n;
                let seen = first..first + input.visible(row % n);
                let mut scores: Vec<f64> = seen.map(|key| score(input, row, key)).collect();
                scores.sort_by(|a, b| b.total_cmp(a));
                scores.len() < 2 || scores[0] > scores[1] + 20.0
            })
        }),
        family(
            "cancellation",
            "equal weights on values in pairs of about 100 and -100 whose sum is at most 1",
            |at, random| {
                let (rows, size) = extent(at);
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
            "the queries are subnormal numbers of f16, the keys and values are from a half of its greatest up",
            |at, random| {
                let (rows, size) = extent(at);
                let q = subnormals(random, rows * size);
                let k = of_either_sign(random, rows * size, (1024, 2047), 32.0);
                input(at, [q, k, greatest(random, rows * size)])
            },
        )
        .holds(|_, input| {
            lie_between(&input.q, 5.9e-8, 6.1e-5)
                && lie_between(&input.k, 32_768.0, 65_504.0)
                && lie_between(&input.v, 32_768.0, 65_024.0)
        }),
    ]
}

/// Each key is 8 times a vector of signs, and each query that of one of the keys that it sees.
fn one_hot(at: &At, random: &mut Random) -> Input {
    let (rows, size) = extent(at);
    let (n, is_causal) = (at.size("n"), at.integer("causal") == 1);
    let key = |_| signs(random, size).into_iter().map(|sign| 8.0 * sign);
    let k: Vec<f64> = (0..rows).flat_map(key).collect();
    let mut q = Vec::with_capacity(k.len());
    for row in 0..rows {
        let place = row % n;
        let seen = if is_causal { place + 1 } else { n };
        let chosen = row - place + random.index(seen);
        q.extend_from_slice(&k[chosen * size..(chosen + 1) * size]);
    }
    input(at, [q, k, normals(random, rows * size)])
}

/// Queries, keys and values about normal.
pub(crate) fn normal(at: &At, random: &mut Random) -> Input {
    let (rows, size) = extent(at);
    let mut drawn = || normals(random, rows * size);
    input(at, [drawn(), drawn(), drawn()])
}

/// How many rows q, k and v have, and of how many elements.
pub(crate) fn extent(at: &At) -> (usize, usize) {
    let rows = at.size("batch") * at.size("heads") * at.size("n");
    (rows, at.size("size"))
}

/// An input of a case with these values, each rounded to the type of the case.
pub(crate) fn input(at: &At, [q, k, v]: [Vec<f64>; 3]) -> Input {
    let element: ElementType = at
        .word("type")
        .parse()
        .expect("the schema has types of floats");
    Input {
        n: at.integer("n"),
        size: at.integer("size"),
        heads: at.integer("heads"),
        batch: at.integer("batch"),
        causal: at.integer("causal") == 1,
        r#type: element,
        q: Tensor::of(element, q),
        k: Tensor::of(element, k),
        v: Tensor::of(element, v),
    }
}

/// The score of a row of q with a row of k.
fn score(input: &Input, query: usize, key: usize) -> f64 {
    let size = input.size as usize;
    let terms = (0..size).map(|at| input.q.at(query * size + at) * input.k.at(key * size + at));
    input.scale() * terms.sum::<f64>()
}
