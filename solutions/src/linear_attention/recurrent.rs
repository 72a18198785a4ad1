// judge: expect=AC growth=n*size^2
//! Sums over the keys first: a state of size * size that runs along the sequence (Katharopoulos et al., 2020).

use problems::linear_attention::{Input, Output};

use super::means;
use crate::features::{by_running_sums, feature};

/// One place after the other.
pub(super) fn recurrent(input: &Input, output: &mut Output) {
    output.o.assign(&means(input, feature, by_running_sums));
}
