// judge: expect=AC growth=n
//! Van Herk's running maxima, the windows shared out over the threads of the pool, each part in place. O(n).

use problems::sliding_window_maximum::{Input, Output};
use rayon::prelude::*;

/// Windows that are worth a thread's while.
const LEAST: usize = 16_384;

/// A part for each thread. Neighbouring parts both read the k - 1 integers between them, so none is shorter than that.
pub(super) fn van_herk_in_parallel(input: &Input, output: &mut Output) {
    let (numbers, k) = (&input.numbers, input.k as usize);
    let windows = numbers.len() - k + 1;
    let part = windows.div_ceil(rayon::current_num_threads());
    let part = part.max(k).max(LEAST);
    output.maxima.resize(windows, 0);
    let parts = output.maxima.par_chunks_mut(part).enumerate();
    parts.for_each(|(index, maxima)| of_part(&numbers[index * part..], k, maxima));
}

/// A window is the end of one block of k and the beginning of the next: first the maxima of all ends, then of both.
fn of_part(numbers: &[i32], k: usize, maxima: &mut [i32]) {
    for (index, maxima) in maxima.chunks_mut(k).enumerate() {
        let (block, next) = numbers[index * k..].split_at(k);
        let (ends, rest) = block.split_at(maxima.len());
        let mut greatest = rest.iter().copied().max().unwrap_or(i32::MIN);
        for (maximum, number) in maxima.iter_mut().zip(ends).rev() {
            greatest = greatest.max(*number);
            *maximum = greatest;
        }
        let mut greatest = i32::MIN;
        for (maximum, number) in maxima[1..].iter_mut().zip(next) {
            greatest = greatest.max(*number);
            *maximum = greatest.max(*maximum);
        }
    }
}
