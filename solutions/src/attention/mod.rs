//! Functions for attention.

use problems::attention::Attention;

crate::catalogue!(Attention:
    plain,
    online_softmax,
    blocked_parallel,
    sums_in_halves,
);
