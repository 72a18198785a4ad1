// judge: expect=WA case=gated_attention_mixed_chunk/random@n=24,chunk=16
//! Divides scores by the number of places that a chunk has: wrong in the last one, where these are fewer.

use problems::gated_attention_mixed_chunk::{Input, Output};

use super::by_pairs;

/// The definition with another divisor in the last chunk.
pub(super) fn length_of_last(input: &Input, output: &mut Output) {
    let (n, chunk) = (input.n as usize, input.chunk as usize);
    let count = |row: usize| chunk.min(n - row % n / chunk * chunk);
    output
        .o
        .assign(&by_pairs(input, |row| input.far(row), count));
}
