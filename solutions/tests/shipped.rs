//! What holds for everything that is shipped.

use vocabulary::{CaseName, Verdict};

#[test]
fn every_right_function_is_right_on_every_family() {
    for function in solutions::functions() {
        let problem = problems::find(function.problem).expect("its problem");
        if function.expectation.verdict != Verdict::Accepted {
            continue;
        }
        for family in problem.families() {
            let mut sizes = problem.trial_sizes();
            sizes.retain(|size| (family.least..=family.most).contains(size));
            let settings = problem.settings();
            for (turn, size) in sizes.into_iter().enumerate() {
                // Each size has the next setting that the family takes.
                let resolved = (turn..turn + settings.len()).find_map(|turn| {
                    let parameters = settings[turn % settings.len()].clone();
                    let name = CaseName {
                        primary: Some(size),
                        ..CaseName::new(function.problem, family.name, parameters)
                    };
                    problem.resolve(&name).ok()
                });
                let case = problem
                    .case(&resolved.expect("a case of the family"))
                    .unwrap();
                let mut output = case.prepare();
                function.call(case.input(), output.as_mut());
                let checked = case.check(output.as_ref());
                assert!(
                    checked.is_ok(),
                    "{}: {}: {}",
                    function.name,
                    case.id(),
                    checked.unwrap_err()
                );
            }
        }
    }
}

#[test]
fn every_case_that_an_expectation_names_exists() {
    let functions = solutions::functions();
    let programs = solutions::programs();
    let expectations = functions
        .iter()
        .map(|function| (function.problem, function.name, &function.expectation))
        .chain(
            programs
                .iter()
                .map(|program| (program.problem, program.name, &program.expectation)),
        );
    for (problem, name, expectation) in expectations {
        let problem = problems::find(problem).unwrap_or_else(|| panic!("no problem {problem}"));
        if let Some(case) = &expectation.case {
            assert_eq!(
                case.problem,
                problem.name(),
                "{name} is bound to a case of another problem"
            );
            let resolved = problem.resolve(case);
            assert!(resolved.is_ok(), "{name}: {}", resolved.unwrap_err());
        }
    }
}
