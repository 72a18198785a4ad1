// judge: expect=AC growth=n^2*size
//! The definition: of every query the weights of all keys that it sees, and the weighted sum of their values.

use problems::linear_attention::{Input, Output};

use super::means;
use crate::features::{by_pairs, feature};

/// One query after the other; features are computed once.
pub(super) fn plain(input: &Input, output: &mut Output) {
    output.o.assign(&means(input, feature, by_pairs));
}
