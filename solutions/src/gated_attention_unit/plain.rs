// judge: expect=AC growth=n^2*size
//! The definition: for each query the weight of every key that it sees, the sum of their values, and the gate.

use problems::Tensor;
use problems::gated_attention_unit::{Input, Output};

use crate::gated::{apply_gate, weight};
use crate::vectors::{add_scaled, dot};

/// One query after the other, one key after the other.
pub(super) fn plain(input: &Input, output: &mut Output) {
    let [q, k, u, v] = [&input.q, &input.k, &input.u, &input.v].map(Tensor::to_f32);
    let (n, size, width) = (input.n as usize, input.size as usize, input.width as usize);
    let mut sums = vec![0.0; u.len()];
    for (row, sum) in sums.chunks_exact_mut(width).enumerate() {
        let (query, first) = (&q[row * size..(row + 1) * size], row / n * n);
        for key in first..first + input.visible(row % n) {
            let score = dot(query, &k[key * size..(key + 1) * size]) / n as f32;
            add_scaled(sum, weight(score), &v[key * width..(key + 1) * width]);
        }
    }
    apply_gate(&mut sums, &u);
    output.o.assign(&sums);
}
