//! What a query sees, and what the tolerance tells apart.

use super::PrefixAttention;
use crate::softmax::Rows;
use crate::softmax::testing::{counts, input, pairs, tells_right_from_wrong};

#[test]
fn the_prefix_is_outside_of_the_mask() {
    let masked = input::<PrefixAttention>("prefix_attention/random@n=3,prefix=5,causal=1#0");
    assert_eq!(counts(&masked), [6, 7, 8]);
    let whole = input::<PrefixAttention>("prefix_attention/random@n=3,prefix=5#0");
    assert_eq!(counts(&whole), [8, 8, 8]);
}

#[test]
fn the_sequences_of_a_batch_share_the_prefix_of_each_head() {
    let input = input::<PrefixAttention>("prefix_attention/random@n=2,prefix=1,heads=3,batch=2#0");
    let arrays: Vec<Vec<f64>> = input
        .tensors()
        .iter()
        .map(|tensor| tensor.to_f64())
        .collect();
    let arrays: Vec<&[f64]> = arrays.iter().map(Vec::as_slice).collect();
    let first = |row: usize| input.row(&arrays, row).seen[0];
    for head in 0..3 {
        assert_eq!(first(2 * head), first(2 * (head + 3)));
    }
    assert_ne!(first(0), first(2));
}

#[test]
fn the_cost_counts_the_pairs_that_are_seen() {
    for name in [
        "prefix_attention/random@n=10,prefix=3,size=8,heads=3,batch=2#0",
        "prefix_attention/random@n=10,prefix=3,size=8,heads=2,causal=1#0",
        "prefix_attention/random@n=1,prefix=1,causal=1#0",
    ] {
        let seen: usize = counts(&input::<PrefixAttention>(name)).iter().sum();
        assert_eq!(pairs::<PrefixAttention>(name), seen as u64, "{name}");
    }
}

/// Not cancellation in `f16`: what rounding the inputs moves there is as large as the result.
#[test]
fn the_tolerance_tells_right_from_wrong() {
    for name in [
        "prefix_attention/random@n=65,type=f16#0",
        "prefix_attention/random@n=64,prefix=33,causal=1#1",
        "prefix_attention/large_magnitude@n=33#0",
        "prefix_attention/cancellation@n=64#2",
        "prefix_attention/half_range_limits@n=65,type=f16,causal=1#0",
        "prefix_attention/learned_outweighs@n=33#0",
        "prefix_attention/ragged@n=15#0",
    ] {
        tells_right_from_wrong::<PrefixAttention>(name);
    }
}
