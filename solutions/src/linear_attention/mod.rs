//! Functions for linear attention.

use problems::linear_attention::{Input, LinearAttention};

use crate::features::{self, Heads, sum_of_weights};

crate::catalogue!(LinearAttention:
    plain,
    recurrent,
    chunked_parallel,
    rectified_features,
);

/// The means, where it is known what an element's feature is and how they come from features and values.
fn means(input: &Input, feature: fn(f32) -> f32, method: fn(&Heads<'_>) -> Vec<f32>) -> Vec<f32> {
    features::divided(input, feature, sum_of_weights, method)
}
