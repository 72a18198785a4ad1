// judge: expect=AC growth=n^2*window
//! Keys gathered by the rest of their places when divided by the stride, so that strided keys stand side by side; queries on all
//! cores, each over two stretches with a running maximum. O(n (w + n / s)).

use problems::sparse_attention::{Input, Output};
use rayon::prelude::*;

use crate::softmax::{self, Running};

/// Keys of a head, those of rest 0 first.
fn by_rest(rows: &[f32], n: usize, stride: usize, size: usize) -> Vec<f32> {
    let mut all = Vec::with_capacity(rows.len());
    for head in rows.chunks_exact(n * size) {
        for place in (0..stride.min(n)).flat_map(|rest| (rest..n).step_by(stride)) {
            all.extend_from_slice(&head[place * size..(place + 1) * size]);
        }
    }
    all
}

/// Neither scores nor a mask are ever written down.
pub(super) fn gathered(input: &Input, output: &mut Output) {
    let [q, k, v] = [&input.q, &input.k, &input.v].map(|tensor| tensor.to_f32());
    let (n, stride, size) = (input.n as usize, input.stride as usize, input.size as usize);
    let (strided_k, strided_v) = (by_rest(&k, n, stride, size), by_rest(&v, n, stride, size));
    let (mut means, mut sums) = (vec![0.0; q.len()], vec![0.0; q.len() / size]);
    let rows = means.par_chunks_exact_mut(size).zip(&mut sums).enumerate();
    rows.for_each(|(row, (mean, sum))| {
        let (head, place) = (row / n * n, row % n);
        let mut running =
            Running::new(&q[row * size..(row + 1) * size], input.scale() as f32, mean);
        // Rests below this one have a place more where n leaves it over.
        let rest = place % stride;
        let first = head + rest * (n / stride) + rest.min(n % stride);
        let strided = first * size..(first + input.strided(place).count()) * size;
        running.see(&strided_k[strided.clone()], &strided_v[strided]);
        let window = input.window(place);
        let window = (head + window.start) * size..(head + window.end) * size;
        running.see(&k[window.clone()], &v[window]);
        *sum = running.end();
    });
    softmax::write(output, &means, &sums);
}
