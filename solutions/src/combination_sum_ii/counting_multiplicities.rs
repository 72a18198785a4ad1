// judge: expect=AC growth=combinations*log(combinations)
//! Counts equal candidates, then chooses how many of each value: nothing can come twice, and nothing is skipped.

use problems::Lists;
use problems::combination_sum_ii::{Input, Output};

/// Chooses a number of each value, from the greatest value down.
pub(super) fn counting_multiplicities(input: &Input, output: &mut Output) {
    output.combinations.clear();
    let mut sorted = input.candidates.clone();
    sorted.retain(|&value| i64::from(value) <= input.target);
    sorted.sort_unstable();
    let mut kinds: Vec<Kind> = Vec::new();
    let mut below = 0;
    for equal in sorted.chunk_by(|a, b| a == b) {
        let (value, copies) = (equal[0], equal.len() as i64);
        below += i64::from(value) * copies;
        kinds.push(Kind {
            value,
            copies,
            up_to_here: below,
        });
    }
    let mut taken = Vec::new();
    descend(&kinds, input.target, &mut taken, &mut output.combinations);
}

struct Kind {
    value: i32,
    copies: i64,
    /// What this and all smaller values add up to with all their copies.
    up_to_here: i64,
}

fn descend(kinds: &[Kind], rest: i64, taken: &mut Vec<i32>, found: &mut Lists<i32>) {
    if rest == 0 {
        found.push(taken);
        return;
    }
    let Some((kind, smaller)) = kinds.split_last() else {
        return;
    };
    if kind.up_to_here < rest {
        return; // not even all that is left suffices
    }
    let before = taken.len();
    let value = i64::from(kind.value);
    for count in 0..=kind.copies.min(rest / value) {
        descend(smaller, rest - count * value, taken, found);
        taken.push(kind.value);
    }
    taken.truncate(before);
}
