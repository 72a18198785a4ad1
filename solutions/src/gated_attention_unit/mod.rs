//! Functions for gated attention.

use problems::gated_attention_unit::GatedAttentionUnit;

crate::catalogue!(GatedAttentionUnit:
    plain,
    positive_only,
    tiled_parallel,
    squares_of_all,
);

/// What a score weighs.
fn weight(score: f32) -> f32 {
    score.max(0.0) * score.max(0.0)
}

/// Multiplies a row by its gate.
fn apply_gate(row: &mut [f32], gate: &[f32]) {
    for (element, gate) in row.iter_mut().zip(gate) {
        *element *= gate;
    }
}
