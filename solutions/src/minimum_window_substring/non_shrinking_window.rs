// judge: expect=AC growth=n
//! Only a shorter window is of interest: after the first, slide one that is shorter by one, and shrink it where it holds
//! the target. O(n + m), one branch that is seldom taken, and the end where nothing shorter can come.

use std::ops::Range;

use problems::minimum_window_substring::{Input, Output};

/// The counts say what the window still lacks of each letter; below zero it has more than enough.
pub(super) fn non_shrinking_window(input: &Input, output: &mut Output) {
    let (text, m) = (&input.text, input.target.len());
    let mut lacking = [0_i32; 256];
    for letter in &input.target {
        lacking[usize::from(*letter)] += 1;
    }
    output.window.clear();
    // The first end at which everything before it holds the target.
    let mut total = m;
    let holds = text.iter().position(|letter| {
        let entering = &mut lacking[usize::from(*letter)];
        total -= usize::from(*entering > 0);
        *entering -= 1;
        total == 0
    });
    let Some(last) = holds else {
        return;
    };
    // From here on start..last is one shorter than the best, and lacks `total` letters.
    let mut best = shrink(text, &mut lacking, 0..last + 1);
    let mut start = best.start + 1;
    let mut total = 1;
    for last in last + 1..text.len() {
        if best.len() == m {
            break;
        }
        let entering = &mut lacking[usize::from(text[last])];
        total -= i32::from(*entering > 0);
        *entering -= 1;
        let leaving = &mut lacking[usize::from(text[start])];
        *leaving += 1;
        total += i32::from(*leaving > 0);
        start += 1;
        if total == 0 {
            best = shrink(text, &mut lacking, start..last + 1);
            start = best.start + 1;
            total = 1;
        }
    }
    output.window.extend_from_slice(&text[best]);
}

/// The shortest end of a window that holds the target, and counts without the first letter of that.
fn shrink(text: &[u8], lacking: &mut [i32; 256], window: Range<usize>) -> Range<usize> {
    let needed = text[window.clone()].iter().position(|letter| {
        let leaving = &mut lacking[usize::from(*letter)];
        *leaving += 1;
        *leaving > 0
    });
    window.start + needed.expect("a window that holds the target")..window.end
}
