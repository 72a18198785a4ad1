//! Ladders: the cases along which growth is measured.

use std::sync::Arc;

use problems::AnyProblem;
use vocabulary::{CaseId, CaseName, Parameters, Target};

use super::sweep::Sweep;
use crate::execute::Prepared;
use crate::solution::Solution;
use crate::usage::Usage;

/// Cases of one family with one parameter growing.
#[derive(Clone, Debug, PartialEq)]
pub struct Ladder {
    /// The parameter that grows.
    pub axis: &'static str,
    /// The cases, ascending.
    pub cases: Vec<CaseId>,
    /// How many threads each is given, where that is what grows, and the case always the same one.
    pub threads: Vec<u32>,
}

/// A place on a ladder.
#[derive(Clone)]
pub struct Rung {
    /// The case.
    pub case: Arc<Prepared>,
    /// How many threads it is given, where that is what grows.
    pub threads: Option<u32>,
}

impl Rung {
    /// A place for a case that is given what threads there are.
    pub fn of_case(case: Prepared) -> Self {
        Rung {
            case: Arc::new(case),
            threads: None,
        }
    }
}

impl Ladder {
    /// The places, with cases that are built when they are first needed.
    pub fn rungs(&self, problem: &Arc<dyn AnyProblem>) -> Vec<Rung> {
        let prepared = |id: &CaseId| Prepared::of_name(problem.clone(), id.clone());
        match (self.threads.as_slice(), self.cases.first()) {
            ([_, ..], Some(only)) => {
                let case = Arc::new(prepared(only));
                let rung = |threads: &u32| Rung {
                    case: case.clone(),
                    threads: Some(*threads),
                };
                self.threads.iter().map(rung).collect()
            }
            _ => self
                .cases
                .iter()
                .map(|id| Rung::of_case(prepared(id)))
                .collect(),
        }
    }
}

/// The ladders of a sweep, one a family: geometric steps from end to end, every case with the same seed. Threads always double, and
/// their ladder has the end itself, too.
pub fn ladders(problem: &dyn AnyProblem, sweep: &Sweep, step: i64) -> Result<Vec<Ladder>, Usage> {
    let (from, to) = sweep.range;
    let step = if sweep.is_of_threads() { 2 } else { step };
    let steps = std::iter::successors(Some(from), |value| value.checked_mul(step));
    let mut values: Vec<i64> = steps.take_while(|value| *value <= to).collect();
    if sweep.is_of_threads() && values.last() != Some(&to) {
        values.push(to);
    }
    let ladder = |family: &String| {
        let case = |parameters| {
            let name = CaseName::new(problem.name(), family, parameters);
            let case = problem.resolve(&name.with_seed(sweep.seed));
            case.map_err(|error| Usage::new(error.to_string()))
        };
        if sweep.is_of_threads() {
            return Ok(Ladder {
                axis: sweep.parameter,
                cases: vec![case(sweep.fixed.clone())?],
                threads: values.iter().map(|value| *value as u32).collect(),
            });
        }
        let at = |value: &i64| sweep.fixed.clone().with(sweep.parameter, *value);
        let cases = values.iter().map(at).map(case).collect::<Result<_, _>>()?;
        Ok(Ladder {
            axis: sweep.parameter,
            cases,
            threads: Vec::new(),
        })
    };
    sweep.families.iter().map(ladder).collect()
}

/// The case of a ladder's family at the least size: next to no work, so its cost is that of being a process. `None` for what is
/// no process.
pub(crate) fn smallest(solution: &Solution, like: &CaseId) -> Option<Prepared> {
    if solution.target() != Target::Process {
        return None;
    }
    let id = smallest_case(solution.problem.as_ref(), like)?;
    Some(Prepared::of_name(solution.problem.clone(), id))
}

/// The case of a family at the least size.
pub(crate) fn smallest_case(problem: &dyn AnyProblem, like: &CaseId) -> Option<CaseId> {
    let primary = problem.schema()?.primary_name();
    problem.trial_sizes().into_iter().find_map(|size| {
        let parameters = Parameters::new().with(primary, size);
        let name = CaseName::new(&like.problem, &like.family, parameters);
        problem.resolve(&name.with_seed(like.seed)).ok()
    })
}
