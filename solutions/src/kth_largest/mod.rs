//! Functions for the k-th largest.

use problems::kth_largest::KthLargest;

crate::catalogue!(KthLargest:
    sample_filter,
    radix_histogram,
    introselect,
    heap_of_k,
    sorting,
);
