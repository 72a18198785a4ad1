//! Functions for linear attention.

use problems::Tensor;
use problems::linear_attention::{Input, LinearAttention};

use crate::features::Heads;

crate::catalogue!(LinearAttention:
    plain,
    recurrent,
    chunked_parallel,
    rectified_features,
);

/// The means, where it is known what an element's feature is and how they come from features and values.
fn means(input: &Input, feature: fn(f32) -> f32, method: fn(&Heads<'_>) -> Vec<f32>) -> Vec<f32> {
    let [q, k] = [&input.q, &input.k]
        .map(|tensor| -> Vec<f32> { tensor.to_f32().iter().copied().map(feature).collect() });
    method(&Heads {
        n: input.n as usize,
        features: input.size as usize,
        size: input.size as usize,
        is_causal: input.causal,
        q: &q,
        k: &k,
        v: &Tensor::to_f32(&input.v),
    })
}

/// elu(x) + 1.
fn feature(x: f32) -> f32 {
    if x > 0.0 { x + 1.0 } else { x.exp() }
}
