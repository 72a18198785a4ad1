// judge: expect=WA case=performer_attention/large_magnitude@n=130
//! Leaves the features of queries as they are: where they are large, weights are beyond `f32`, and a mean is infinity over infinity.

use problems::performer_attention::{Input, Output};

use super::means;
use crate::features::by_pairs;

/// The definition, to the letter.
pub(super) fn queries_undivided(input: &Input, output: &mut Output) {
    output.o.assign(&means(input, |_| {}, by_pairs));
}
