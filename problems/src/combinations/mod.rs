//! What `combination_sum` and `combination_sum_ii` share: everything but how often a candidate may be taken.

mod check;
pub(crate) mod counting;
pub(crate) mod families;
mod references;

pub(crate) use check::check;
pub(crate) use references::both as references;

use vocabulary::ElementType::I32;

use crate::{Axis, Lists, Problem, Schema, Shape, record};
use counting::tally;

/// What an answer is given.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// What every combination must add up to, at least 1.
    pub target: i64,
    /// What may be taken: positive integers, at least one.
    pub candidates: Vec<i32>,
}

/// What an answer must fill.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// Every combination once, in any order, its values in any order.
    pub combinations: Lists<i32>,
}

record!(Input { target, candidates });
record!(Output { combinations });

/// How often a candidate may be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Supply {
    /// As often as one likes.
    Unlimited,
    /// As often as it stands among the candidates.
    AsGiven,
}

/// One of the two problems.
pub(crate) trait Combinations: Problem<Input = Input, Output = Output> {
    /// How often a candidate may be taken.
    const SUPPLY: Supply;
}

/// The greatest target of a case: small enough that a table of candidates by sums fits a cache.
pub(crate) const GREATEST_TARGET: i64 = 100_000;

/// How many combinations an input has.
pub(crate) fn count(input: &Input, supply: Supply) -> u64 {
    tally(&input.candidates, supply, input.target).count(input.target)
}

/// Room for exactly the combinations that there are; writing them once touches the pages.
pub(crate) fn prepare(input: &Input, supply: Supply) -> Output {
    let tally = tally(&input.candidates, supply, input.target);
    let (lists, values) = (tally.count(input.target), tally.values(input.target));
    let (lists, values) = (room(lists), room(values));
    let mut combinations = Lists::with_capacity(lists, values);
    combinations.extend_one(std::iter::repeat_n(-1, values));
    (1..lists).for_each(|_| combinations.push(&[]));
    combinations.clear();
    Output { combinations }
}

/// As much room as is worth reserving: an input of somebody else's may have more combinations than fit any memory.
fn room(count: u64) -> usize {
    const MOST: u64 = 100_000_000;
    count.min(MOST) as usize
}

/// The schema of either problem.
pub(crate) fn schema(problem: &'static str, candidates: &'static str) -> Schema {
    let at_most = "how many combinations a case may have";
    crate::schema(problem)
        .primary("n", 1, "100", "how many candidates there are")
        .scalar("target", 1, "100_000", "what a combination adds up to")
        .parameter("combinations", 1, "1_000_000", Some("1_000"), at_most)
        .input_array_between("candidates", I32, "n", ("1", "2_147_483_647"), candidates)
        .output(
            "combinations",
            I32,
            Shape::Lists,
            "every combination once, in any order, its values in any order",
        )
}

/// Few candidates make many combinations.
pub(crate) const TRIAL_SIZES: [i64; 7] = [1, 2, 3, 5, 10, 30, 100];

/// The number of combinations is what costs: the first axis is the cap on it, which the output nearly reaches; its values
/// grow like n log n of it. Where nothing can be found, it is the cap on partial combinations.
pub(crate) fn axes(at_candidates: &'static str) -> Vec<Axis> {
    let growth = |text: &str| text.parse().expect("a growth");
    vec![
        Axis {
            parameter: "combinations",
            families: &["output_heavy"],
            from: 1_000,
            to: 1_000_000,
            fixed: at_candidates,
            classes: vec![("backtracking", growth("combinations*log(combinations)"))],
        },
        Axis {
            parameter: "combinations",
            families: &["dead_end"],
            from: 1_000,
            to: 100_000,
            fixed: at_candidates,
            classes: vec![
                ("pruned by reachability", growth("1")),
                ("backtracking", growth("combinations")),
            ],
        },
    ]
}
