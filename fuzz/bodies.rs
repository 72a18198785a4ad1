//! What each fuzz target does with its bytes, and what must hold whatever they are. The targets of this folder call
//! these functions, and so does `problems/tests/corpus.rs`, which replays the committed corpus in `cargo test`.

use vocabulary::{CaseId, CaseName, Expectation, Expression, Growth, Parameters};

/// A target: its name, which is also that of its corpus, and its body.
pub(crate) type Target = (&'static str, fn(&[u8]));

/// Every target.
pub(crate) const TARGETS: [Target; 6] = [
    ("case_name", case_name),
    ("growth", growth),
    ("expression", expression),
    ("expectation", expectation),
    ("input", input),
    ("output", output),
];

fn text(data: &[u8]) -> &str {
    std::str::from_utf8(data).unwrap_or_default()
}

/// A case name that is read is printed so that it reads back the same, and its problem may refuse it, but not panic.
pub(crate) fn case_name(data: &[u8]) {
    let Ok(name) = text(data).parse::<CaseName>() else {
        return;
    };
    assert_eq!(name.to_string().parse(), Ok(name.clone()));
    if let Ok(id) = text(data).parse::<CaseId>() {
        assert_eq!(id.to_string().parse(), Ok(id));
    }
    if let Some(problem) = problems::find(&name.problem)
        && let Ok(whole) = problem.resolve(&name)
    {
        assert_eq!(problem.resolve(&whole.clone().into()), Ok(whole));
    }
}

/// A growth that is read is printed so that it reads back the same, and has a value wherever its parameters have.
pub(crate) fn growth(data: &[u8]) {
    let Ok(growth) = text(data).parse::<Growth>() else {
        return;
    };
    assert_eq!(growth.to_string().parse(), Ok(growth.clone()));
    let mut at = Parameters::new();
    for name in growth.parameters() {
        at.set(name, 1000);
    }
    assert!(growth.evaluate(&at).is_some());
}

/// An expression that is read has a value, or says why it has none.
pub(crate) fn expression(data: &[u8]) {
    let Ok(expression) = text(data).parse::<Expression>() else {
        return;
    };
    assert_eq!(expression.to_string().parse(), Ok(expression.clone()));
    for value in [0, 1, -1, i64::MIN, i64::MAX] {
        let _ = expression.evaluate(&|name| (name != "unknown").then_some(value));
    }
}

/// The top of a source has an expectation, none, or a fault on one of its lines.
pub(crate) fn expectation(data: &[u8]) {
    let source = text(data);
    if let Err(error) = Expectation::find(source) {
        assert!((1..=source.lines().count()).contains(&error.line));
    }
}

/// A line that names a problem, then a text: an input that is read is written so that it reads back the same.
pub(crate) fn input(data: &[u8]) {
    let Some((name, input)) = first_line(data) else {
        return;
    };
    let Some(problem) = problems::find(name) else {
        return;
    };
    let id: CaseId = "foreign/input#0".parse().expect("a case name");
    let Ok(case) = problem.case_of_text(id.clone(), input) else {
        return;
    };
    let written = case.input_text();
    let again = problem.case_of_text(id, &written);
    let again = again.expect("what was written reads back");
    assert_eq!(again.input_arrays(), case.input_arrays());
}

/// A line that names a small case, then a text: it is accepted or refused as an output.
pub(crate) fn output(data: &[u8]) {
    let Some((name, output)) = first_line(data) else {
        return;
    };
    let Ok(name) = name.parse::<CaseName>() else {
        return;
    };
    let Some(problem) = problems::find(&name.problem) else {
        return;
    };
    let Ok(id) = problem.resolve(&name) else {
        return;
    };
    // Small, so that it is the output that is tried, and not the generator.
    let is_small = |(_, value): (&str, &vocabulary::Value)| match value {
        vocabulary::Value::Integer(value) => *value <= 10_000,
        vocabulary::Value::Word(_) => true,
    };
    if id.parameters.iter().all(is_small)
        && let Ok(case) = problem.case(&id)
    {
        let _ = case.check_text(output);
    }
}

fn first_line(data: &[u8]) -> Option<(&str, &[u8])> {
    let end = data.iter().position(|byte| *byte == b'\n')?;
    Some((text(&data[..end]), &data[end + 1..]))
}
