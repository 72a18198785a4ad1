//! Functions for prefix attention.

use problems::prefix_attention::PrefixAttention;

crate::catalogue!(PrefixAttention:
    plain,
    blocked,
);
