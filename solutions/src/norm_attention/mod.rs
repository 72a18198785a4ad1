//! Functions for attention with a norm.

use problems::norm_attention::{Input, NormAttention};

use crate::features::{self, Heads, feature};
use crate::vectors::dot;

crate::catalogue!(NormAttention:
    plain,
    recurrent,
    chunked_parallel,
    no_epsilon,
);

/// The normalised sums, where it is known how sums come from features and values.
fn normalised(input: &Input, method: fn(&Heads<'_>) -> Vec<f32>) -> Vec<f32> {
    features::divided(
        input,
        feature,
        |sums, _| root_mean_square(sums, 1e-5),
        method,
    )
}

/// The root of the mean of the squares, to which something is added.
pub(crate) fn root_mean_square(sums: &[f32], epsilon: f32) -> f32 {
    (dot(sums, sums) / sums.len() as f32 + epsilon).sqrt()
}
