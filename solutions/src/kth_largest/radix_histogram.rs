// judge: expect=AC growth=n
//! Histograms of 11, 11 and 10 bits of the key, from the top: each pass keeps the digit in which the k-th falls. Three
//! passes that only read, and no copy of the input. O(n).

use problems::kth_largest::{Input, Output};

/// The most bits of a digit.
const BITS: u32 = 11;

/// Copies of each count, so that equal digits in a row do not wait for each other.
const LANES: usize = 4;

/// Numbers that are looked at together: where none has the prefix, as is usual, a few vector instructions say so.
const CHUNK: usize = 64;

/// The order of the keys is that of the numbers, descending: so the sign bit alone stays as it is.
fn key(number: i32) -> u32 {
    number as u32 ^ (u32::MAX >> 1)
}

/// Narrows the key of the k-th, digit by digit.
pub(super) fn radix_histogram(input: &Input, output: &mut Output) {
    let mut rank = input.k as u32 - 1;
    let mut prefix = 0;
    for (shift, bits) in [(21, BITS), (10, BITS), (0, 10)] {
        let counts = histogram(&input.numbers, shift, bits, prefix);
        let mut digit = 0;
        while rank >= counts[digit] {
            rank -= counts[digit];
            digit += 1;
        }
        prefix = prefix << bits | digit as u32;
    }
    output.value = key(prefix as i32) as i32;
}

/// How often each digit occurs among the keys whose bits above it are `prefix`.
fn histogram(numbers: &[i32], shift: u32, bits: u32, prefix: u32) -> [u32; 1 << BITS] {
    // The row behind the digits takes the keys with another prefix, so that nothing branches on them.
    let mut counts = [[0_u32; LANES]; (1 << BITS) + 1];
    let first = prefix.unbounded_shl(shift + bits);
    let width = 1_u64 << (shift + bits);
    let distance = |number: i32| key(number).wrapping_sub(first);
    let greatest = (width - 1) as u32;
    for chunk in numbers.chunks(CHUNK) {
        let nearest = chunk.iter().map(|number| distance(*number)).min();
        if nearest.is_none_or(|nearest| nearest > greatest) {
            continue;
        }
        for (index, number) in chunk.iter().enumerate() {
            let digit = (distance(*number) >> shift).min(1 << bits);
            counts[digit as usize][index % LANES] += 1;
        }
    }
    let mut digits = [0; 1 << BITS];
    for (digit, lanes) in digits.iter_mut().zip(&counts) {
        *digit = lanes.iter().sum();
    }
    digits
}
