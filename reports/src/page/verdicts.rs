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
    pub wanted: Verdict,
    pub detail: &'a str,
    pub command: String,
}

/// The rows that are not accepted, so many of them at most.
pub(super) struct Failures<'a> {
    /// Those that somebody expected, or nobody did.
    pub lines: Vec<FailureLine<'a>>,
    /// How many more stand among the rows.
    pub left_out: usize,
}

/// Failures that are listed.
const LISTED: usize = 400;

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

impl<'a> Failures<'a> {
    /// The failures that were expected, or those that were not.
    pub(super) fn of(rows: &[Row<'a>], expected: bool) -> Self {
        let failed = rows.iter().filter(|row| {
            row.of.verdict != Verdict::Accepted && (row.of.verdict == row.of.wanted()) == expected
        });
        let count = failed.clone().count();
        let lines: Vec<FailureLine> = failed.take(LISTED).map(failure).collect();
        Failures {
            left_out: count - lines.len(),
            lines,
        }
    }

    pub(super) fn count(&self) -> usize {
        self.lines.len() + self.left_out
    }
}

fn failure<'a>(row: &Row<'a>) -> FailureLine<'a> {
    FailureLine {
        row: row.number,
        problem: &row.of.case.problem,
        solution: &row.of.solution,
        target: row.of.target,
        case: short(&row.of.case),
        verdict: row.of.verdict,
        wanted: row.of.wanted(),
        detail: row.of.detail.as_deref().unwrap_or_default(),
        command: command(row),
    }
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
