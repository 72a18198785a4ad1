// judge: expect=RE case=minimum_window_substring/mixed_case@n=1000
//! One count for each of a-z: an upper-case letter has none.

use std::io::Read as _;

fn index(letter: u8) -> usize {
    usize::from(letter.wrapping_sub(b'a'))
}

fn main() {
    let mut input = String::new();
    std::io::stdin()
        .read_to_string(&mut input)
        .expect("standard input");
    let mut lines = input.lines().map(str::as_bytes);
    let (text, target) = (
        lines.next().expect("the text"),
        lines.next().expect("the target"),
    );
    let mut lacking = [0_i32; 26];
    for letter in target {
        lacking[index(*letter)] += 1;
    }
    let mut total = target.len();
    let mut best: Option<&[u8]> = None;
    let mut start = 0;
    for (last, letter) in text.iter().enumerate() {
        if lacking[index(*letter)] > 0 {
            total -= 1;
        }
        lacking[index(*letter)] -= 1;
        while total == 0 {
            let window = &text[start..=last];
            if best.is_none_or(|best| window.len() < best.len()) {
                best = Some(window);
            }
            lacking[index(text[start])] += 1;
            if lacking[index(text[start])] > 0 {
                total += 1;
            }
            start += 1;
        }
    }
    println!(
        "{}",
        std::str::from_utf8(best.unwrap_or_default()).expect("letters")
    );
}
