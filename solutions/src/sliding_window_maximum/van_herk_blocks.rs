// judge: expect=AC growth=n
//! Van Herk, and Gil and Werman: running maxima both ways from the borders of blocks of k. O(n), three comparisons an
//! integer, no branch that depends on the data.

use problems::sliding_window_maximum::{Input, Output};

/// A window is the end of one block and the beginning of the next. Only the maxima of one block are stored, so that a
/// window which fits a cache leaves everything else to streams.
pub(super) fn van_herk_blocks(input: &Input, output: &mut Output) {
    let k = input.k as usize;
    let windows = input.numbers.len() - k + 1;
    output.maxima.clear();
    let mut to_border = vec![0; k];
    for start in (0..windows).step_by(k) {
        let (block, next) = input.numbers[start..].split_at(k);
        let mut greatest = i32::MIN;
        for (running, number) in to_border.iter_mut().zip(block).rev() {
            greatest = greatest.max(*number);
            *running = greatest;
        }
        // The first window is the block itself; each of the others takes one more of the next.
        output.maxima.push(greatest);
        let more = (windows - start).min(k) - 1;
        let mut from_border = i32::MIN;
        let both = to_border[1..=more].iter().zip(&next[..more]);
        output.maxima.extend(both.map(|(running, number)| {
            from_border = from_border.max(*number);
            from_border.max(*running)
        }));
    }
}
