// judge: expect=AC growth=n
//! A list of places for each letter of the target, and for every end the latest start that each list allows. O(n d + m)
//! for d different letters, which the alphabet bounds.

use std::ops::Range;

use problems::minimum_window_substring::{Input, Output};

/// The places of one letter of the target.
struct Letter {
    /// How many of it a window needs.
    needed: usize,
    places: Vec<usize>,
}

/// A window that ends at a place holds the target if, of every letter, it begins no later than where the last so many
/// that are needed begin.
pub(super) fn position_lists(input: &Input, output: &mut Output) {
    let mut needed = [0; 256];
    for letter in &input.target {
        needed[usize::from(*letter)] += 1;
    }
    let mut slot_of = [None; 256];
    let mut letters = Vec::new();
    for (slot, needed) in slot_of
        .iter_mut()
        .zip(needed)
        .filter(|(_, needed)| *needed > 0)
    {
        *slot = Some(letters.len());
        letters.push(Letter {
            needed,
            places: Vec::new(),
        });
    }
    // Of each letter: one more than the latest start that has enough of it, 0 while there is none.
    let mut latest = vec![0; letters.len()];
    let mut start = 0;
    let mut best: Option<Range<usize>> = None;
    for (last, letter) in input.text.iter().enumerate() {
        let Some(slot) = slot_of[usize::from(*letter)] else {
            continue;
        };
        let Letter { needed, places } = &mut letters[slot];
        places.push(last);
        let Some(index) = places.len().checked_sub(*needed) else {
            continue;
        };
        let before = latest[slot];
        latest[slot] = places[index] + 1;
        // Another letter may still hold the least.
        if before == start {
            start = latest.iter().copied().min().unwrap_or(0);
        }
        if start > 0
            && best
                .as_ref()
                .is_none_or(|best| last + 2 - start < best.len())
        {
            best = Some(start - 1..last + 1);
        }
    }
    output.window.clear();
    output
        .window
        .extend_from_slice(&input.text[best.unwrap_or(0..0)]);
}
