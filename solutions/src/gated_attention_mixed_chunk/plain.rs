// judge: expect=AC growth=n^2*size
//! The definition: of every query the weights of the keys of its chunk and of all chunks, the sum of their values, and the gate.

use problems::gated_attention_mixed_chunk::{Input, Output};

use super::by_pairs;

/// One query after the other, one key after the other.
pub(super) fn plain(input: &Input, output: &mut Output) {
    let sums = by_pairs(input, |row| input.far(row), |_| input.chunk as usize);
    output.o.assign(&sums);
}
