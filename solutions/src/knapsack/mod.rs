//! Functions for the 0/1 knapsack.

use problems::knapsack::Knapsack;

crate::catalogue!(Knapsack:
    decision_bits,
    dominance_list,
    one_row,
    two_rows,
);
