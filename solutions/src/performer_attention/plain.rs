// judge: expect=AC growth=n^2*features
//! The definition: of every query the weights of all keys that it sees, and the weighted sum of their values.

use problems::performer_attention::{Input, Output};

use super::{divided, means};
use crate::features::by_pairs;

/// One query after the other; features are computed once.
pub(super) fn plain(input: &Input, output: &mut Output) {
    output.o.assign(&means(input, divided, by_pairs));
}
