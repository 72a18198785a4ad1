// judge: expect=AC growth=n^2*size
//! The definition in three passes: all scores of a query, their softmax, the weighted sum of the values.

use problems::Tensor;
use problems::attention::{Input, Output};

use crate::vectors::{add_scaled, dot, scale};

/// Three passes, one query after the other; the scores of one query are all the memory that it takes.
pub(super) fn plain(input: &Input, output: &mut Output) {
    let [q, k, v] = [&input.q, &input.k, &input.v].map(Tensor::to_f32);
    let (n, size, factor) = (input.n as usize, input.size as usize, input.scale() as f32);
    let mut means = vec![0.0; q.len()];
    let mut sums = Vec::with_capacity(input.rows());
    let mut weights = Vec::with_capacity(n);
    for (row, mean) in means.chunks_exact_mut(size).enumerate() {
        let (head, place) = (row / n, row % n);
        let seen = head * n * size..(head * n + input.visible(place)) * size;
        let query = &q[row * size..(row + 1) * size];
        let keys = k[seen.clone()].chunks_exact(size);
        weights.clear();
        weights.extend(keys.map(|key| factor * dot(query, key)));
        let greatest = weights.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let mut sum = 0.0;
        for weight in &mut weights {
            *weight = (*weight - greatest).exp();
            sum += *weight;
        }
        for (weight, value) in weights.iter().zip(v[seen].chunks_exact(size)) {
            add_scaled(mean, *weight, value);
        }
        scale(mean, 1.0 / sum);
        sums.push(greatest + sum.ln());
    }
    output.o.assign(&means);
    output.logsumexp.assign(&sums);
}
