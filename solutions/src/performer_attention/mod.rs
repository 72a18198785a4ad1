//! Functions for performer attention.

use problems::Tensor;
use problems::performer_attention::{Input, PerformerAttention};

use crate::features::{Heads, sum_of_weights};
use crate::vectors::dot;

crate::catalogue!(PerformerAttention:
    plain,
    recurrent,
    chunked_parallel,
    queries_undivided,
);

/// The means, where it is known how the exponents of a query are shifted and how means come from features and values.
fn means(input: &Input, shift: fn(&mut [f32]), method: fn(&Heads<'_>) -> Vec<f32>) -> Vec<f32> {
    let [q, k, v, w] = [&input.q, &input.k, &input.v, &input.w].map(Tensor::to_f32);
    let (size, root) = (input.size as usize, input.fourth_root() as f32);
    let exponents = |row: &[f32]| -> Vec<f32> {
        let row: Vec<f32> = row.iter().map(|x| x / root).collect();
        let square = dot(&row, &row) / 2.0;
        w.chunks_exact(size)
            .map(|w| dot(w, &row) - square)
            .collect()
    };
    let queries = q.chunks_exact(size).flat_map(|row| {
        let mut exponents = exponents(row);
        shift(&mut exponents);
        exponents
    });
    let keys = k.chunks_exact(size).flat_map(exponents);
    method(&Heads {
        n: input.n as usize,
        features: input.features as usize,
        size,
        is_causal: input.causal,
        divisor: sum_of_weights,
        q: &queries.map(f32::exp).collect::<Vec<f32>>(),
        k: &keys.map(f32::exp).collect::<Vec<f32>>(),
        v: &v,
    })
}

/// Divides the features of a query by their greatest, here still exponents: their mean is the same, and no sum leaves `f32`.
fn divided(exponents: &mut [f32]) {
    let greatest = exponents.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    exponents
        .iter_mut()
        .for_each(|exponent| *exponent -= greatest);
}
