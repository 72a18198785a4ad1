// judge: expect=WA case=minimum_window_substring/missing_letter@n=1000
//! Takes a letter for needed while its count is not negative: every letter counts once too often, those that the target
//! does not have too.

use std::io::Read as _;

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
    let mut lacking = [0_i32; 128];
    for letter in target {
        lacking[usize::from(*letter)] += 1;
    }
    let mut total = target.len();
    let mut best: Option<&[u8]> = None;
    let mut start = 0;
    for (last, letter) in text.iter().enumerate() {
        let entering = &mut lacking[usize::from(*letter)];
        if *entering >= 0 {
            total -= 1;
        }
        *entering -= 1;
        while total == 0 {
            let window = &text[start..=last];
            if best.is_none_or(|best| window.len() < best.len()) {
                best = Some(window);
            }
            let leaving = &mut lacking[usize::from(text[start])];
            *leaving += 1;
            if *leaving >= 0 {
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
