//! Functions for sparse attention.

use problems::sparse_attention::SparseAttention;

crate::catalogue!(SparseAttention:
    dense,
    plain,
    gathered,
);
