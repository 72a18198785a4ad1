//! Ladders: the cases along which growth is measured.

use problems::AnyProblem;
use vocabulary::{CaseId, CaseName};

use super::sweep::Sweep;
use crate::usage::Usage;

/// Cases of one family with one parameter growing.
#[derive(Clone, Debug, PartialEq)]
pub struct Ladder {
    /// The parameter that grows.
    pub axis: &'static str,
    /// The cases, ascending.
    pub cases: Vec<CaseId>,
}

/// The ladders of a sweep, one a family: geometric steps from end to end, every case with the same seed.
pub fn ladders(problem: &dyn AnyProblem, sweep: &Sweep, step: i64) -> Result<Vec<Ladder>, Usage> {
    let (from, to) = sweep.range;
    let steps = std::iter::successors(Some(from), |value| value.checked_mul(step));
    let values: Vec<i64> = steps.take_while(|value| *value <= to).collect();
    let ladder = |family: &String| {
        let case = |value: &i64| {
            let parameters = sweep.fixed.clone().with(sweep.parameter, *value);
            let name = CaseName::new(problem.name(), family, parameters);
            let case = problem.resolve(&name.with_seed(sweep.seed));
            case.map_err(|error| Usage::new(error.to_string()))
        };
        let cases = values.iter().map(case).collect::<Result<_, _>>()?;
        Ok(Ladder {
            axis: sweep.parameter,
            cases,
        })
    };
    sweep.families.iter().map(ladder).collect()
}
