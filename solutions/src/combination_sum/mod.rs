//! Functions for the combination sum with an unlimited supply.

use problems::combination_sum::CombinationSum;

crate::catalogue!(CombinationSum:
    include_exclude,
    reachability_pruned,
    sorted_with_break,
);
