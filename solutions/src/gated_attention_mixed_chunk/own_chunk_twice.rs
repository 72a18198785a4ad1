// judge: expect=WA case=gated_attention_mixed_chunk/random@n=33,chunk=16,causal=1
//! Adds a chunk to the state before its queries ask: what is in it counts twice, and what is behind a query is seen through the mask.

use problems::gated_attention_mixed_chunk::{Input, Output};

use super::by_pairs;

/// The definition, with linear keys up to the end of a query's own chunk.
pub(super) fn own_chunk_twice(input: &Input, output: &mut Output) {
    let (n, chunk) = (input.n as usize, input.chunk as usize);
    let far = |row: usize| {
        let first = row / n * n;
        first..n.min((row % n / chunk + 1) * chunk) + first
    };
    output
        .o
        .assign(&by_pairs(input, far, |_| input.chunk as usize));
}
