// judge: expect=AC growth=n
//! The classic: one end grows the window until it holds the target, the other shrinks it while it does. O(n + m).

use std::ops::Range;

use problems::minimum_window_substring::{Input, Output};

/// `lacking` counts down what the window still needs of each letter; below zero it has more than enough.
pub(super) fn two_pointers(input: &Input, output: &mut Output) {
    let text = &input.text;
    let mut lacking = [0_i32; 256];
    for letter in &input.target {
        lacking[usize::from(*letter)] += 1;
    }
    let mut total = input.target.len();
    let mut best: Option<Range<usize>> = None;
    let mut start = 0;
    for (last, letter) in text.iter().enumerate() {
        let entering = &mut lacking[usize::from(*letter)];
        total -= usize::from(*entering > 0);
        *entering -= 1;
        if total > 0 {
            continue;
        }
        // Shrink until the window would lose a letter that it needs; then drop this one.
        loop {
            let leaving = &mut lacking[usize::from(text[start])];
            *leaving += 1;
            start += 1;
            if *leaving > 0 {
                break;
            }
        }
        total = 1;
        let window = start - 1..last + 1;
        if best.as_ref().is_none_or(|best| window.len() < best.len()) {
            best = Some(window);
        }
    }
    output.window.clear();
    output.window.extend_from_slice(&text[best.unwrap_or(0..0)]);
}
