// judge: expect=AC growth=n*size^2
//! A weight is a product, so that keys and values can be summed up once, in a state that runs along the sequence.

use problems::norm_attention::{Input, Output};

use super::normalised;
use crate::features::by_running_sums;

/// One place after the other.
pub(super) fn recurrent(input: &Input, output: &mut Output) {
    output.o.assign(&normalised(input, by_running_sums));
}
