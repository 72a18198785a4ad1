//! Functions for the combination sum in which every candidate counts once.

use problems::combination_sum_ii::CombinationSumIi;

crate::catalogue!(CombinationSumIi:
    counting_multiplicities,
    reachability_pruned,
    sorted_with_skip,
);
