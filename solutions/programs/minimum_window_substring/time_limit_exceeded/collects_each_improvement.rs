// judge: expect=TLE case=minimum_window_substring/improving_windows@n=300000
//! Copies the window, character by character, whenever it improves: O(n^2) where it improves at every step.

use std::io::Read as _;

fn main() {
    let mut input = String::new();
    std::io::stdin()
        .read_to_string(&mut input)
        .expect("standard input");
    let mut lines = input.lines();
    let text: Vec<char> = lines.next().expect("the text").chars().collect();
    let target = lines.next().expect("the target");
    let mut lacking = [0_i32; 128];
    for letter in target.chars() {
        lacking[letter as usize] += 1;
    }
    let mut total = target.len();
    let mut best: Option<String> = None;
    let mut start = 0;
    for (last, letter) in text.iter().enumerate() {
        if lacking[*letter as usize] > 0 {
            total -= 1;
        }
        lacking[*letter as usize] -= 1;
        while total == 0 {
            if best
                .as_ref()
                .is_none_or(|best| last - start + 1 < best.len())
            {
                best = Some(text[start..=last].iter().collect());
            }
            lacking[text[start] as usize] += 1;
            if lacking[text[start] as usize] > 0 {
                total += 1;
            }
            start += 1;
        }
    }
    println!("{}", best.unwrap_or_default());
}
