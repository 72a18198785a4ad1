//! Families of the combination sum in which every candidate counts once.

use super::{CombinationSumIi, Input};
use crate::combinations::families::{
    MOST_CANDIDATES, count, distinct, is_within_caps, shared, with_allowed_target,
};
use crate::{At, Family, Random};

pub(super) fn all() -> Vec<Family<CombinationSumIi>> {
    let family = crate::family::<CombinationSumIi>;
    let mut families = shared();
    families.extend([
        family(
            "all_equal",
            "every candidate is the same, the target half of their sum: one combination out of very many choices",
            |at, random| {
                let value = random.between(1, 50);
                Input {
                    target: value * (at.integer("n") / 2).max(1),
                    candidates: vec![value as i32; at.size("n")],
                }
            },
        )
        .holds(|_, input| {
            input.candidates.windows(2).all(|pair| pair[0] == pair[1])
                && count::<CombinationSumIi>(input) == 1
        })
        .sizes(1, MOST_CANDIDATES),
        family(
            "each_twice",
            "every value stands there twice, of an odd number one once; in random order",
            |at, random| {
                let half = at.size("n").div_ceil(2);
                let mut candidates = distinct(random, half, 2, 4 * half as i32 + 8);
                candidates.extend_from_within(..at.size("n") - half);
                random.shuffle(&mut candidates);
                with_allowed_target::<CombinationSumIi>(at, random, candidates)
            },
        )
        .holds(|at, input| {
            let mut sorted = input.candidates.clone();
            sorted.sort_unstable();
            let copies: Vec<usize> = sorted.chunk_by(|a, b| a == b).map(<[i32]>::len).collect();
            let once = copies.iter().filter(|copies| **copies == 1).count();
            copies.iter().all(|copies| *copies <= 2)
                && once == input.candidates.len() % 2
                && count::<CombinationSumIi>(input) >= 1
                && is_within_caps::<CombinationSumIi>(at, input)
        })
        .sizes(1, MOST_CANDIDATES),
        family(
            "near_frobenius",
            "as many of two coprime values as can count, and the greatest target that they cannot make or the next one",
            near_frobenius,
        )
        .holds(|_, input| {
            let mut sorted: Vec<i64> = input.candidates.iter().map(|&value| value.into()).collect();
            sorted.sort_unstable();
            let (a, b) = (sorted[0], sorted[0] + 1);
            let frobenius = a * b - a - b;
            let count = count::<CombinationSumIi>(input);
            sorted.contains(&b)
                && (input.target == frobenius && count == 0
                    || input.target == frobenius + 1 && count == 1)
        })
        .sizes(3, MOST_CANDIDATES),
    ]);
    families
}

/// b - 1 times a and a - 1 times b, with b = a + 1: a sum below a * b needs no more of either. Of an even number of
/// candidates one is above the target.
fn near_frobenius(at: &At, random: &mut Random) -> Input {
    let n = at.size("n");
    let a = n.div_ceil(2);
    let b = a + 1;
    let target = a * b - a - b + random.index(2);
    let mut candidates = vec![a as i32; b - 1];
    candidates.resize(a + b - 2, b as i32);
    candidates.resize(n, target as i32 + 1);
    random.shuffle(&mut candidates);
    Input {
        target: target as i64,
        candidates,
    }
}
