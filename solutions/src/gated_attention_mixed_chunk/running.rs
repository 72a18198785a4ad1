// judge: expect=AC growth=n*size*width
//! One state that runs along a sequence: keys are added to it when the first query sees them.

use problems::gated_attention_mixed_chunk::{Input, Output};

use super::{Arrays, add_pairs, answer, take};
use crate::gated::{apply_gate, weight};

/// One query after the other; across chunks each costs as much as a state has elements, whatever n is.
pub(super) fn running(input: &Input, output: &mut Output) {
    let Arrays {
        quadratic,
        linear,
        u,
        v,
    } = Arrays::of(input);
    let [linear_q, linear_k] = &linear;
    let (n, size, width) = (input.n as usize, input.size as usize, input.width as usize);
    let (mut sums, mut state, mut taken) = (vec![0.0; u.len()], vec![0.0; size * width], 0);
    for (row, sum) in sums.chunks_exact_mut(width).enumerate() {
        let far = input.far(row);
        if row == far.start {
            state.fill(0.0);
            taken = row;
        }
        let (keys, values) = (
            &linear_k[taken * size..far.end * size],
            &v[taken * width..far.end * width],
        );
        take(&mut state, keys, size, values, width);
        taken = far.end;
        answer(sum, &linear_q[row * size..(row + 1) * size], n, &state);
        let count = input.chunk as f32;
        add_pairs(sum, row, input.near(row), &quadratic, &v, |product| {
            weight(product / count)
        });
    }
    apply_gate(&mut sums, &u);
    output.o.assign(&sums);
}
