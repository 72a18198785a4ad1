//! Functions for the minimum window substring.

use problems::minimum_window_substring::MinimumWindowSubstring;

crate::catalogue!(MinimumWindowSubstring:
    two_pointers,
    non_shrinking_window,
    filtered_positions,
    position_lists,
);
