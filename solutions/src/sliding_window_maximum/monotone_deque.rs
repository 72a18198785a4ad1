// judge: expect=AC growth=n
//! The integers that can still become a maximum, in a queue that falls from front to back. O(n).

use problems::sliding_window_maximum::{Input, Output};

/// An integer and where it stands.
#[derive(Clone, Copy, Default)]
struct Entry {
    number: i32,
    place: u32,
}

/// A new integer drives out all at the back that are not greater; the front leaves when the window has passed it. The
/// queue is a ring, of a power of two so that a mask wraps it.
pub(super) fn monotone_deque(input: &Input, output: &mut Output) {
    let k = input.k as usize;
    let mut ring = vec![Entry::default(); k.next_power_of_two()];
    let mask = ring.len() - 1;
    // Counted through, never wrapped: the queue is front..back.
    let (mut front, mut back) = (0_usize, 0_usize);
    output.maxima.clear();
    for (place, &number) in input.numbers.iter().enumerate() {
        while back > front && ring[(back - 1) & mask].number <= number {
            back -= 1;
        }
        if back > front && ring[front & mask].place as usize + k == place {
            front += 1;
        }
        ring[back & mask] = Entry {
            number,
            place: place as u32,
        };
        back += 1;
        if place + 1 >= k {
            output.maxima.push(ring[front & mask].number);
        }
    }
}
