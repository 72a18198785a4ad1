// judge: expect=WA case=sliding_window_maximum/ragged_tail@n=1000
//! Van Herk's blocks by `chunks_exact`: what is left over after the last whole block keeps its zeros.

use std::io::Read as _;

fn main() {
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .expect("standard input");
    let mut tokens = text
        .split_ascii_whitespace()
        .map(|token| token.parse::<i32>().expect("a number"));
    let (n, k) = (
        tokens.next().expect("n") as usize,
        tokens.next().expect("k") as usize,
    );
    let numbers: Vec<i32> = tokens.collect();

    let mut from_border = vec![0; n];
    let mut to_border = vec![0; n];
    let borders = from_border
        .chunks_exact_mut(k)
        .zip(to_border.chunks_exact_mut(k));
    for (block, (from, to)) in numbers.chunks_exact(k).zip(borders) {
        let mut greatest = i32::MIN;
        for (running, number) in from.iter_mut().zip(block) {
            greatest = greatest.max(*number);
            *running = greatest;
        }
        greatest = i32::MIN;
        for (running, number) in to.iter_mut().zip(block).rev() {
            greatest = greatest.max(*number);
            *running = greatest;
        }
    }
    let maxima = from_border[k - 1..]
        .iter()
        .zip(&to_border)
        .map(|(end, start)| end.max(start));
    let maxima: Vec<String> = maxima.map(i32::to_string).collect();
    println!("{}", maxima.join(" "));
}
