// judge: expect=WA case=linear_attention/random@n=15,size=16
//! Takes max(x, 0) for a feature: what is below zero weighs nothing, where it should weigh a little.

use problems::linear_attention::{Input, Output};

use super::means;
use crate::features::by_pairs;

/// The definition with other features.
pub(super) fn rectified_features(input: &Input, output: &mut Output) {
    output.o.assign(&means(input, |x| x.max(0.0), by_pairs));
}
