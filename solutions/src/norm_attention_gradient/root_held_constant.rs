// judge: expect=WA case=norm_attention_gradient/random@n=33
//! Takes the root mean square for a constant: what is along the normalised sum stays in the gradient.

use problems::norm_attention_gradient::{Input, Output};

use super::by_pairs;
use crate::norm_attention::root_mean_square;

/// The definition without the gradient of the root.
pub(super) fn root_held_constant(input: &Input, output: &mut Output) {
    by_pairs(input, output, |sum, upstream| {
        let root = root_mean_square(sum, 1e-5);
        for (sum, upstream) in sum.iter_mut().zip(upstream) {
            *sum = upstream / root;
        }
    });
}
