// judge: expect=RE case=sliding_window_maximum/all_equal@n=1000
//! Evicts by value after equal ones were dropped: of equal integers the queue holds one, and evicts it.

use std::collections::VecDeque;
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
    let mut values = VecDeque::new();
    let mut maxima = Vec::new();
    for (i, &number) in numbers.iter().enumerate() {
        while values.back().is_some_and(|back| *back <= number) {
            values.pop_back();
        }
        values.push_back(number);
        if i >= k && values[0] == numbers[i - k] {
            values.pop_front();
        }
        if i + 1 >= k {
            maxima.push(values.front().expect("a window is not empty").to_string());
        }
    }
    println!("{}", maxima.join(" "));
}
