//! Looking for failing cases: families times parameters from the smallest up, several seeds.

use std::sync::Arc;
use std::time::Instant;

use problems::AnyProblem;
use vocabulary::{CaseId, CaseName, Parameters};

use crate::execute::{Execute, Prepared, Run, RunLimits};
use crate::judging::Failure;

/// Cases from the smallest up: for every size each family, for each seed of a range.
///
/// Sizes go 1, 2, 3 ... 10, then by a quarter; small cases cost next to nothing, and most mistakes show there.
pub fn cases_from_smallest(
    problem: &dyn AnyProblem,
    families: &[String],
    set: &Parameters,
    most: i64,
    seeds: std::ops::Range<u64>,
) -> Vec<CaseId> {
    let primary = problem
        .schema()
        .map(|schema| schema.primary_name())
        .unwrap_or_default();
    let mut sizes: Vec<i64> = match set.integer(primary) {
        Some(size) => vec![size],
        None => std::iter::successors(Some(1_i64), |size| Some(size + (size / 4).max(1)))
            .take_while(|size| *size < most)
            .collect(),
    };
    sizes.push(most);
    sizes.dedup();
    let infos = problem.families();
    let is_wanted =
        |name: &str| families.is_empty() || families.iter().any(|family| family == name);
    let mut cases = Vec::new();
    for size in sizes {
        for info in infos.iter().filter(|info| is_wanted(info.name)) {
            for seed in seeds.clone() {
                let name = CaseName {
                    problem: problem.name().to_owned(),
                    family: info.name.to_owned(),
                    primary: None,
                    parameters: set.clone().with(primary, size),
                    seed: Some(seed),
                };
                // A size outside the family's range is no case.
                cases.extend(problem.resolve(&name));
            }
        }
    }
    cases
}

/// The first of some cases that fails in the same way as one that is known, until a time. `None` if none does.
pub fn first_like(
    problem: &Arc<dyn AnyProblem>,
    known: &Run,
    cases: impl IntoIterator<Item = CaseId>,
    execution: &mut dyn Execute,
    limits: &RunLimits,
    until: Instant,
) -> anyhow::Result<Option<Failure>> {
    for id in cases {
        if Instant::now() > until {
            return Ok(None);
        }
        let prepared = Arc::new(Prepared::of_name(problem.clone(), id));
        let run = execution.run(&prepared, limits, 1)?;
        if run.verdict == known.verdict {
            return Ok(Some(Failure { prepared, run }));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_grow_and_stay_in_their_families_ranges() {
        let problem = problems::find("kth_largest").unwrap();
        let cases = cases_from_smallest(problem.as_ref(), &[], &Parameters::new(), 100, 0..2);
        let sizes: Vec<i64> = cases
            .iter()
            .filter_map(|case| case.parameters.integer("n"))
            .collect();
        assert!(sizes.is_sorted() && sizes[0] == 1 && sizes.last() == Some(&100));
        let only = cases_from_smallest(
            problem.as_ref(),
            &["random".to_owned()],
            &Parameters::new(),
            5,
            0..1,
        );
        assert_eq!(only.len(), 5);
    }
}
