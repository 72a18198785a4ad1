//! What the functions for softmax attention share: means of values, weighted by the softmax of scores.

use problems::softmax::Output;

use crate::vectors::{add_scaled, dot, scale};

/// Keys of a tile, which a block of queries goes over while they stand in the first cache.
const TILE: usize = 64;

/// Queries of a block.
pub(crate) const BLOCK: usize = 16;

/// Three passes over keys with their values: scores, their exponentials under the greatest, the weighted sum. Gives the logsumexp.
/// Keys for which `is_seen` says no weigh nothing.
pub(crate) fn three_passes<'a>(
    query: &[f32],
    scale: f32,
    pairs: impl Iterator<Item = (&'a [f32], &'a [f32])> + Clone,
    is_seen: impl Fn(usize) -> bool,
    mean: &mut [f32],
    scores: &mut Vec<f32>,
) -> f32 {
    let score = |(index, (key, _)): (usize, (&[f32], &[f32]))| match is_seen(index) {
        true => scale * dot(query, key),
        false => f32::NEG_INFINITY,
    };
    scores.clear();
    scores.extend(pairs.clone().enumerate().map(score));
    let greatest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    scores
        .iter_mut()
        .for_each(|score| *score = (*score - greatest).exp());
    let sum: f32 = scores.iter().sum();
    mean.fill(0.0);
    for (weight, (_, value)) in scores.iter().zip(pairs) {
        add_scaled(mean, weight / sum, value);
    }
    greatest + sum.ln()
}

/// A mean that is known of some keys only: sums under the greatest score so far.
pub(crate) struct Running<'a> {
    query: &'a [f32],
    scale: f32,
    mean: &'a mut [f32],
    greatest: f32,
    sum: f32,
}

impl<'a> Running<'a> {
    /// A query that has seen nothing yet.
    pub(crate) fn new(query: &'a [f32], scale: f32, mean: &'a mut [f32]) -> Self {
        mean.fill(0.0);
        Running {
            query,
            scale,
            mean,
            greatest: f32::NEG_INFINITY,
            sum: 0.0,
        }
    }

    /// Sees keys side by side, with their values.
    pub(crate) fn see(&mut self, keys: &[f32], values: &[f32]) {
        let width = TILE * self.query.len();
        for (keys, values) in keys.chunks(width).zip(values.chunks(width)) {
            self.see_tile(keys, values);
        }
    }

    fn see_tile(&mut self, keys: &[f32], values: &[f32]) {
        let size = self.query.len();
        let mut scores = [0.0; TILE];
        let scores = &mut scores[..keys.len() / size];
        for (score, key) in scores.iter_mut().zip(keys.chunks_exact(size)) {
            *score = self.scale * dot(self.query, key);
        }
        let greatest = scores.iter().copied().fold(self.greatest, f32::max);
        if greatest > self.greatest {
            let shrink = (self.greatest - greatest).exp();
            self.sum *= shrink;
            scale(self.mean, shrink);
            self.greatest = greatest;
        }
        for (score, value) in scores.iter().zip(values.chunks_exact(size)) {
            let weight = (score - greatest).exp();
            self.sum += weight;
            add_scaled(self.mean, weight, value);
        }
    }

    /// Makes the mean one, and gives the logsumexp.
    pub(crate) fn end(self) -> f32 {
        scale(self.mean, 1.0 / self.sum);
        self.greatest + self.sum.ln()
    }
}

/// A block of queries that have seen nothing yet, row by row.
pub(crate) fn block<'a>(
    queries: &'a [f32],
    size: usize,
    scale: f32,
    means: &'a mut [f32],
) -> Vec<Running<'a>> {
    let rows = queries.chunks_exact(size).zip(means.chunks_exact_mut(size));
    rows.map(|(query, mean)| Running::new(query, scale, mean))
        .collect()
}

/// A block of queries sees keys side by side, each query of them those before `visible` of its place in the block.
pub(crate) fn see_together(
    block: &mut [Running<'_>],
    keys: &[f32],
    values: &[f32],
    visible: impl Fn(usize) -> usize,
) {
    let Some(size) = block.first().map(|first| first.query.len()) else {
        return;
    };
    let width = TILE * size;
    let tiles = keys.chunks(width).zip(values.chunks(width)).enumerate();
    for (tile, (keys, values)) in tiles {
        for (place, query) in block.iter_mut().enumerate() {
            let seen = visible(place).saturating_sub(tile * TILE) * size;
            let seen = seen.min(keys.len());
            query.see_tile(&keys[..seen], &values[..seen]);
        }
    }
}

/// The logsumexps of a block whose means are done.
pub(crate) fn end_together(block: Vec<Running<'_>>, sums: &mut [f32]) {
    for (query, sum) in block.into_iter().zip(sums) {
        *sum = query.end();
    }
}

/// Writes an output from its values in `f32`.
pub(crate) fn write(output: &mut Output, means: &[f32], sums: &[f32]) {
    output.o.assign(means);
    output.logsumexp.assign(sums);
}
