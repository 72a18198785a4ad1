// judge: expect=AC growth=n^2*size
//! Blocks of queries on all cores, each over tiles of keys that stay in the cache (after FlashAttention, 2022).

use problems::Tensor;
use problems::attention::{Input, Output};
use rayon::prelude::*;

use crate::vectors::{add_combination, scale};

/// Queries of a block. Each tile of keys and values is fetched once for all of them.
const ROWS: usize = 32;
/// Keys of a tile: their scores with one query fill a few vector registers.
const KEYS: usize = 64;

/// Blocks of queries in parallel.
pub(super) fn blocked_parallel(input: &Input, output: &mut Output) {
    let [q, k, v] = [&input.q, &input.k, &input.v].map(Tensor::to_f32);
    let (n, size) = (input.n as usize, input.size as usize);
    let (mut means, mut sums) = (vec![0.0; q.len()], vec![0.0; input.rows()]);
    let heads = means.par_chunks_mut(n * size).zip(sums.par_chunks_mut(n));
    heads.enumerate().for_each(|(head, (means, sums))| {
        let of_head = head * n * size..(head + 1) * n * size;
        let (q, k, v) = (&q[of_head.clone()], &k[of_head.clone()], &v[of_head]);
        let blocks = means
            .par_chunks_mut(ROWS * size)
            .zip(sums.par_chunks_mut(ROWS));
        blocks.enumerate().for_each(|(block, (means, sums))| {
            Block::new(input, block * ROWS, q, sums.len()).solve(k, v, means, sums);
        });
    });
    output.o.assign(&means);
    output.logsumexp.assign(&sums);
}

/// Some queries of a head that lie side by side.
struct Block<'a> {
    input: &'a Input,
    /// The place of the first one in its head.
    first: usize,
    queries: &'a [f32],
    /// Of each query the greatest score so far, and the sum of the weights.
    greatest: [f32; ROWS],
    sum: [f32; ROWS],
}

impl<'a> Block<'a> {
    fn new(input: &'a Input, first: usize, q: &'a [f32], rows: usize) -> Self {
        let size = input.size as usize;
        Block {
            input,
            first,
            queries: &q[first * size..(first + rows) * size],
            greatest: [f32::NEG_INFINITY; ROWS],
            sum: [0.0; ROWS],
        }
    }

    /// Takes the keys and values of the head tile by tile, as far as the last query sees.
    fn solve(mut self, k: &[f32], v: &[f32], means: &mut [f32], sums: &mut [f32]) {
        let size = self.input.size as usize;
        let visible = self.input.visible(self.first + sums.len() - 1);
        let tiles = k[..visible * size].chunks(KEYS * size);
        let mut columns = vec![[0.0; KEYS]; size];
        for (tile, (keys, values)) in tiles.zip(v.chunks(KEYS * size)).enumerate() {
            for (place, key) in keys.chunks_exact(size).enumerate() {
                for (column, element) in columns.iter_mut().zip(key) {
                    column[place] = *element;
                }
            }
            for (row, mean) in means.chunks_exact_mut(size).enumerate() {
                let seen = self
                    .input
                    .visible(self.first + row)
                    .saturating_sub(tile * KEYS);
                let seen = seen.min(keys.len() / size);
                if seen > 0 {
                    self.step(row, &columns, &values[..seen * size], mean);
                }
            }
        }
        for (row, mean) in means.chunks_exact_mut(size).enumerate() {
            scale(mean, 1.0 / self.sum[row]);
            sums[row] = self.greatest[row] + self.sum[row].ln();
        }
    }

    /// Adds to a query's mean the values of the keys that it sees of a tile.
    fn step(&mut self, row: usize, columns: &[[f32; KEYS]], values: &[f32], mean: &mut [f32]) {
        let size = mean.len();
        let query = &self.queries[row * size..(row + 1) * size];
        let mut scores = [0.0; KEYS];
        add_combination(&mut scores, query, columns.as_flattened());
        let scores = &mut scores[..values.len() / size];
        scale(scores, self.input.scale() as f32);
        let greatest = scores.iter().copied().fold(self.greatest[row], f32::max);
        let shrink = (self.greatest[row] - greatest).exp();
        self.greatest[row] = greatest;
        self.sum[row] *= shrink;
        scale(mean, shrink);
        for weight in &mut *scores {
            *weight = (*weight - greatest).exp();
            self.sum[row] += *weight;
        }
        add_combination(mean, scores, values);
    }
}
