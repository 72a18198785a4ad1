// judge: expect=AC growth=combinations*log(combinations)
//! Sorts the candidates, so that the first one that is too great ends the loop over them.

use problems::Lists;
use problems::combination_sum::{Input, Output};

/// Backtracking over ascending candidates.
pub(super) fn sorted_with_break(input: &Input, output: &mut Output) {
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
    for (index, &value) in candidates.iter().enumerate() {
        if i64::from(value) > rest {
            break;
        }
        taken.push(value);
        descend(&candidates[index..], rest - i64::from(value), taken, found);
        taken.pop();
    }
}
