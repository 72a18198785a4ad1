//! Functions for the gradient of attention with a norm.

use problems::Tensor;
use problems::norm_attention_gradient::{Input, NormAttentionGradient, Output};

use crate::features::{Heads, feature};
use crate::norm_attention::root_mean_square;
use crate::vectors::{add_scaled, dot, scale};

crate::catalogue!(NormAttentionGradient:
    plain,
    recurrent,
    chunked_parallel,
    root_held_constant,
);

/// The definition, where it is known how a sum becomes its gradient: each query adds its part to the gradients of all keys and values
/// that it sees.
fn by_pairs(input: &Input, output: &mut Output, of_sum: fn(&mut [f32], &[f32])) {
    let forward = &input.forward;
    let (n, size) = (forward.n as usize, forward.size as usize);
    let (queries, keys) = (features(&forward.q), features(&forward.k));
    let (v, upstream) = (forward.v.to_f32(), input.upstream.to_f32());
    let [mut dq, mut dk, mut dv] = [(); 3].map(|()| vec![0.0; queries.len()]);
    let (mut sum, mut weights) = (vec![0.0; size], Vec::new());
    let of = |row: usize| row * size..(row + 1) * size;
    for row in 0..forward.rows() {
        let (query, first) = (&queries[of(row)], row / n * n);
        let seen = first..first + forward.visible(row % n);
        weights.clear();
        weights.extend(seen.clone().map(|key| dot(query, &keys[of(key)])));
        sum.fill(0.0);
        for (key, weight) in seen.clone().zip(&weights) {
            add_scaled(&mut sum, *weight, &v[of(key)]);
        }
        of_sum(&mut sum, &upstream[of(row)]);
        for (key, weight) in seen.zip(&weights) {
            let of_weight = dot(&sum, &v[of(key)]);
            add_scaled(&mut dq[of(row)], of_weight, &keys[of(key)]);
            add_scaled(&mut dk[of(key)], of_weight, query);
            add_scaled(&mut dv[of(key)], *weight, &sum);
        }
    }
    assign(input, output, [dq, dk, dv]);
}

/// The gradients as what they all are, sums of rows that are weighted by products of others, where it is known how such sums come
/// about. Those of keys and values are over the queries that see them: with a mask those from their own place on, which is what the
/// forward pass does from the end.
fn by_sums(input: &Input, output: &mut Output, method: fn(&Heads<'_>) -> Vec<f32>) {
    let forward = &input.forward;
    let size = forward.size as usize;
    let sums = |[q, k, v]: [&[f32]; 3]| {
        method(&Heads {
            n: forward.n as usize,
            features: size,
            size,
            is_causal: forward.causal,
            divisor: |_, _| 1.0,
            q,
            k,
            v,
        })
    };
    let reversed = |array: &[f32]| -> Vec<f32> {
        let of_heads = array.chunks_exact(forward.n as usize * size);
        let rows = of_heads.flat_map(|head| head.chunks_exact(size).rev());
        rows.flatten().copied().collect()
    };
    let from_the_end = |arrays: [&[f32]; 3]| {
        let [q, k, v] = arrays.map(reversed);
        reversed(&sums([&q, &k, &v]))
    };
    let (queries, keys) = (features(&forward.q), features(&forward.k));
    let (v, upstream) = (forward.v.to_f32(), input.upstream.to_f32());
    let mut gradients = sums([&queries, &keys, &v]);
    let rows = gradients.chunks_exact_mut(size);
    for (sum, upstream) in rows.zip(upstream.chunks_exact(size)) {
        through_norm(sum, upstream);
    }
    let dq = sums([&gradients, &v, &keys]);
    let dk = from_the_end([&v, &gradients, &queries]);
    let dv = from_the_end([&keys, &queries, &gradients]);
    assign(input, output, [dq, dk, dv]);
}

fn features(tensor: &Tensor) -> Vec<f32> {
    tensor.to_f32().iter().copied().map(feature).collect()
}

/// Makes of a sum its gradient: what is along the normalised sum is taken off, since a longer sum is normalised to the same.
fn through_norm(sum: &mut [f32], upstream: &[f32]) {
    let root = root_mean_square(sum, 1e-5);
    scale(sum, 1.0 / root);
    let along = dot(sum, upstream) / sum.len() as f32;
    scale(sum, -along);
    add_scaled(sum, 1.0, upstream);
    scale(sum, 1.0 / root);
}

/// Writes gradients of values, and of queries and keys those of their features times the slopes of these.
fn assign(input: &Input, output: &mut Output, [mut dq, mut dk, dv]: [Vec<f32>; 3]) {
    for (gradients, elements) in [(&mut dq, &input.forward.q), (&mut dk, &input.forward.k)] {
        for (gradient, element) in gradients.iter_mut().zip(elements.to_f32().iter()) {
            *gradient *= element.min(0.0).exp(); // a slope of 1 above 0
        }
    }
    output.dq.assign(&dq);
    output.dk.assign(&dk);
    output.dv.assign(&dv);
}
