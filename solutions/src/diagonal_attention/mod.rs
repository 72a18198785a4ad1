//! Functions for diagonal attention.

use problems::diagonal_attention::DiagonalAttention;

crate::catalogue!(DiagonalAttention:
    plain,
    blocked_parallel,
    ends_filled_up,
);
