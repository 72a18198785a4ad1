// judge: expect=AC growth=n*log(k)
//! Maxima of 1, 2, 4, ... integers, each pass from the one before. O(n log k), but every pass is a vector loop.

use problems::sliding_window_maximum::{Input, Output};

/// How many maxima are made at a time, so that all passes over them stay in a cache.
const TILE: usize = 8192;

/// Tile by tile. The last pass overlaps two windows of the greatest power of two in k and writes the output.
pub(super) fn doubling(input: &Input, output: &mut Output) {
    let (numbers, k) = (&input.numbers, input.k as usize);
    output.maxima.clear();
    // With a long window the k - 1 integers that neighbouring tiles share would cost more than the tile.
    let tile = TILE.max(2 * k);
    let room = (tile + k).min(numbers.len());
    let (mut maxima, mut doubled) = (Vec::with_capacity(room), Vec::with_capacity(room));
    for start in (0..=numbers.len() - k).step_by(tile) {
        maxima.clear();
        maxima.extend_from_slice(&numbers[start..numbers.len().min(start + tile + k - 1)]);
        let mut length = 1;
        while 2 * length < k {
            doubled.clear();
            doubled.extend(overlapped(&maxima, length));
            std::mem::swap(&mut maxima, &mut doubled);
            length *= 2;
        }
        output.maxima.extend(overlapped(&maxima, k - length));
    }
}

/// Each maximum with the one `step` later.
fn overlapped(maxima: &[i32], step: usize) -> impl Iterator<Item = i32> {
    let both = maxima.iter().zip(&maxima[step..]);
    both.map(|(number, later)| *number.max(later))
}
