// judge: expect=AC growth=combinations*log(combinations)
//! Takes the next candidate or leaves it for good: the plainest backtracking, in the order of the input.

use problems::Lists;
use problems::combination_sum::{Input, Output};

/// Include or exclude, candidate by candidate.
pub(super) fn include_exclude(input: &Input, output: &mut Output) {
    output.combinations.clear();
    let mut taken = Vec::new();
    descend(
        &input.candidates,
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
    let Some((&first, others)) = candidates.split_first() else {
        return;
    };
    if i64::from(first) <= rest {
        taken.push(first);
        descend(candidates, rest - i64::from(first), taken, found);
        taken.pop();
    }
    descend(others, rest, taken, found);
}
