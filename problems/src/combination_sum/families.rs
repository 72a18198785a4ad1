//! Families of the combination sum with an unlimited supply.

use super::{CombinationSum, Input};
use crate::combinations::families::{
    MOST_CANDIDATES, count, distinct, greatest_common_divisor, shared,
};
use crate::{At, Family, Random, family};

pub(super) fn all() -> Vec<Family<CombinationSum>> {
    let mut families = shared();
    families.push(
        family(
            "near_frobenius",
            "multiples of two coprime candidates, and the greatest target that they cannot make or the next one",
            near_frobenius,
        )
        .holds(|_, input: &Input| {
            let mut sorted: Vec<i64> = input.candidates.iter().map(|&value| value.into()).collect();
            sorted.sort_unstable();
            let (a, b) = (sorted[0], sorted[1]);
            let frobenius = a * b - a - b;
            let has_any = count::<CombinationSum>(input) > 0;
            greatest_common_divisor(a, b) == 1
                && sorted.iter().all(|value| value % a == 0 || value % b == 0)
                && (input.target == frobenius && !has_any
                    || input.target == frobenius + 1 && has_any)
        })
        .sizes(2, MOST_CANDIDATES),
    );
    families
}

/// a and b without a common divisor make every target from (a - 1)(b - 1) on, but not the one before. Multiples of them
/// change nothing of that; those above half of the target are taken, so that few fit together.
fn near_frobenius(at: &At, random: &mut Random) -> Input {
    let n = at.integer("n");
    let a = random.between(n + 2, 2 * n + 2);
    let b = a + 1;
    let frobenius = a * b - a - b;
    let multiples = |value: i64| {
        (frobenius / 2 / value + 1..=frobenius / value).map(move |times| times * value)
    };
    let all: Vec<i64> = multiples(a).chain(multiples(b)).collect();
    let chosen = distinct(random, at.size("n") - 2, 0, all.len() as i32 - 1);
    let mut candidates = vec![a as i32, b as i32];
    candidates.extend(chosen.iter().map(|&index| all[index as usize] as i32));
    random.shuffle(&mut candidates);
    let none = Input {
        target: frobenius,
        candidates,
    };
    let some = Input {
        target: frobenius + 1,
        ..none.clone()
    };
    let is_allowed = count::<CombinationSum>(&some) <= at.integer("combinations") as u64;
    if is_allowed && random.below(2) == 0 {
        some
    } else {
        none
    }
}
