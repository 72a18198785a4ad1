// judge: expect=AC growth=n
//! A queue of two stacks, each of which knows the greatest it holds. O(n): every integer moves once.

use problems::sliding_window_maximum::{Input, Output};

/// Integers enter the back stack, of which only the greatest matters, and leave the front stack, whose entries know the
/// greatest below them. When the front runs dry, the back is turned over into it.
pub(super) fn two_stack_queue(input: &Input, output: &mut Output) {
    let (numbers, k) = (&input.numbers, input.k as usize);
    let mut front: Vec<i32> = Vec::with_capacity(k);
    let mut back_greatest = i32::MIN;
    output.maxima.clear();
    for (place, &number) in numbers.iter().enumerate() {
        back_greatest = back_greatest.max(number);
        let Some(start) = (place + 1).checked_sub(k) else {
            continue;
        };
        if front.is_empty() {
            let mut greatest = i32::MIN;
            front.extend(numbers[start..=place].iter().rev().map(|number| {
                greatest = greatest.max(*number);
                greatest
            }));
            back_greatest = i32::MIN;
        }
        // The top of the front is the oldest of the window, which leaves after it.
        let front_greatest = front.pop().unwrap_or(i32::MIN);
        output.maxima.push(front_greatest.max(back_greatest));
    }
}
