//! Functions for the k-th largest.

use problems::kth_largest::KthLargest;

crate::catalogue!(KthLargest:
    heap_of_k,
);
