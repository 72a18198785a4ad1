// judge: expect=AC growth=n
//! The running maxima of van Herk, and of Gil and Werman, of whole blocks at a time on all threads of the pool. O(n).

use problems::sliding_window_maximum::{Input, Output};
use rayon::prelude::*;

/// Integers that are worth a thread's while.
const LEAST: usize = 16_384;

/// In blocks of k: maxima from the beginning of the block, and from its end. A window is the end of one block and the beginning of
/// the next.
pub(super) fn parallel_running_maxima(input: &Input, output: &mut Output) {
    let k = input.k as usize;
    let blocks = LEAST.div_ceil(k);
    let mut from_begin = input.numbers.clone();
    let mut from_end = input.numbers.clone();
    rayon::join(
        || {
            let all = from_begin.par_chunks_mut(k).with_min_len(blocks);
            all.for_each(|block| keep_greatest(block.iter_mut()));
        },
        || {
            let all = from_end.par_chunks_mut(k).with_min_len(blocks);
            all.for_each(|block| keep_greatest(block.iter_mut().rev()));
        },
    );
    let windows = from_end.par_iter().zip(&from_begin[k - 1..]);
    let maxima = windows
        .with_min_len(LEAST)
        .map(|(end, begin)| *end.max(begin));
    maxima.collect_into_vec(&mut output.maxima);
}

/// Every integer becomes the greatest of those up to it.
fn keep_greatest<'a>(block: impl Iterator<Item = &'a mut i32>) {
    let mut greatest = i32::MIN;
    for number in block {
        greatest = greatest.max(*number);
        *number = greatest;
    }
}
