//! What kernels counted, beside the times that a GPU took for the same case.

use std::collections::BTreeMap;

use vocabulary::{Kind, Target, Verdict, units};

use super::rows::{Row, short};

/// The kernels of a problem on the case with most work of those that all have; without one, each on its own.
pub(super) struct KernelTable<'a> {
    pub problem: &'a str,
    /// Names of the counters that any of the kernels has.
    pub columns: Vec<&'static str>,
    /// Whether any of them was timed.
    pub has_times: bool,
    pub lines: Vec<KernelLine<'a>>,
}

/// A kernel on a case.
pub(super) struct KernelLine<'a> {
    pub solution: &'a str,
    pub case: String,
    pub row: usize,
    /// One a column; empty where nothing was counted.
    pub counts: Vec<String>,
    /// One a device that timed the case.
    pub times: Vec<TimeLine<'a>>,
}

/// What a GPU took.
pub(super) struct TimeLine<'a> {
    pub row: usize,
    pub device: &'a str,
    pub cache_state: &'a str,
    pub time: String,
    pub bandwidth: String,
    pub roofline: String,
}

/// The counters, with their units.
const COLUMNS: [&str; 7] = [
    "Warp instructions",
    "Global sectors",
    "Shared wavefronts",
    "Bank conflicts",
    "Divergent branches",
    "Barriers",
    "Registers",
];

/// The rows of a kernel, by case.
type Cases<'a> = BTreeMap<String, Vec<Row<'a>>>;

/// One table a problem that has right kernels with figures.
pub(super) fn kernels<'a>(rows: &[Row<'a>]) -> Vec<KernelTable<'a>> {
    let mut problems: BTreeMap<&'a str, BTreeMap<&'a str, Cases<'a>>> = BTreeMap::new();
    let has_figures = |row: &&Row| {
        let is_right = row.of.kind == Kind::Kernel && row.of.verdict == Verdict::Accepted;
        is_right && work(std::slice::from_ref(*row)) > (None, None)
    };
    for row in rows.iter().filter(has_figures) {
        let kernels = problems.entry(&row.of.case.problem).or_default();
        let cases = kernels.entry(&row.of.solution).or_default();
        cases.entry(row.of.case.to_string()).or_default().push(*row);
    }
    let of_problem = |(problem, kernels): (&'a str, BTreeMap<&'a str, Cases<'a>>)| {
        let shared = shared(&kernels);
        let lines = kernels.iter().filter_map(|(solution, cases)| {
            let own = || cases.values().max_by_key(|rows| work(rows));
            let of_all = shared.as_ref().and_then(|case| cases.get(case));
            line(solution, of_all.or_else(own)?)
        });
        table(problem, lines.collect())
    };
    problems.into_iter().map(of_problem).collect()
}

/// A table without the columns in which nothing stands.
fn table<'a>(problem: &'a str, mut lines: Vec<KernelLine<'a>>) -> KernelTable<'a> {
    let is_filled: Vec<bool> = (0..COLUMNS.len())
        .map(|column| lines.iter().any(|line| !line.counts[column].is_empty()))
        .collect();
    let filled = || is_filled.iter().copied();
    for line in &mut lines {
        let mut kept = filled();
        line.counts.retain(|_| kept.next() == Some(true));
    }
    let columns = COLUMNS.iter().zip(filled());
    KernelTable {
        problem,
        columns: columns
            .filter(|(_, is_filled)| *is_filled)
            .map(|(name, _)| *name)
            .collect(),
        has_times: lines.iter().any(|line| !line.times.is_empty()),
        lines,
    }
}

/// The case with most work among those that all kernels have; `None` if there is none.
fn shared(kernels: &BTreeMap<&str, Cases>) -> Option<String> {
    let mut all = kernels.values();
    let cases = all.next()?.keys().filter(|case| {
        let mut others = kernels.values();
        others.all(|cases| cases.contains_key(*case))
    });
    let most = cases.max_by_key(|case| {
        let of_case = kernels.values().filter_map(|cases| cases.get(*case));
        of_case.map(|rows| work(rows)).max()
    });
    most.cloned()
}

/// The most that was timed, in nanoseconds, and counted, in warp instructions.
fn work(rows: &[Row]) -> (Option<u64>, Option<u64>) {
    let times = rows.iter().filter_map(|row| row.of.wall_ns_median);
    let counts = rows
        .iter()
        .filter_map(|row| row.of.kernel.warp_instructions);
    (times.max(), counts.max())
}

/// `None` where a kernel was neither counted nor timed.
fn line<'a>(solution: &'a str, rows: &[Row<'a>]) -> Option<KernelLine<'a>> {
    let counted = rows
        .iter()
        .rev()
        .find(|row| row.of.kernel.warp_instructions.is_some());
    let timed = rows.iter().filter(|row| row.of.wall_ns_median.is_some());
    let times: Vec<TimeLine> = timed
        .filter(|row| row.of.target == Target::Cuda)
        .map(|row| time(row))
        .collect();
    let row = counted
        .map(|row| row.number)
        .or(times.first().map(|time| time.row))?;
    let figures = counted.map(|row| &row.of.kernel);
    let count = |value: Option<u64>| value.map_or_else(String::new, units::count);
    let counts = figures.map_or_else(
        || vec![String::new(); COLUMNS.len()],
        |of| {
            [
                of.warp_instructions,
                of.global_sectors,
                of.shared_wavefronts,
                of.bank_conflicts,
                of.divergent_branches,
                of.barriers,
                of.registers,
            ]
            .map(count)
            .to_vec()
        },
    );
    Some(KernelLine {
        solution,
        case: short(&rows[0].of.case),
        row,
        counts,
        times,
    })
}

fn time<'a>(row: &Row<'a>) -> TimeLine<'a> {
    let of = row.of;
    let figure = |value: Option<u64>| value.map(|ns| units::duration(ns as f64));
    TimeLine {
        row: row.number,
        device: of.kernel.device.as_deref().unwrap_or_default(),
        cache_state: of.kernel.cache_state.as_deref().unwrap_or_default(),
        time: figure(of.wall_ns_median).unwrap_or_default(),
        bandwidth: of
            .bytes_per_second
            .map(|rate| format!("{:.0} GB/s", rate / 1e9))
            .unwrap_or_default(),
        roofline: of
            .roofline_fraction
            .map(|share| format!("{:.0}%", share * 100.0))
            .unwrap_or_default(),
    }
}
