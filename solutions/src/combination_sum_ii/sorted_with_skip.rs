// judge: expect=AC growth=combinations*log(combinations)
//! Sorts the candidates and, on each level, skips a candidate that equals the one before it.

use problems::Lists;
use problems::combination_sum_ii::{Input, Output};

/// Backtracking over ascending candidates without twins on a level.
pub(super) fn sorted_with_skip(input: &Input, output: &mut Output) {
    output.combinations.clear();
    let mut candidates = input.candidates.clone();
    candidates.sort_unstable();
    let mut taken = Vec::new();
    descend(
        &candidates,
        input.target,
        &mut taken,
        &mut output.combinations,
    );
}

fn descend(candidates: &[i32], rest: i64, taken: &mut Vec<i32>, found: &mut Lists<i32>) {
    if rest == 0 {
        found.push(taken);
        return;
    }
    let mut before = 0; // no candidate is 0
    for (index, &value) in candidates.iter().enumerate() {
        if i64::from(value) > rest {
            break;
        }
        if value == before {
            continue;
        }
        before = value;
        taken.push(value);
        let others = &candidates[index + 1..];
        descend(others, rest - i64::from(value), taken, found);
        taken.pop();
    }
}
