// judge: expect=AC growth=n*size^2
//! Chunks of the sequence on all cores, there and back: what is outside of a chunk comes through a state, what is in it through its
//! pairs.

use problems::norm_attention_gradient::{Input, Output};

use super::by_sums;
use crate::features::by_chunks;

/// All chunks of all heads in parallel.
pub(super) fn chunked_parallel(input: &Input, output: &mut Output) {
    by_sums(input, output, by_chunks);
}
