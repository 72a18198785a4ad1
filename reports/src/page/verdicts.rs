//! Who was right, who was not, and the command that shows a failure again.

use std::collections::BTreeMap;

use vocabulary::{Target, Verdict};

use super::rows::{Row, short};

/// How a solution fared over all its rows.
pub(super) struct SolutionLine<'a> {
    pub host: &'a str,
    pub problem: &'a str,
    pub solution: &'a str,
    pub language: &'a str,
    pub target: Target,
    pub verdict: Verdict,
    pub expected: Verdict,
    pub is_expected: bool,
    pub cases: usize,
    pub held: usize,
    /// The row that decided.
    pub row: usize,
}

/// A row that is not accepted.
pub(super) struct FailureLine<'a> {
    pub row: usize,
    pub problem: &'a str,
    pub solution: &'a str,
    pub target: Target,
    pub case: String,
    pub verdict: Verdict,
    pub is_expected: bool,
    pub detail: &'a str,
    pub command: String,
}

/// Failures that are listed; the rest stands among the rows.
pub(super) const FAILURES: usize = 500;

/// One line a solution and target, those first that are not as expected.
pub(super) fn solutions<'a>(rows: &[Row<'a>]) -> Vec<SolutionLine<'a>> {
    type Key<'a> = (&'a str, &'a str, Target, &'a str);
    let mut groups: BTreeMap<Key, Vec<&Row<'a>>> = BTreeMap::new();
    for row in rows {
        let of = row.of;
        let key = (
            of.run.host_id.as_str(),
            of.case.problem.as_str(),
            of.target,
            of.solution.as_str(),
        );
        groups.entry(key).or_default().push(row);
    }
    let mut lines: Vec<SolutionLine> = groups.values().map(|rows| solution(rows)).collect();
    lines.sort_by_key(|line| line.is_expected);
    lines
}

/// The first failure is the verdict of all; without one it is accepted.
fn solution<'a>(rows: &[&Row<'a>]) -> SolutionLine<'a> {
    let failed = |row: &&&Row| row.of.verdict != Verdict::Accepted;
    let deciding = rows.iter().find(failed).unwrap_or(&rows[0]);
    let of = deciding.of;
    SolutionLine {
        host: &of.run.host_id,
        problem: &of.case.problem,
        solution: &of.solution,
        language: &of.language,
        target: of.target,
        verdict: of.verdict,
        expected: of.wanted(),
        is_expected: of.verdict == of.wanted(),
        cases: rows.len(),
        held: rows.len() - rows.iter().filter(failed).count(),
        row: deciding.number,
    }
}

/// All rows that are not accepted, those first that nobody expected.
pub(super) fn failures<'a>(rows: &[Row<'a>]) -> Vec<FailureLine<'a>> {
    let failed = rows
        .iter()
        .filter(|row| row.of.verdict != Verdict::Accepted);
    let mut lines: Vec<FailureLine> = failed
        .map(|row| FailureLine {
            row: row.number,
            problem: &row.of.case.problem,
            solution: &row.of.solution,
            target: row.of.target,
            case: short(&row.of.case),
            verdict: row.of.verdict,
            is_expected: row.of.verdict == row.of.wanted(),
            detail: row.of.detail.as_deref().unwrap_or_default(),
            command: command(row),
        })
        .collect();
    lines.sort_by_key(|line| line.is_expected);
    lines
}

/// The command that runs a case again. The rows know a file's name and not its folder; only what is shipped has a verdict that
/// it is expected to get, and is known by its problem.
fn command(row: &Row) -> String {
    let (problem, solution, case) = (&row.of.case.problem, &row.of.solution, &row.of.case);
    let words = match row.of.expected {
        Some(_) => format!("'{problem}/{solution}'"),
        None => format!("{problem} '{solution}'"),
    };
    format!(
        "judge run {words} --target {} --case '{case}'",
        row.of.target
    )
}
