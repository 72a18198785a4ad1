//! What holds for every problem: the catalogue makes a module of these tests for each.

use vocabulary::{Arrays, CaseId, CaseName};

use crate::{AnyProblem, Problem, Record, Typed};

/// Makes the tests of one problem.
macro_rules! hold {
    ($module:ident, $type:ty) => {
        mod $module {
            use crate::contract_tests as tests;

            #[test]
            fn every_family_keeps_its_promise_and_the_schema() {
                tests::every_family_keeps_its_promise_and_the_schema::<$type>();
            }

            #[test]
            fn the_references_agree_and_pass_the_check() {
                tests::the_references_agree_and_pass_the_check::<$type>();
            }

            #[test]
            fn text_and_array_forms_bring_every_case_back() {
                tests::text_and_array_forms_bring_every_case_back::<$type>();
            }

            #[test]
            fn the_samples_of_the_statement_are_right() {
                tests::the_samples_of_the_statement_are_right::<$type>();
            }

            #[test]
            fn the_axes_name_families_and_parameters_that_exist() {
                tests::the_axes_name_families_and_parameters_that_exist::<$type>();
            }
        }
    };
}
pub(crate) use hold;

/// Cases of every family: every trial size up to a bound, several seeds. A family that begins above the bound is tried
/// where it begins.
fn cases<P: Problem>(problem: &Typed<P>, most: i64, seeds: u64) -> Vec<CaseId> {
    let mut cases = Vec::new();
    for info in problem.families() {
        let mut sizes: Vec<i64> = P::trial_sizes();
        // The ends of the family's own range, and one size inside whatever that is.
        sizes.extend([info.least, info.most, info.least.saturating_add(1)]);
        let most = info.most.min(most.max(info.least));
        sizes.retain(|size| (info.least.max(1)..=most).contains(size));
        sizes.sort_unstable();
        sizes.dedup();
        assert!(
            !sizes.is_empty(),
            "{}/{} has no size up to {most}",
            problem.name(),
            info.name
        );
        for size in sizes {
            for seed in 0..seeds {
                cases.push(case(problem, info.name, Some(size), seed));
            }
        }
    }
    cases
}

fn case<P: Problem>(problem: &Typed<P>, family: &str, primary: Option<i64>, seed: u64) -> CaseId {
    let name = CaseName {
        primary,
        ..CaseName::new(problem.name(), family, Default::default()).with_seed(seed)
    };
    problem
        .resolve(&name)
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

pub(crate) fn every_family_keeps_its_promise_and_the_schema<P: Problem>() {
    let problem = Typed::<P>::new();
    for case in cases(&problem, 1000, 40)
        .into_iter()
        .chain(cases(&problem, 100_000, 1))
    {
        let input = problem.generate(&case).unwrap();
        assert!(
            problem.keeps_promise(&case, &input),
            "{case} breaks its family's promise"
        );
        let mut arrays = Arrays::new();
        input.store(&mut arrays);
        let schema = problem.schema().unwrap();
        schema.complete(&mut arrays);
        schema
            .validate(&arrays)
            .unwrap_or_else(|error| panic!("{case}: {error}"));
    }
}

pub(crate) fn the_references_agree_and_pass_the_check<P: Problem>() {
    let problem = Typed::<P>::new();
    for case in cases(&problem, 1000, 5) {
        let input = problem.generate(&case).unwrap();
        let answer = P::answer(&input);
        let primary = case
            .parameters
            .integer(problem.schema().unwrap().primary_name());
        for reference in P::references() {
            if primary.is_some_and(|size| size > reference.most) {
                continue;
            }
            let output = (reference.solve)(&input);
            let checked = P::check(&input, &answer, &output);
            assert!(
                checked.is_ok(),
                "{case}: reference {}: {}",
                reference.name,
                checked.unwrap_err()
            );
        }
    }
}

pub(crate) fn text_and_array_forms_bring_every_case_back<P: Problem>() {
    let problem = Typed::<P>::new();
    for id in cases(&problem, 1000, 2) {
        let case = problem.case(&id).unwrap();
        let text = case.input_text();
        let again = problem
            .case_of_text(id.clone(), &text)
            .unwrap_or_else(|error| panic!("{id}: {error}"));
        assert_eq!(again.input_arrays(), case.input_arrays(), "{id}");
        assert_eq!(again.input_text(), text, "{id}");
        let expected = case.expected_text();
        let checked = case.check_text(&expected);
        assert!(checked.is_ok(), "{id}: {}", checked.unwrap_err());
        let mut more = expected;
        more.extend_from_slice(b" 1x");
        assert!(
            case.check_text(&more).is_err(),
            "{id}: an output that goes on is accepted"
        );
    }
}

pub(crate) fn the_samples_of_the_statement_are_right<P: Problem>() {
    let problem = Typed::<P>::new();
    let family = problem.families()[0];
    let size = problem
        .trial_sizes()
        .into_iter()
        .find(|size| *size >= family.least);
    let id = case(&problem, family.name, size, 0);
    let samples = problem.samples();
    assert!(!samples.is_empty(), "a statement has a worked sample");
    for sample in samples {
        let case = problem.case_of_text(id.clone(), sample.input.as_bytes());
        let case = case.unwrap_or_else(|error| panic!("the sample input: {error}"));
        let checked = case.check_text(sample.output.as_bytes());
        assert!(
            checked.is_ok(),
            "the sample output: {}",
            checked.unwrap_err()
        );
    }
    let statement = problem.statement();
    assert!(statement.contains("## Input") && statement.contains("## Output"));
}

pub(crate) fn the_axes_name_families_and_parameters_that_exist<P: Problem>() {
    let problem = Typed::<P>::new();
    assert!(!P::axes().is_empty());
    for axis in P::axes() {
        for family in axis.families {
            for value in [axis.from, axis.to] {
                let fixed: vocabulary::Parameters = axis.fixed.parse().unwrap();
                let parameters = fixed.with(axis.parameter, value);
                let name = CaseName::new(problem.name(), family, parameters);
                let resolved = problem.resolve(&name);
                assert!(resolved.is_ok(), "{name}: {}", resolved.unwrap_err());
            }
        }
    }
}
