//! What a node sees, and what the tolerance tells apart.

use super::TreeAttention;
use crate::softmax::testing::{counts, input, pairs, tells_right_from_wrong};

#[test]
fn a_node_sees_the_cache_and_its_way_up() {
    let chain = input::<TreeAttention>("tree_attention/chain@n=5,nodes=4#0");
    assert_eq!(counts(&chain), [6, 7, 8, 9]);
    let siblings = input::<TreeAttention>("tree_attention/siblings@n=5,nodes=4#0");
    assert_eq!(counts(&siblings), [6; 4]);
    let beams = input::<TreeAttention>("tree_attention/beams@n=5,nodes=9#0");
    assert_eq!(beams.path(8).collect::<Vec<_>>(), [8, 4, 0]);
}

#[test]
fn a_way_up_ends_where_a_parent_does_not_stand_before_its_child() {
    let mut input = input::<TreeAttention>("tree_attention/chain@n=1,nodes=4#0");
    input.parents = vec![2, 1, 0, 3];
    assert_eq!(input.path(2).collect::<Vec<_>>(), [2, 0]);
    assert_eq!(input.path(1).collect::<Vec<_>>(), [1]);
}

#[test]
fn the_cost_counts_the_cache_and_the_node_itself() {
    let name = "tree_attention/siblings@n=10,nodes=6,size=8,heads=3,batch=2#0";
    let seen: usize = counts(&input::<TreeAttention>(name)).iter().sum();
    assert_eq!(pairs::<TreeAttention>(name), seen as u64);
}

/// Not cancellation in `f16`: what rounding the inputs moves there is as large as the result.
#[test]
fn the_tolerance_tells_right_from_wrong() {
    for name in [
        "tree_attention/random@n=65,type=f16#0",
        "tree_attention/chain@n=64,nodes=33#1",
        "tree_attention/large_magnitude@n=33#0",
        "tree_attention/cancellation@n=64#2",
        "tree_attention/half_range_limits@n=65,type=f16#0",
        "tree_attention/ragged@n=15#0",
    ] {
        tells_right_from_wrong::<TreeAttention>(name);
    }
}
