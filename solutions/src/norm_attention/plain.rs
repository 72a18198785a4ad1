// judge: expect=AC growth=n^2*size
//! The definition: of every query the weights of all keys that it sees, the weighted sum of their values, and its norm.

use problems::norm_attention::{Input, Output};

use super::normalised;
use crate::features::by_pairs;

/// One query after the other; features are computed once.
pub(super) fn plain(input: &Input, output: &mut Output) {
    output.o.assign(&normalised(input, by_pairs));
}
