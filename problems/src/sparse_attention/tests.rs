//! What a query sees, and what the tolerance tells apart.

use super::SparseAttention;
use crate::softmax::testing::{counts, input, pairs, tells_right_from_wrong};

#[test]
fn a_query_sees_its_window_and_every_stride_before() {
    for (window, stride) in [
        (1, 1),
        (1, 7),
        (4, 3),
        (3, 4),
        (8, 8),
        (9, 8),
        (50, 2),
        (2, 50),
    ] {
        let name = format!("sparse_attention/random@n=40,window={window},stride={stride},size=1#0");
        let input = input::<SparseAttention>(&name);
        for place in 0..40 {
            let is_seen =
                |key: &usize| place - key < window || (place - key).is_multiple_of(stride);
            let seen: Vec<usize> = input.seen(place).collect();
            assert_eq!(
                seen,
                (0..=place).filter(is_seen).collect::<Vec<_>>(),
                "{name}"
            );
        }
        let pairs_seen: usize = counts(&input).iter().sum();
        assert_eq!(pairs::<SparseAttention>(&name), pairs_seen as u64, "{name}");
    }
}

/// Not cancellation in `f16`: what rounding the inputs moves there is as large as the result.
#[test]
fn the_tolerance_tells_right_from_wrong() {
    for name in [
        "sparse_attention/random@n=65,type=f16#0",
        "sparse_attention/random@n=64,window=3,stride=7#1",
        "sparse_attention/large_magnitude@n=33#0",
        "sparse_attention/cancellation@n=64#2",
        "sparse_attention/half_range_limits@n=65,type=f16#0",
        "sparse_attention/ragged@n=15#0",
    ] {
        tells_right_from_wrong::<SparseAttention>(name);
    }
}
