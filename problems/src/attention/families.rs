//! Families of attention: what overflows, cancels, rounds away or lies across the borders of tiles.

use vocabulary::ElementType;

use super::{Attention, Input};
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
            let is_drawn = |tensor: &Tensor| {
                let values = tensor.to_f64();
                let is_alike = values.len() > 64 && values.windows(2).all(|pair| pair[0] == pair[1]);
                !is_alike && values.iter().all(|value| value.abs() <= 3.47)
            };
            [&input.q, &input.k, &input.v].into_iter().all(is_drawn)
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
            [&input.q, &input.k, &input.v].into_iter().all(|tensor| {
                let values = tensor.to_f64();
                let rows = values.chunks(input.size as usize);
                rows.clone().all(|row| *row == values[..input.size as usize])
            })
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
                let (q, mut k) = (normals(random, rows * size), Vec::new());
                for _ in 0..rows / n {
                    k.extend(normals(random, size).repeat(n));
                }
                let mut v: Vec<f64> = normals(random, rows * size);
                for head in v.chunks_mut(n * size) {
                    for pair in head.chunks_mut(2 * size) {
                        if pair.len() == 2 * size {
                            let (one, other) = pair.split_at_mut(size);
                            for (one, other) in one.iter_mut().zip(other) {
                                *one *= 100.0;
                                *other = 0.1 * *other - *one;
                            }
                        }
                    }
                }
                input(at, [q, k, v])
            },
        )
        .holds(|_, input| {
            let (n, size) = (input.n as usize, input.size as usize);
            let (keys, values) = (input.k.to_f64(), input.v.to_f64());
            let is_alike = |keys: &[f64]| keys.chunks(size).all(|key| *key == keys[..size]);
            let cancels = |pair: &[f64]| {
                let (one, other) = pair.split_at(size);
                one.iter().zip(other).all(|(one, other)| (one + other).abs() <= 1.0)
            };
            keys.chunks(n * size).all(is_alike)
                && values.chunks(n * size).all(|head| head.chunks_exact(2 * size).all(cancels))
        }),
        family(
            "half_range_limits",
            "the queries are subnormal numbers of f16, the keys and values are from a half of its greatest up",
            |at, random| {
                let (rows, size) = extent(at);
                let mut up_to = |most: i64, least: i64, unit: f64| -> Vec<f64> {
                    let mut one = |_| {
                        let sign = if random.bits().is_multiple_of(2) { unit } else { -unit };
                        random.between(least, most) as f64 * sign
                    };
                    (0..rows * size).map(&mut one).collect()
                };
                let subnormal = 1.0 / f64::from(1 << 24);
                let (q, k) = (up_to(1023, 1, subnormal), up_to(2047, 1024, 32.0));
                // A weighted mean of the very greatest, its weights rounded, would leave f16.
                input(at, [q, k, up_to(2032, 1024, 32.0)])
            },
        )
        .holds(|_, input| {
            let lie = |tensor: &Tensor, least: f64, most: f64| {
                let values = tensor.to_f64().into_iter();
                values.map(f64::abs).all(|value| (least..=most).contains(&value))
            };
            lie(&input.q, 5.9e-8, 6.1e-5)
                && lie(&input.k, 32_768.0, 65_504.0)
                && lie(&input.v, 32_768.0, 65_024.0)
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

fn normal(at: &At, random: &mut Random) -> Input {
    let (rows, size) = extent(at);
    let mut drawn = || normals(random, rows * size);
    input(at, [drawn(), drawn(), drawn()])
}

/// How many rows q, k and v have, and of how many elements.
fn extent(at: &At) -> (usize, usize) {
    let rows = at.size("batch") * at.size("heads") * at.size("n");
    (rows, at.size("size"))
}

fn normals(random: &mut Random, count: usize) -> Vec<f64> {
    (0..count).map(|_| random.normal()).collect()
}

fn signs(random: &mut Random, count: usize) -> Vec<f64> {
    let sign = |_| {
        if random.bits().is_multiple_of(2) {
            1.0
        } else {
            -1.0
        }
    };
    (0..count).map(sign).collect()
}

fn input(at: &At, [q, k, v]: [Vec<f64>; 3]) -> Input {
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
