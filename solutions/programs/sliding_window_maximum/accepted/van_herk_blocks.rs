// judge: expect=AC growth=n
//! Running maxima both ways from the borders of blocks of k, in two arrays. O(n).

use std::fmt::Write as _;
use std::io::Read as _;

fn main() {
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .expect("standard input");
    let mut tokens = text.split_ascii_whitespace();
    let mut next = || tokens.next().and_then(|token| token.parse::<i32>().ok());
    let (n, k) = (next().expect("n") as usize, next().expect("k") as usize);
    let numbers: Vec<i32> = (0..n).map(|_| next().expect("a number")).collect();

    let mut from_border = numbers.clone();
    let mut to_border = numbers;
    for block in from_border.chunks_mut(k) {
        for i in 1..block.len() {
            block[i] = block[i].max(block[i - 1]);
        }
    }
    for block in to_border.chunks_mut(k) {
        for i in (1..block.len()).rev() {
            block[i - 1] = block[i - 1].max(block[i]);
        }
    }
    let mut output = String::with_capacity(12 * (n - k + 1));
    for (end, start) in from_border[k - 1..].iter().zip(&to_border) {
        write!(output, "{} ", end.max(start)).expect("a string takes everything");
    }
    println!("{}", output.trim_end());
}
