// judge: expect=AC growth=n^2*size
//! Blocks of queries on all cores, each over tiles of keys that stay in the cache.

use problems::Tensor;
use problems::gated_attention_unit::{Input, Output};
use rayon::prelude::*;

use super::{apply_gate, weight};
use crate::vectors::add_combination;

/// Queries of a block. Each tile of keys and values is fetched once for all of them.
const ROWS: usize = 32;
/// Keys of a tile: their scores with one query fill a few vector registers.
const KEYS: usize = 64;

/// Blocks of queries in parallel.
pub(super) fn tiled_parallel(input: &Input, output: &mut Output) {
    let [q, k, u, v] = [&input.q, &input.k, &input.u, &input.v].map(Tensor::to_f32);
    let (n, size, width) = (input.n as usize, input.size as usize, input.width as usize);
    let mut sums = vec![0.0; u.len()];
    let sequences = sums.par_chunks_mut(n * width).enumerate();
    sequences.for_each(|(sequence, sums)| {
        let first = sequence * n;
        let (k, v) = (
            &k[first * size..][..n * size],
            &v[first * width..][..n * width],
        );
        let blocks = sums.par_chunks_mut(ROWS * width).enumerate();
        blocks.for_each(|(block, sums)| {
            let queries = &q[(first + block * ROWS) * size..][..sums.len() / width * size];
            solve(input, block * ROWS, queries, [k, v], sums);
        });
    });
    apply_gate(&mut sums, &u);
    output.o.assign(&sums);
}

/// Takes the keys and values of a sequence tile by tile, as far as the last query of a block sees.
fn solve(input: &Input, first: usize, queries: &[f32], [k, v]: [&[f32]; 2], sums: &mut [f32]) {
    let (n, size, width) = (input.n as usize, input.size as usize, input.width as usize);
    let visible = input.visible(first + sums.len() / width - 1);
    let tiles = k[..visible * size].chunks(KEYS * size);
    let mut columns = vec![[0.0; KEYS]; size];
    for (tile, (keys, values)) in tiles.zip(v.chunks(KEYS * width)).enumerate() {
        for (place, key) in keys.chunks_exact(size).enumerate() {
            for (column, element) in columns.iter_mut().zip(key) {
                column[place] = *element;
            }
        }
        let rows = queries.chunks_exact(size).zip(sums.chunks_exact_mut(width));
        for (row, (query, sum)) in rows.enumerate() {
            let seen = input.visible(first + row).saturating_sub(tile * KEYS);
            let seen = seen.min(keys.len() / size);
            let mut weights = [0.0; KEYS];
            add_combination(&mut weights, query, columns.as_flattened());
            let weights = &mut weights[..seen];
            weights
                .iter_mut()
                .for_each(|score| *score = weight(*score / n as f32));
            add_combination(sum, weights, &values[..seen * width]);
        }
    }
}
