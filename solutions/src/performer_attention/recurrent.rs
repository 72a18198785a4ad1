// judge: expect=AC growth=n*size*features
//! Sums over the keys first: a state with a row for each feature, which runs along the sequence.

use problems::performer_attention::{Input, Output};

use super::{divided, means};
use crate::features::by_running_sums;

/// One place after the other.
pub(super) fn recurrent(input: &Input, output: &mut Output) {
    output.o.assign(&means(input, divided, by_running_sums));
}
