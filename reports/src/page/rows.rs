//! The rows themselves: where every figure of the page leads to.

use vocabulary::{CaseId, Target, Verdict, units};

use super::Source;
use crate::{Measurement, Metric};

/// A row with its place on the page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a> {
    /// From 0; the row's anchor is `r<number>`.
    pub number: usize,
    /// Which of the sources it is of.
    pub source: usize,
    /// The row.
    pub of: &'a Measurement,
}

/// The rows of a problem, as a table.
pub(super) struct RowTable<'a> {
    pub problem: &'a str,
    pub lines: Vec<Line<'a>>,
}

/// A row as it is shown.
pub(super) struct Line<'a> {
    pub number: usize,
    pub host: &'a str,
    pub solution: &'a str,
    pub target: Target,
    pub case: String,
    pub verdict: Verdict,
    pub is_expected: bool,
    pub least: String,
    pub median: String,
    pub spread: String,
    pub rounds: String,
    pub instructions: String,
    pub memory: String,
}

/// All rows of all sources, numbered by problem, solution and target, and otherwise in the order of their files.
pub(super) fn gather(sources: &[Source]) -> Vec<Row<'_>> {
    let all = sources.iter().enumerate();
    let mut rows: Vec<Row> = all
        .flat_map(|(source, of)| of.rows.iter().map(move |of| (source, of)))
        .map(|(source, of)| Row {
            number: 0,
            source,
            of,
        })
        .collect();
    rows.sort_by(|a, b| {
        let key = |row: &Row| {
            let row = row.of;
            (
                row.case.problem.as_str().to_owned(),
                row.target,
                row.solution.clone(),
            )
        };
        key(a).cmp(&key(b))
    });
    for (number, row) in rows.iter_mut().enumerate() {
        row.number = number;
    }
    rows
}

/// A case without its problem, which stands above the table.
pub(super) fn short(case: &CaseId) -> String {
    let name = case.to_string();
    match name.split_once('/') {
        Some((_, rest)) => rest.to_owned(),
        None => name,
    }
}

/// One table a problem.
pub(super) fn tables<'a>(rows: &[Row<'a>]) -> Vec<RowTable<'a>> {
    let problems = rows.chunk_by(|a, b| a.of.case.problem == b.of.case.problem);
    problems
        .map(|rows| RowTable {
            problem: &rows[0].of.case.problem,
            lines: rows.iter().map(line).collect(),
        })
        .collect()
}

fn line<'a>(row: &Row<'a>) -> Line<'a> {
    let of = row.of;
    // A GPU has no CPU time.
    let [least, median, spread] = match Metric::of_target(of.target) {
        Metric::WallMedian => [of.wall_ns_min, of.wall_ns_median, of.wall_ns_mad],
        _ => [of.cpu_ns_min, of.cpu_ns_median, of.cpu_ns_mad],
    };
    let time = |value: Option<u64>| value.map_or_else(String::new, |ns| units::duration(ns as f64));
    let count = |value: Option<u64>| value.map_or_else(String::new, units::count);
    Line {
        number: row.number,
        host: &of.run.host_id,
        solution: &of.solution,
        target: of.target,
        case: short(&of.case),
        verdict: of.verdict,
        is_expected: of.verdict == of.wanted(),
        least: time(least),
        median: time(median),
        spread: time(spread),
        rounds: count(of.rounds),
        instructions: count(of.instructions.or(of.kernel.warp_instructions)),
        memory: of
            .peak_memory_bytes
            .map_or_else(String::new, |bytes| units::bytes(bytes as f64)),
    }
}
