//! Looking for failing cases: families times parameters from the smallest up, several seeds.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

use problems::AnyProblem;
use vocabulary::{CaseId, CaseName, Parameters};

use crate::execute::{Execute, Failure, Prepared, Run, RunLimits};
use crate::sharing::in_order;

/// Which of the cases come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The smaller ones.
    BySize,
    /// Those whose other parameters are at their defaults, then the rest, both by size: at small sizes there are many settings, and
    /// most mistakes show without them. For who wants a failing case soon, and makes it smaller afterwards.
    DefaultsFirst,
}

/// Cases from the smallest up: for every size each family, for each seed of a range.
///
/// Sizes go 1, 2, 3 ... 10, then by a quarter; small cases cost next to nothing, and most mistakes show there.
pub fn cases_from_smallest(
    problem: &dyn AnyProblem,
    families: &[String],
    set: &Parameters,
    most: i64,
    seeds: std::ops::Range<u64>,
    order: Order,
) -> Vec<CaseId> {
    let primary = problem
        .schema()
        .map(problems::Schema::primary_name)
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
    let (mut cases, mut varied) = (Vec::new(), Vec::new());
    for size in sizes {
        let settings = settings(problem, &set.clone().with(primary, size), size);
        for seed in seeds.clone() {
            for info in infos.iter().filter(|info| is_wanted(info.name)) {
                for (place, parameters) in settings.iter().enumerate() {
                    let name = CaseName::new(problem.name(), info.name, parameters.clone());
                    let is_late = place > 0 && order == Order::DefaultsFirst;
                    let to = if is_late { &mut varied } else { &mut cases };
                    // What a family does not take is no case; and where it fixes a parameter, one setting is enough.
                    to.extend(problem.resolve(&name.with_seed(seed)));
                }
            }
        }
    }
    cases.append(&mut varied);
    // A parameter's default is among its first values, and what a family fixes is the same in every setting.
    let mut seen = HashSet::new();
    cases.retain(|case| seen.insert(case.clone()));
    cases
}

/// Up to this size the other parameters are varied, too.
const SMALL: i64 = 6;

/// Parameters to try at a size: the defaults; and at small sizes each other parameter at each of its first values.
fn settings(problem: &dyn AnyProblem, set: &Parameters, size: i64) -> Vec<Parameters> {
    let mut settings = vec![set.clone()];
    let others = problem
        .schema()
        .into_iter()
        .flat_map(|schema| schema.parameters.iter().skip(1));
    for parameter in others.filter(|parameter| size <= SMALL && set.get(parameter.name).is_none()) {
        let values = parameter.first_values(set, SMALL + 1);
        settings.extend(
            values
                .into_iter()
                .map(|value| set.clone().with(parameter.name, value)),
        );
    }
    settings
}

/// The first of some cases that fails in the same way as one that is known, until a time. `None` if none does.
pub fn first_like(
    problem: &Arc<dyn AnyProblem>,
    known: &Run,
    cases: &[CaseId],
    executions: &mut [Box<dyn Execute + '_>],
    limits: &RunLimits,
    until: Instant,
) -> anyhow::Result<Option<Failure>> {
    let run = |execution: &mut Box<dyn Execute + '_>, index: usize| {
        if Instant::now() > until {
            return Ok(None);
        }
        let prepared = Arc::new(Prepared::of_name(problem.clone(), cases[index].clone()));
        let run = execution.run(&prepared, limits, 1)?;
        anyhow::Ok(Some(Failure { prepared, run }))
    };
    let mut found = None;
    in_order(executions, cases.len(), run, |done| {
        let goes_on = match done? {
            Some(tried) if tried.run.verdict == known.verdict => {
                found = Some(tried);
                false
            }
            tried => tried.is_some(),
        };
        anyhow::Ok(goes_on)
    })?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn cases_at_the_defaults_of_all_sizes_can_come_before_those_of_other_settings() {
        let problem = problems::find("knapsack").unwrap();
        let cases =
            |order| cases_from_smallest(problem.as_ref(), &[], &Parameters::new(), 4, 0..1, order);
        let (all, ordered) = (cases(Order::BySize), cases(Order::DefaultsFirst));
        let place = |n: i64, capacity: Option<i64>| {
            let is_it = |case: &CaseId| {
                case.family == "uncorrelated"
                    && case.parameters.integer("n") == Some(n)
                    && capacity.is_none_or(|it| case.parameters.integer("capacity") == Some(it))
            };
            ordered.iter().position(is_it).unwrap()
        };
        assert!(
            place(4, None) < place(2, Some(1)),
            "the varied ones come last"
        );
        let mut sorted = ordered.clone();
        let mut known = all;
        sorted.sort_by_key(ToString::to_string);
        known.sort_by_key(ToString::to_string);
        assert_eq!(sorted, known, "no case is lost");
    }

    #[test]
    fn cases_grow_and_stay_in_their_families_ranges() {
        let problem = problems::find("kth_largest").unwrap();
        let cases = cases_from_smallest(
            problem.as_ref(),
            &[],
            &Parameters::new(),
            100,
            0..2,
            Order::BySize,
        );
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
            Order::BySize,
        );
        assert_eq!(
            only.first().unwrap().to_string(),
            "kth_largest/random@n=1,k=1#0"
        );
        assert!(only.iter().all(|case| case.family == "random"));
        let ranks = only
            .iter()
            .filter(|case| case.parameters.integer("n") == Some(3));
        let ranks: BTreeSet<_> = ranks
            .filter_map(|case| case.parameters.integer("k"))
            .collect();
        assert_eq!(
            ranks,
            BTreeSet::from([1, 2, 3]),
            "small sizes are tried with every k"
        );
    }
}
