//! What functions for gated attention share, with one chunk or several.

use crate::vectors::add_combination;

/// Keys of a tile: their scores with one query fill a few vector registers.
const KEYS: usize = 64;

/// What a score weighs.
pub(crate) fn weight(score: f32) -> f32 {
    score.max(0.0) * score.max(0.0)
}

/// Multiplies a row by its gate.
pub(crate) fn apply_gate(row: &mut [f32], gate: &[f32]) {
    for (element, gate) in row.iter_mut().zip(gate) {
        *element *= gate;
    }
}

/// What is weighed by the squares of positive scores.
pub(crate) struct Quadratic<'a> {
    /// Keys, of so many elements.
    pub(crate) keys: &'a [f32],
    pub(crate) size: usize,
    /// As many values, of so many elements.
    pub(crate) values: &'a [f32],
    pub(crate) width: usize,
    /// What products are divided by.
    pub(crate) count: usize,
}

impl Quadratic<'_> {
    /// Adds to the sums of some queries the values of the keys that each sees, the first so many, tile by tile: each tile is fetched
    /// once for all queries.
    pub(crate) fn add(&self, queries: &[f32], sums: &mut [f32], visible: impl Fn(usize) -> usize) {
        let Quadratic { size, width, .. } = *self;
        let most = visible(sums.len() / width - 1);
        let tiles = self.keys[..most * size].chunks(KEYS * size);
        let mut columns = vec![[0.0; KEYS]; size];
        for (tile, (keys, values)) in tiles.zip(self.values.chunks(KEYS * width)).enumerate() {
            for (place, key) in keys.chunks_exact(size).enumerate() {
                for (column, element) in columns.iter_mut().zip(key) {
                    column[place] = *element;
                }
            }
            let rows = queries.chunks_exact(size).zip(sums.chunks_exact_mut(width));
            for (row, (query, sum)) in rows.enumerate() {
                let seen = visible(row).saturating_sub(tile * KEYS);
                let seen = seen.min(keys.len() / size);
                let mut weights = [0.0; KEYS];
                add_combination(&mut weights, query, columns.as_flattened());
                let weights = &mut weights[..seen];
                weights
                    .iter_mut()
                    .for_each(|score| *score = weight(*score / self.count as f32));
                add_combination(sum, weights, &values[..seen * width]);
            }
        }
    }
}
