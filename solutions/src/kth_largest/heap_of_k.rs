// judge: expect=AC growth=n*log(n)
//! A min-heap of the k largest seen so far; its root is the answer. O(n log k).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use problems::kth_largest::{Input, Output};

/// Keeps the k largest in a heap; a number enters only if it beats the root.
pub(super) fn heap_of_k(input: &Input, output: &mut Output) {
    let (first, rest) = input.numbers.split_at(input.k as usize);
    let mut heap: BinaryHeap<Reverse<i32>> = first.iter().map(|&number| Reverse(number)).collect();
    for &number in rest {
        if let Some(mut root) = heap.peek_mut()
            && number > root.0
        {
            *root = Reverse(number);
        }
    }
    output.value = heap.peek().map_or(0, |root| root.0);
}
