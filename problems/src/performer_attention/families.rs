//! Families of performer attention: features beyond `f32` or next to nothing, what cancels, and what lies across borders of tiles.

use vocabulary::ElementType;

use super::{Input, PerformerAttention};
use crate::attention::families::extent;
use crate::generators::{
    alike, are_alike, are_normal, cancelling, do_cancel, greatest, lie_between, normals, signs,
    subnormals,
};
use crate::softmax::draw::{self, Extent};
use crate::{At, Family, Random, Tensor};

/// What the exponents of features lie between: their sums over the keys are then within `f32`, as long as those of a query are divided
/// by their greatest.
const EXPONENTS: std::ops::RangeInclusive<f64> = -80.0..=50.0;

pub(super) fn all() -> Vec<Family<PerformerAttention>> {
    let mut all = shapes();
    all.extend(values());
    all
}

/// Families by shape; all elements are about normal, of mean 0 and variance 1.
fn shapes() -> Vec<Family<PerformerAttention>> {
    let family = crate::family::<PerformerAttention>;
    vec![
        family(
            "random",
            draw::RANDOM,
            normal,
        )
        .holds(|_, input| {
            let tensors = [&input.q, &input.k, &input.v, &input.w];
            tensors.into_iter().all(are_normal) && are_within(input, EXPONENTS)
        }),
        family(
            "ragged",
            "two sequences of three heads of 7 elements and 13 features: rows begin at odd addresses, and no tile fits",
            normal,
        )
        .fixes("size", "7")
        .fixes("features", "13")
        .fixes("heads", "3")
        .fixes("batch", "2")
        .holds(|_, input| {
            let rows = 2 * 3 * input.n as usize;
            input.q.len() == 7 * rows && input.w.len() == 7 * 13 && are_within(input, EXPONENTS)
        }),
        family(
            "length_one",
            "a single key: the mean is its value, whatever its weight",
            normal,
        )
        .sizes(1, 1)
        .holds(|_, input| input.n == 1 && are_within(input, EXPONENTS)),
    ]
}

/// Families by values.
fn values() -> Vec<Family<PerformerAttention>> {
    let family = crate::family::<PerformerAttention>;
    vec![
        family(
            "constant",
            draw::CONSTANT,
            |at, random| {
                let [q, k, v] = draw::constant(extent(at), random);
                input(at, [q, k, v, projection(at, random)])
            },
        )
        .holds(|_, input| {
            let is_alike = |tensor| are_alike(tensor, input.rows(), input.size as usize);
            let is_constant = [&input.q, &input.k, &input.v].into_iter().all(is_alike);
            is_constant && are_within(input, EXPONENTS)
        }),
        family(
            "large_magnitude",
            "every exponent is above 30, most are around 43, so that the products of two features are at the end of f32, and their sums beyond",
            large_magnitude,
        )
        .bounds("size", "8", "256")
        .holds(|_, input| are_within(input, 30.0..=50.0)),
        family(
            "one_hot",
            "every key has one element that is not 0, every query is one of the keys that it sees: only keys like it weigh",
            one_hot,
        )
        .holds(|_, input| {
            let is_hot = |row: &[f64]| row.iter().filter(|x| **x != 0.0).count() == 1;
            let is_hot = |tensor: &Tensor| tensor.to_f64().chunks(input.size as usize).all(is_hot);
            is_hot(&input.q) && is_hot(&input.k) && are_within(input, -34.0..=34.0)
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
                input(at, [q, k, v, projection(at, random)])
            },
        )
        .holds(|_, input| {
            let (n, size) = (input.n as usize, input.size as usize);
            are_alike(&input.k, n, size) && do_cancel(&input.v, n, size)
                && are_within(input, EXPONENTS)
        }),
        family(
            "half_range_limits",
            "queries and projection are subnormal numbers of f16, the values from a half of its greatest up",
            |at, random| {
                let Extent { queries: rows, size, .. } = extent(at);
                let q = subnormals(random, rows * size);
                let w = subnormals(random, at.size("features") * size);
                let v = greatest(random, rows * size);
                input(at, [q, normals(random, rows * size), v, w])
            },
        )
        .holds(|_, input| {
            lie_between(&input.q, 5.9e-8, 6.1e-5)
                && lie_between(&input.w, 5.9e-8, 6.1e-5)
                && lie_between(&input.v, 32_768.0, 65_024.0)
                && are_within(input, EXPONENTS)
        }),
    ]
}

/// Rows of the projection, queries and keys lie around a common vector, whose square is twice 44: with w = x the exponent is x x / 2.
fn large_magnitude(at: &At, random: &mut Random) -> Input {
    let Extent {
        queries: rows,
        size,
        ..
    } = extent(at);
    let root = (size as f64).sqrt().sqrt();
    let signs = signs(random, size);
    let common = (88.0 / size as f64).sqrt();
    let mut around = |rows: usize, noise: f64, scale: f64| -> Vec<f64> {
        let element = |index| scale * (common * signs[index % size] + noise * random.normal());
        (0..rows * size).map(element).collect()
    };
    let noise = 2.0 / (size as f64).sqrt();
    let (q, k) = (around(rows, noise, root), around(rows, noise, root));
    let w = around(at.size("features"), 0.1, 1.0);
    input(at, [q, k, normals(random, rows * size), w])
}

/// Rows of the projection and keys are 8 (after scaling) at one place each, and each query is one of the keys that it sees.
fn one_hot(at: &At, random: &mut Random) -> Input {
    let Extent {
        queries: rows,
        size,
        ..
    } = extent(at);
    let (n, features) = (at.size("n"), at.size("features"));
    let is_causal = at.integer("causal") == 1;
    let mut w = vec![0.0; features * size];
    for (feature, row) in w.chunks_mut(size).enumerate() {
        row[feature % size] = 8.0;
    }
    let mut k = vec![0.0; rows * size];
    let root = (size as f64).sqrt().sqrt();
    for row in k.chunks_mut(size) {
        row[random.index(size.min(features))] = 8.0 * root;
    }
    let mut q = Vec::with_capacity(k.len());
    for row in 0..rows {
        let place = row % n;
        let chosen = row - place + random.index(if is_causal { place + 1 } else { n });
        q.extend_from_slice(&k[chosen * size..(chosen + 1) * size]);
    }
    input(at, [q, k, normals(random, rows * size), w])
}

fn normal(at: &At, random: &mut Random) -> Input {
    let [q, k, v] = draw::normal(extent(at), random);
    input(at, [q, k, v, projection(at, random)])
}

fn projection(at: &At, random: &mut Random) -> Vec<f64> {
    normals(random, at.size("features") * at.size("size"))
}

fn input(at: &At, [q, k, v, w]: [Vec<f64>; 4]) -> Input {
    let element: ElementType = at
        .word("type")
        .parse()
        .expect("the schema has types of floats");
    Input {
        n: at.integer("n"),
        size: at.integer("size"),
        features: at.integer("features"),
        heads: at.integer("heads"),
        batch: at.integer("batch"),
        causal: at.integer("causal") == 1,
        r#type: element,
        q: Tensor::of(element, q),
        k: Tensor::of(element, k),
        v: Tensor::of(element, v),
        w: Tensor::of(element, w),
    }
}

/// Whether all exponents of features are within a range; of many rows some are looked at.
fn are_within(input: &Input, range: std::ops::RangeInclusive<f64>) -> bool {
    let (size, root) = (input.size as usize, input.fourth_root());
    let w = input.w.to_f64();
    [&input.q, &input.k].into_iter().all(|tensor| {
        let rows = tensor.to_f64();
        let step = (input.rows() / 500).max(1);
        rows.chunks(size).step_by(step).all(|row| {
            let square: f64 = row.iter().map(|x| x * x).sum();
            w.chunks(size).all(|w| {
                let product: f64 = w.iter().zip(row).map(|(a, b)| a * b).sum();
                range.contains(&(product / root - square / (2.0 * root * root)))
            })
        })
    })
}
