//! All multisets of distinct candidates that add up to a target, each candidate as often as one likes.

mod families;

use crate::combinations::{self, Combinations, Supply};
pub use crate::combinations::{Input, Output};
use crate::{Accepted, Axis, Family, Mismatch, Problem, Reference, Schema};

/// The problem.
pub struct CombinationSum;

impl Combinations for CombinationSum {
    const SUPPLY: Supply = Supply::Unlimited;
}

impl Problem for CombinationSum {
    type Input = Input;
    type Output = Output;
    /// How many combinations there are.
    type Answer = u64;

    const STATEMENT: &'static str = include_str!("statement.md");

    fn schema() -> Schema {
        combinations::schema("combination_sum", "the candidates, no two of them equal")
    }

    fn families() -> Vec<Family<Self>> {
        families::all()
    }

    fn references() -> [Reference<Self>; 2] {
        combinations::references()
    }

    fn answer(input: &Input) -> u64 {
        combinations::count(input, Self::SUPPLY)
    }

    fn check(input: &Input, count: &u64, output: &Output) -> Result<Accepted, Mismatch> {
        combinations::check(input, Self::SUPPLY, *count, &output.combinations)
    }

    fn prepare(input: &Input) -> Output {
        combinations::prepare(input, Self::SUPPLY)
    }

    fn trial_sizes() -> Vec<i64> {
        combinations::TRIAL_SIZES.to_vec()
    }

    fn axes() -> Vec<Axis> {
        combinations::axes("n=30")
    }
}
