// judge: expect=WA case=gated_attention_unit/negative@n=33
//! Squares first, and then looks for what is above 0: every score is, whatever its sign was.

use problems::Tensor;
use problems::gated_attention_unit::{Input, Output};

use crate::gated::apply_gate;
use crate::vectors::{add_scaled, dot};

/// The definition with its two steps in the wrong order.
pub(super) fn squares_of_all(input: &Input, output: &mut Output) {
    let [q, k, u, v] = [&input.q, &input.k, &input.u, &input.v].map(Tensor::to_f32);
    let (n, size, width) = (input.n as usize, input.size as usize, input.width as usize);
    let mut sums = vec![0.0; u.len()];
    for (row, sum) in sums.chunks_exact_mut(width).enumerate() {
        let (query, first) = (&q[row * size..(row + 1) * size], row / n * n);
        for key in first..first + input.visible(row % n) {
            let score = dot(query, &k[key * size..(key + 1) * size]) / n as f32;
            let weight = (score * score).max(0.0);
            add_scaled(sum, weight, &v[key * width..(key + 1) * width]);
        }
    }
    apply_gate(&mut sums, &u);
    output.o.assign(&sums);
}
