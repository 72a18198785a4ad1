// judge: expect=TLE case=sliding_window_maximum/random@n=400000,k=200000
//! The greatest of each window, found anew. O(n k).

use std::io::Read as _;

fn main() {
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .expect("standard input");
    let mut tokens = text
        .split_ascii_whitespace()
        .map(|token| token.parse::<i32>().expect("a number"));
    let _n = tokens.next();
    let k = tokens.next().expect("k") as usize;
    let numbers: Vec<i32> = tokens.collect();
    let maxima = numbers
        .windows(k)
        .map(|window| window.iter().max().expect("k is at least 1"));
    let maxima: Vec<String> = maxima.map(i32::to_string).collect();
    println!("{}", maxima.join(" "));
}
