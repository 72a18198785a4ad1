// judge: expect=AC growth=n*block*size
//! Blocks on all cores, which know nothing of each other; of each the scores of 16 keys at once, with a running maximum.

use problems::Tensor;
use problems::diagonal_attention::{Input, Output};
use rayon::prelude::*;

use crate::vectors::{add_scaled, dot, scale};

/// Keys whose scores are found before their values are added: their maximum alone moves what was summed up so far.
const KEYS: usize = 16;

/// All blocks of all heads in parallel.
pub(super) fn blocked_parallel(input: &Input, output: &mut Output) {
    let [q, k, v] = [&input.q, &input.k, &input.v].map(Tensor::to_f32);
    let (n, size, block) = (input.n as usize, input.size as usize, input.block as usize);
    let mut means = vec![0.0; q.len()];
    means
        .par_chunks_mut(n * size)
        .enumerate()
        .for_each(|(head, means)| {
            let blocks = means.par_chunks_mut(block * size).enumerate();
            blocks.for_each(|(index, means)| {
                let first = head * n + index * block;
                for (row, mean) in (first..).zip(means.chunks_exact_mut(size)) {
                    let seen = input.seen(row);
                    let seen = seen.start * size..seen.end * size;
                    let query = &q[row * size..(row + 1) * size];
                    attend(
                        query,
                        &k[seen.clone()],
                        &v[seen],
                        input.scale() as f32,
                        mean,
                    );
                }
            });
        });
    output.o.assign(&means);
}

fn attend(query: &[f32], keys: &[f32], values: &[f32], factor: f32, mean: &mut [f32]) {
    let size = query.len();
    let (mut greatest, mut sum) = (f32::NEG_INFINITY, 0.0);
    for (keys, values) in keys.chunks(KEYS * size).zip(values.chunks(KEYS * size)) {
        let mut scores = [f32::NEG_INFINITY; KEYS];
        for (score, key) in scores.iter_mut().zip(keys.chunks_exact(size)) {
            *score = factor * dot(query, key);
        }
        let risen = scores.iter().copied().fold(greatest, f32::max);
        let shrink = (greatest - risen).exp();
        greatest = risen;
        sum *= shrink;
        scale(mean, shrink);
        for (score, value) in scores.iter().zip(values.chunks_exact(size)) {
            let weight = (score - greatest).exp();
            sum += weight;
            add_scaled(mean, weight, value);
        }
    }
    scale(mean, 1.0 / sum);
}
