//! Queries, keys and values that overflow, cancel or round away, whatever the pattern is in which they see each other; and tests of
//! what families promise of them.

use super::Rows;
use crate::generators::{
    are_alike, are_normal, cancel_in_pairs, do_cancel, greatest, lie_between, normals,
    of_either_sign, signs, subnormals,
};
use crate::{Random, Tensor};

/// Queries, keys and values, row by row.
pub(crate) type Drawn = [Vec<f64>; 3];

/// How many rows there are, of how many elements.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extent {
    /// Queries of all heads and sequences.
    pub(crate) queries: usize,
    /// Keys of all of them, and as many values.
    pub(crate) keys: usize,
    /// Elements of each.
    pub(crate) size: usize,
}

/// What [`normal`] promises.
pub(crate) const RANDOM: &str =
    "every element is drawn anew, about normal, of mean 0 and variance 1";

/// Every element is drawn anew.
pub(crate) fn normal(extent: Extent, random: &mut Random) -> Drawn {
    let rows = [extent.queries, extent.keys, extent.keys];
    rows.map(|rows| normals(random, rows * extent.size))
}

/// Whether elements are drawn anew, of a variance of 1.
pub(crate) fn is_normal(input: &impl Rows) -> bool {
    input.tensors().into_iter().all(are_normal)
}

/// What [`constant`] promises.
pub(crate) const CONSTANT: &str =
    "all queries are the same, all keys, and all values: the mean is that value";

/// One query, one key and one value, repeated.
pub(crate) fn constant(extent: Extent, random: &mut Random) -> Drawn {
    let rows = [extent.queries, extent.keys, extent.keys];
    rows.map(|rows| normals(random, extent.size).repeat(rows))
}

/// Whether in each array all rows are the same.
pub(crate) fn is_constant(input: &impl Rows) -> bool {
    let size = input.size();
    let mut tensors = input.tensors().into_iter();
    tensors.all(|tensor| are_alike(tensor, tensor.len() / size, size))
}

/// What [`large`] promises.
pub(crate) const LARGE: &str = "every score is above 89, so that its exponential is beyond f32";

/// Queries and keys around one vector, the squares of which alone make a score of 130.
pub(crate) fn large(extent: Extent, random: &mut Random) -> Drawn {
    let size = extent.size;
    let signs = signs(random, size);
    let common = (130.0 / (size as f64).sqrt()).sqrt();
    let mut around = |rows: usize| -> Vec<f64> {
        let element = |index| common * signs[index % size] + 0.25 * random.normal();
        (0..rows * size).map(element).collect()
    };
    let (q, k) = (around(extent.queries), around(extent.keys));
    [q, k, normals(random, extent.keys * size)]
}

/// Whether all scores are above 89.
pub(crate) fn is_large(input: &impl Rows) -> bool {
    some_scores(input, 3).all(|scores| scores.iter().all(|score| *score > 89.0))
}

/// What [`one_hot`] promises.
pub(crate) const ONE_HOT: &str = "every query has one key whose score is above all others by 20, so that it takes all of the weight";

/// Each key is 8 times a vector of signs, and each query that of the key that `chosen` says for it, among those that it sees.
pub(crate) fn one_hot(
    extent: Extent,
    random: &mut Random,
    mut chosen: impl FnMut(usize, &mut Random) -> usize,
) -> Drawn {
    let size = extent.size;
    let key = |_| signs(random, size).into_iter().map(|sign| 8.0 * sign);
    let k: Vec<f64> = (0..extent.keys).flat_map(key).collect();
    let mut q = Vec::with_capacity(extent.queries * size);
    for query in 0..extent.queries {
        let key = chosen(query, random);
        q.extend_from_slice(&k[key * size..(key + 1) * size]);
    }
    [q, k, normals(random, extent.keys * size)]
}

/// Whether one score stands out everywhere.
pub(crate) fn is_one_hot(input: &impl Rows) -> bool {
    some_scores(input, 7).all(|mut scores| {
        scores.sort_by(|a, b| b.total_cmp(a));
        scores.len() < 2 || scores[0] > scores[1] + 20.0
    })
}

/// What [`cancelling`] promises.
pub(crate) const CANCELLING: &str =
    "equal weights on values in pairs of about 100 and -100 whose sum is at most 1";

/// All keys of a head are the same. `stretches` are the keys in their order: how many belong together, and of which head.
pub(crate) fn cancelling(
    extent: Extent,
    random: &mut Random,
    heads: usize,
    stretches: impl Iterator<Item = (usize, usize)>,
) -> Drawn {
    let Extent {
        queries,
        keys,
        size,
    } = extent;
    let q = normals(random, queries * size);
    let of_heads: Vec<Vec<f64>> = (0..heads).map(|_| normals(random, size)).collect();
    let mut v = normals(random, keys * size);
    let (mut k, mut rest) = (Vec::with_capacity(keys * size), v.as_mut_slice());
    for (count, head) in stretches {
        k.extend(of_heads[head].repeat(count));
        let (stretch, others) = rest.split_at_mut(count * size);
        rest = others;
        cancel_in_pairs(stretch, size);
    }
    [q, k, v]
}

/// Whether a query's scores are all the same, and rows of these values cancel in pairs, in stretches of so many.
pub(crate) fn is_cancelling(input: &impl Rows, values: &[(&Tensor, usize)]) -> bool {
    let size = input.size();
    let in_pairs = |(tensor, stretch): &(&Tensor, usize)| do_cancel(tensor, *stretch, size);
    values.iter().all(in_pairs)
        && some_scores(input, 3).all(|scores| scores.windows(2).all(|pair| pair[0] == pair[1]))
}

/// What [`limits_of_half`] promises.
pub(crate) const LIMITS_OF_HALF: &str = "the queries are subnormal numbers of f16, the keys and values are from a half of its greatest up";

/// The least queries and the greatest keys and values that `f16` has.
pub(crate) fn limits_of_half(extent: Extent, random: &mut Random) -> Drawn {
    let Extent {
        queries,
        keys,
        size,
    } = extent;
    let q = subnormals(random, queries * size);
    let k = of_either_sign(random, keys * size, (1024, 2047), 32.0);
    [q, k, greatest(random, keys * size)]
}

/// Whether queries are subnormal in `f16`, and all else is great.
pub(crate) fn is_at_limits_of_half(input: &impl Rows) -> bool {
    let tensors = input.tensors();
    let (q, others) = tensors.split_first().expect("queries are first");
    lie_between(q, 5.9e-8, 6.1e-5)
        && others
            .iter()
            .all(|tensor| lie_between(tensor, 32_768.0, 65_504.0))
}

/// The scores of every so many-th query.
pub(crate) fn some_scores(input: &impl Rows, step: usize) -> impl Iterator<Item = Vec<f64>> {
    let arrays: Vec<Vec<f64>> = input
        .tensors()
        .iter()
        .map(|tensor| tensor.to_f64())
        .collect();
    let rows = (0..input.queries()).step_by(step);
    rows.map(move |row| {
        let arrays: Vec<&[f64]> = arrays.iter().map(Vec::as_slice).collect();
        let row = input.row(&arrays, row);
        let products = row
            .seen
            .iter()
            .map(|(key, _)| super::references::product(row.query, key));
        products.map(|product| product * input.scale()).collect()
    })
}
