// judge: expect=AC growth=n*block*size
//! The definition: all scores of a query with the keys of its block, their softmax, the weighted sum of the values.

use problems::Tensor;
use problems::diagonal_attention::{Input, Output};

use crate::vectors::{add_scaled, dot, scale};

/// Three passes, one query after the other; the scores of one query are all the memory that it takes.
pub(super) fn plain(input: &Input, output: &mut Output) {
    let [q, k, v] = [&input.q, &input.k, &input.v].map(Tensor::to_f32);
    let (size, factor) = (input.size as usize, input.scale() as f32);
    let mut means = vec![0.0; q.len()];
    let mut weights = Vec::new();
    for (row, mean) in means.chunks_exact_mut(size).enumerate() {
        let seen = input.seen(row);
        let seen = seen.start * size..seen.end * size;
        let query = &q[row * size..(row + 1) * size];
        let keys = k[seen.clone()].chunks_exact(size);
        weights.clear();
        weights.extend(keys.map(|key| factor * dot(query, key)));
        let greatest = weights.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let mut sum = 0.0;
        for (weight, value) in weights.iter().zip(v[seen].chunks_exact(size)) {
            let weight = (weight - greatest).exp();
            sum += weight;
            add_scaled(mean, weight, value);
        }
        scale(mean, 1.0 / sum);
    }
    output.o.assign(&means);
}
