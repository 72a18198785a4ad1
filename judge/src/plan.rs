//! Which cases a solution is judged on.

use problems::{AnyProblem, CaseError};
use vocabulary::{CaseId, CaseName, Parameters, Target};

use crate::solution::Solution;
use crate::usage::Usage;

/// What narrows or widens the cases.
#[derive(Clone, Debug)]
pub struct PlanOptions {
    /// Whether the largest sizes are left out.
    pub quick: bool,
    /// The first seed.
    pub seed: u64,
    /// How many seeds, from the first.
    pub seeds: u64,
    /// Only these families, if any are named.
    pub families: Vec<String>,
    /// Parameters that are set for every case.
    pub set: Parameters,
}

impl Default for PlanOptions {
    fn default() -> Self {
        PlanOptions {
            quick: false,
            seed: 0,
            seeds: 1,
            families: Vec::new(),
            set: Parameters::new(),
        }
    }
}

/// Sizes beyond this are left out by `--quick`, and of the others every second one.
const QUICK: i64 = 10_000;

/// The cases of a right solution. On the emulator, which is some thousand times slower than a GPU, only those of sizes that it
/// can afford: they cross the borders of tiles and blocks, which is where kernels go wrong.
pub fn for_solution(
    solution: &Solution,
    shipped: &[Solution],
    options: &PlanOptions,
) -> Result<Vec<CaseId>, Usage> {
    let problem = solution.problem.as_ref();
    let mut cases = for_right(problem, shipped, options)?;
    cases.retain(|case| solution.takes(case));
    let primary = problem.schema().map(problems::Schema::primary_name);
    let is_set = primary.is_some_and(|primary| options.set.get(primary).is_some());
    if solution.target() == Target::Emulator && !is_set {
        let is_small = |case: &CaseId| {
            let size = primary.and_then(|primary| case.parameters.integer(primary));
            size.is_none_or(|size| size <= MOST_EMULATED) && is_affordable(problem, case)
        };
        cases.retain(is_small);
    }
    Ok(cases)
}

/// The largest size, by its problem's primary parameter, of a case for the emulator.
const MOST_EMULATED: i64 = 1000;
/// The largest product of a case's parameters: a thousand numbers and a window of any size, a knapsack of a hundred items.
const MOST_WORK: i64 = 2_000_000;

/// The most operations of a case, where its problem says how many there are: a tenth of a second.
const MOST_OPERATIONS: i64 = 10_000_000;

/// Whether the emulator can afford a case: by its operations, or else by the product of its parameters, which is about how
/// much there is to do.
fn is_affordable(problem: &dyn AnyProblem, case: &CaseId) -> bool {
    let integer = |name: &str| case.parameters.integer(name);
    let stated = problem
        .schema()
        .and_then(|schema| schema.operations.as_ref());
    match stated.and_then(|operations| operations.evaluate(&integer).ok()) {
        Some(operations) => operations <= MOST_OPERATIONS,
        None => {
            let integers = case.parameters.iter().filter_map(|(name, _)| integer(name));
            let product =
                integers.fold(1_i64, |product, value| product.saturating_mul(value.max(1)));
            product <= MOST_WORK
        }
    }
}

/// The cases of a right solution on whatever is fast: every family at every trial size, from the smallest up; then the cases that catch the
/// wrong ones, which are where mistakes and slowness show.
pub fn for_right(
    problem: &dyn AnyProblem,
    shipped: &[Solution],
    options: &PlanOptions,
) -> Result<Vec<CaseId>, Usage> {
    let mut cases = families(problem, options)?;
    if options.families.is_empty() && options.set.is_empty() {
        let bound = shipped
            .iter()
            .filter(|solution| solution.problem.name() == problem.name())
            .filter_map(|solution| solution.expectation.as_ref()?.case.as_ref());
        for name in bound {
            for case in seeded(problem, name, options)? {
                if !cases.contains(&case) {
                    cases.push(case);
                }
            }
        }
    }
    Ok(cases)
}

/// A case with every seed, unless it names one itself.
pub fn seeded(
    problem: &dyn AnyProblem,
    name: &CaseName,
    options: &PlanOptions,
) -> Result<Vec<CaseId>, Usage> {
    let seeds = match name.seed {
        Some(seed) => seed..seed + 1,
        None => options.seed..options.seed + options.seeds,
    };
    seeds
        .map(|seed| {
            problem
                .resolve(&name.clone().with_seed(seed))
                .map_err(|error| Usage::new(error.to_string()))
        })
        .collect()
}

fn families(problem: &dyn AnyProblem, options: &PlanOptions) -> Result<Vec<CaseId>, Usage> {
    let known = problem.families();
    for family in &options.families {
        if !known.iter().any(|info| info.name == family) {
            let near = problems::suggestions(family, known.iter().map(|info| info.name));
            return Err(Usage::new(format!(
                "{} has no family `{family}`{near}",
                problem.name()
            )));
        }
    }
    let is_wanted = |name: &str| {
        options.families.is_empty() || options.families.iter().any(|family| family == name)
    };
    let wanted: Vec<_> = known
        .into_iter()
        .filter(|info| is_wanted(info.name))
        .collect();
    let primary = problem
        .schema()
        .map(problems::Schema::primary_name)
        .unwrap_or_default();
    let sizes = match options.set.integer(primary) {
        Some(size) => vec![size],
        None if options.quick => quick_sizes(problem.trial_sizes()),
        None => problem.trial_sizes(),
    };
    let settings = problem.settings();
    let mut cases = Vec::new();
    let mut refused: Option<CaseError> = None;
    for (row, size) in sizes.into_iter().enumerate() {
        for (column, info) in wanted.iter().enumerate() {
            let is_set = options.set.get(primary).is_some();
            let in_range = (info.least..=info.most).contains(&size);
            if !is_set && !in_range {
                continue;
            }
            for seed in options.seed..options.seed + options.seeds {
                // The settings in turn, so that each size and each family meets all of them; where a family does not take
                // one, the next.
                let turn = (0..settings.len()).map(|next| (row + column + next) % settings.len());
                let mut resolved = turn.map(|turn| {
                    let mut parameters = settings[turn].clone();
                    for (name, value) in options.set.iter() {
                        parameters.set(name, value.clone());
                    }
                    parameters.set(primary, size);
                    let name = CaseName::new(problem.name(), info.name, parameters);
                    problem.resolve(&name.with_seed(seed))
                });
                // A family that takes none of them with what is set is left out, unless that leaves none.
                cases.extend(
                    resolved.find_map(|case| case.map_err(|error| refused = Some(error)).ok()),
                );
            }
        }
    }
    match refused {
        Some(error) if cases.is_empty() => Err(Usage::new(error.to_string())),
        _ => Ok(cases),
    }
}

/// The first size, then every second one, and the last that is small enough.
fn quick_sizes(sizes: Vec<i64>) -> Vec<i64> {
    let small: Vec<i64> = sizes.into_iter().filter(|size| *size <= QUICK).collect();
    let last = small.len().saturating_sub(1);
    let kept = small
        .iter()
        .enumerate()
        .filter(|(index, _)| index % 2 == 0 || *index == last);
    kept.map(|(_, size)| *size).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem() -> &'static dyn AnyProblem {
        problems::find("kth_largest").unwrap().as_ref()
    }

    #[test]
    fn cases_go_from_the_smallest_up_over_every_family() {
        let cases = for_right(problem(), &[], &PlanOptions::default()).unwrap();
        let sizes: Vec<i64> = cases
            .iter()
            .filter_map(|case| case.parameters.integer("n"))
            .collect();
        assert!(sizes.is_sorted() && sizes[0] == 1);
        for info in problem().families() {
            assert!(
                cases.iter().any(|case| case.family == info.name),
                "{}",
                info.name
            );
        }
    }

    #[test]
    fn the_cases_that_catch_wrong_solutions_are_among_those_of_right_ones() {
        let shipped = crate::solution::shipped(&crate::language::Languages::built_in());
        let cases = for_right(problem(), &shipped, &PlanOptions::default()).unwrap();
        let bound = shipped.iter().find_map(|solution| {
            let is_ours = solution.problem.name() == "kth_largest";
            solution
                .expectation
                .as_ref()?
                .case
                .clone()
                .filter(|_| is_ours)
        });
        let bound = problem().resolve(&bound.unwrap()).unwrap();
        assert!(cases.contains(&bound));
    }

    #[test]
    fn quick_keeps_both_ends_and_every_second_size() {
        assert_eq!(
            quick_sizes(vec![1, 2, 3, 5, 10, 1000, 100_000]),
            [1, 3, 10, 1000]
        );
        assert_eq!(quick_sizes(vec![20_000]), [0_i64; 0]);
    }

    #[test]
    fn settings_and_families_narrow_the_cases_and_mistakes_are_named() {
        let set = PlanOptions {
            set: "n=50,k=2".parse().unwrap(),
            seeds: 3,
            ..PlanOptions::default()
        };
        let cases = for_right(problem(), &[], &set).unwrap();
        assert!(
            cases
                .iter()
                .all(|case| case.parameters.integer("k") == Some(2))
        );
        let unknown = PlanOptions {
            families: vec!["randon".to_owned()],
            ..PlanOptions::default()
        };
        assert!(
            for_right(problem(), &[], &unknown)
                .unwrap_err()
                .to_string()
                .contains("did you mean random")
        );
        let wrong = PlanOptions {
            set: "q=2".parse().unwrap(),
            ..PlanOptions::default()
        };
        assert!(
            for_right(problem(), &[], &wrong)
                .unwrap_err()
                .to_string()
                .contains("no parameter `q`")
        );
    }
}
