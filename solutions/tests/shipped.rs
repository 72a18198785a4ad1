//! What holds for everything that is shipped.

use vocabulary::{CaseName, Parameters, Verdict};

#[test]
fn every_right_function_is_right_on_every_family() {
    for function in solutions::functions() {
        let problem = problems::find(function.problem).expect("its problem");
        if function.expectation.verdict != Verdict::Accepted {
            continue;
        }
        for family in problem.families() {
            let sizes = problem.trial_sizes();
            for size in sizes
                .into_iter()
                .filter(|size| (family.least..=family.most).contains(size))
            {
                let name = CaseName {
                    primary: Some(size),
                    ..CaseName::new(function.problem, family.name, Parameters::new())
                };
                let case = problem.case(&problem.resolve(&name).unwrap()).unwrap();
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
