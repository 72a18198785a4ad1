// judge: expect=AC growth=n
//! Two pointers over the places where letters of the target stand: good where these are rare. O(n + m).

use std::ops::Range;

use problems::minimum_window_substring::{Input, Output};

/// First keeps the places of useful letters, then slides a window over them alone.
pub(super) fn filtered_positions(input: &Input, output: &mut Output) {
    let text = &input.text;
    let mut lacking = [0_i32; 256];
    for letter in &input.target {
        lacking[usize::from(*letter)] += 1;
    }
    let useful = lacking.map(|count| count > 0);
    let places: Vec<u32> = (0..)
        .zip(text)
        .filter_map(|(place, letter)| useful[usize::from(*letter)].then_some(place))
        .collect();

    let mut total = input.target.len();
    let mut best: Option<Range<usize>> = None;
    let mut starts = places.iter();
    for last in &places {
        let end = *last as usize + 1;
        let entering = &mut lacking[usize::from(text[end - 1])];
        total -= usize::from(*entering > 0);
        *entering -= 1;
        while total == 0
            && let Some(start) = starts.next()
        {
            let start = *start as usize;
            let leaving = &mut lacking[usize::from(text[start])];
            *leaving += 1;
            if *leaving > 0 {
                total = 1;
                if best.as_ref().is_none_or(|best| end - start < best.len()) {
                    best = Some(start..end);
                }
            }
        }
    }
    output.window.clear();
    output.window.extend_from_slice(&text[best.unwrap_or(0..0)]);
}
