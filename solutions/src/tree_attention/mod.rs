//! Functions for tree attention.

use problems::tree_attention::TreeAttention;

crate::catalogue!(TreeAttention:
    plain,
    blocked,
);
