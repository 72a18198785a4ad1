//! Two ways to all combinations that share no step: a search that goes only where the target can still be met, and
//! dynamic programming over the sums that builds every combination of every smaller sum.

use super::counting::{Group, groups};
use super::{Combinations, Input, Output};
use crate::Reference;

/// The references of either problem.
pub(crate) fn both<P: Combinations>() -> [Reference<P>; 2] {
    [
        Reference {
            name: "search",
            solve: search::<P>,
            most: 100,
        },
        Reference {
            name: "building",
            solve: building::<P>,
            most: 100,
        },
    ]
}

/// Depth first over how often each value is taken, the greatest value first. Where a smaller choice cannot be completed
/// by the values that are left, it is not made.
fn search<P: Combinations>(input: &Input) -> Output {
    let groups = groups(&input.candidates, P::SUPPLY, input.target);
    let length = input.target as usize + 1;
    // reachable[i][s]: whether the first i values can make s.
    let mut reachable = vec![vec![false; length]];
    reachable[0][0] = true;
    for group in &groups {
        let before = &reachable[reachable.len() - 1];
        let value = group.value as usize;
        // How many of this value a sum needs at least; more than all says that it cannot be made.
        let mut needed = vec![i64::MAX; length];
        for sum in 0..length {
            if before[sum] {
                needed[sum] = 0;
            } else if sum >= value {
                needed[sum] = needed[sum - value].saturating_add(1);
            }
        }
        reachable.push(needed.iter().map(|count| *count <= group.most).collect());
    }
    let mut output = Output::default();
    let mut taken = Vec::new();
    if reachable[groups.len()][input.target as usize] {
        descend(&groups, &reachable, input.target, &mut taken, &mut output);
    }
    output
}

fn descend(
    groups: &[Group],
    reachable: &[Vec<bool>],
    rest: i64,
    taken: &mut Vec<i32>,
    output: &mut Output,
) {
    let Some((group, smaller)) = groups.split_last() else {
        output.combinations.push(taken);
        return;
    };
    let before = taken.len();
    for count in 0..=group.most {
        let left = rest - count * group.value;
        if left < 0 {
            break;
        }
        if reachable[smaller.len()][left as usize] {
            descend(smaller, reachable, left, taken, output);
        }
        taken.push(group.value as i32);
    }
    taken.truncate(before);
}

/// For every sum its combinations, each the last value and the combination before it: values are added one after the
/// other, so that a combination arises once.
fn building<P: Combinations>(input: &Input) -> Output {
    const NONE: u32 = u32::MAX;
    let length = input.target as usize + 1;
    let mut links: Vec<(u32, i32)> = Vec::new();
    let mut ends: Vec<Vec<u32>> = vec![Vec::new(); length];
    ends[0].push(NONE);
    for group in groups(&input.candidates, P::SUPPLY, input.target) {
        let value = group.value as usize;
        // What a sum had before this value; it is what more of the value are put onto.
        let had: Vec<usize> = ends.iter().map(Vec::len).collect();
        for start in 0..length {
            for index in 0..had[start] {
                let mut end = ends[start][index];
                let mut sum = start;
                for _ in 0..group.most {
                    sum += value;
                    if sum >= length {
                        break;
                    }
                    links.push((end, group.value as i32));
                    end = links.len() as u32 - 1;
                    ends[sum].push(end);
                }
            }
        }
    }
    let mut output = Output::default();
    for &last in &ends[input.target as usize] {
        let mut end = last;
        let combination = std::iter::from_fn(|| {
            let &(before, value) = links.get(end as usize)?;
            end = before;
            Some(value)
        });
        output.combinations.extend_one(combination);
    }
    output
}
