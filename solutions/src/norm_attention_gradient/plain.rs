// judge: expect=AC growth=n^2*size
//! The definition: all pairs of a query and a key that it sees, for the sum, and once more for the gradients.

use problems::norm_attention_gradient::{Input, Output};

use super::{by_pairs, through_norm};

/// One query after the other.
pub(super) fn plain(input: &Input, output: &mut Output) {
    by_pairs(input, output, through_norm);
}
