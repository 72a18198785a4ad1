//! Two ways to a shortest window that share no step, and none with two pointers: lists of positions, and bisection
//! over the length.

use super::{Input, MinimumWindowSubstring, Output, counts};
use crate::Reference;

pub(super) fn both() -> [Reference<MinimumWindowSubstring>; 2] {
    [
        Reference {
            name: "position lists",
            solve: position_lists,
            most: 100_000_000,
        },
        Reference {
            name: "bisection over the length",
            solve: bisection,
            most: 100_000_000,
        },
    ]
}

/// For every end, the latest start: the least over the letters of the target of the place where the last so many of
/// that letter begin. The places of each letter stand in a list.
fn position_lists(input: &Input) -> Output {
    let needed = counts(&input.target);
    let letters: Vec<usize> = (0..256).filter(|letter| needed[*letter] > 0).collect();
    let mut places: Vec<Vec<u32>> = vec![Vec::new(); letters.len()];
    let slot_of: [Option<usize>; 256] =
        std::array::from_fn(|letter| letters.iter().position(|other| *other == letter));
    // One more than the latest start that has enough of the letter; 0 while there is none.
    let mut latest = vec![0; letters.len()];
    // The least of them.
    let mut start = 0;
    let mut best: Option<(usize, usize)> = None;
    for (end, letter) in input.text.iter().enumerate() {
        let Some(slot) = slot_of[usize::from(*letter)] else {
            continue;
        };
        places[slot].push(end as u32);
        let enough = needed[letters[slot]] as usize;
        let Some(index) = places[slot].len().checked_sub(enough) else {
            continue;
        };
        let before = latest[slot];
        latest[slot] = places[slot][index] as usize + 1;
        if before == start {
            start = latest.iter().copied().min().expect("a target has letters");
        }
        if start > 0 && best.is_none_or(|(first, last)| end - (start - 1) < last - first) {
            best = Some((start - 1, end));
        }
    }
    Output {
        window: best.map_or_else(Vec::new, |(first, last)| input.text[first..=last].to_vec()),
    }
}

/// A text that has a window of some length has one of every greater length up to its own.
fn bisection(input: &Input) -> Output {
    let (mut low, mut high) = (input.target.len(), input.text.len());
    let Some(mut found) = window_of_length(input, high) else {
        return Output::default();
    };
    while low < high {
        let middle = (low + high) / 2;
        match window_of_length(input, middle) {
            Some(start) => (high, found) = (middle, start),
            None => low = middle + 1,
        }
    }
    Output {
        window: input.text[found..found + high].to_vec(),
    }
}

/// The first window of exactly a length.
fn window_of_length(input: &Input, length: usize) -> Option<usize> {
    windows_of_length(input, length).next()
}

/// The starts of all windows of exactly a length.
pub(super) fn windows_of_length(input: &Input, length: usize) -> impl Iterator<Item = usize> {
    let needed = counts(&input.target).map(i64::from);
    let mut lacking = needed;
    let mut letters_lacking = needed.iter().filter(|count| **count > 0).count();
    let text = &input.text;
    (0..text.len()).filter_map(move |end| {
        let entering = &mut lacking[usize::from(text[end])];
        *entering -= 1;
        letters_lacking -= usize::from(*entering == 0);
        if end >= length {
            let leaving = &mut lacking[usize::from(text[end - length])];
            *leaving += 1;
            letters_lacking += usize::from(*leaving == 1);
        }
        (letters_lacking == 0 && end + 1 >= length).then(|| end + 1 - length)
    })
}
