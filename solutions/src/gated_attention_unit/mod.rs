//! Functions for gated attention.

use problems::gated_attention_unit::GatedAttentionUnit;

crate::catalogue!(GatedAttentionUnit:
    plain,
    positive_only,
    tiled_parallel,
    squares_of_all,
);
