//! Ladders: the cases along which growth is measured.

use problems::{AnyProblem, Axis};
use vocabulary::{CaseId, CaseName, Parameters};

use crate::usage::Usage;

/// Cases of one family with one parameter growing.
#[derive(Clone, Debug, PartialEq)]
pub struct Ladder {
    /// The parameter that grows.
    pub axis: &'static str,
    /// The cases, ascending.
    pub cases: Vec<CaseId>,
}

/// The ladders of an axis, one a family: geometric steps from end to end, every case with the same seed.
pub fn ladders(
    problem: &dyn AnyProblem,
    axis: &Axis,
    step: i64,
    seed: u64,
) -> Result<Vec<Ladder>, Usage> {
    let fixed: Parameters = axis
        .fixed
        .parse()
        .map_err(|error| Usage::new(format!("{}: {error}", problem.name())))?;
    let steps = std::iter::successors(Some(axis.from), |value| value.checked_mul(step));
    let values: Vec<i64> = steps.take_while(|value| *value <= axis.to).collect();
    axis.families
        .iter()
        .map(|family| {
            let case = |value: &i64| {
                let parameters = fixed.clone().with(axis.parameter, *value);
                let name = CaseName::new(problem.name(), family, parameters);
                problem
                    .resolve(&name.with_seed(seed))
                    .map_err(|error| Usage::new(error.to_string()))
            };
            let cases = values.iter().map(case).collect::<Result<_, _>>()?;
            Ok(Ladder {
                axis: axis.parameter,
                cases,
            })
        })
        .collect()
}
