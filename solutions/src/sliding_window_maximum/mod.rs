//! Functions for the sliding window maximum.

use problems::sliding_window_maximum::SlidingWindowMaximum;

crate::catalogue!(SlidingWindowMaximum:
    monotone_deque,
    van_herk_blocks,
    two_stack_queue,
    doubling,
    heap_with_lazy_deletion,
    van_herk_in_parallel,
);
