// judge: expect=AC growth=n*log(n)
//! A heap that keeps what has left the window until it comes to the top. O(n log n) at worst, on rising integers.

use std::collections::BinaryHeap;

use problems::sliding_window_maximum::{Input, Output};

/// Pushes every integer with its place and pops those at the top that the window has passed.
pub(super) fn heap_with_lazy_deletion(input: &Input, output: &mut Output) {
    let k = input.k as usize;
    let mut heap = BinaryHeap::with_capacity(2 * k);
    output.maxima.clear();
    for (place, &number) in input.numbers.iter().enumerate() {
        heap.push((number, place as u32));
        let Some(start) = (place + 1).checked_sub(k) else {
            continue;
        };
        while let Some(&(number, place)) = heap.peek() {
            if place as usize >= start {
                output.maxima.push(number);
                break;
            }
            heap.pop();
        }
    }
}
