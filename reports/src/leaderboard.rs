//! Leaderboards: who is how much slower than the best, per problem and target.
//!
//! The rules:
//!
//! 1. A case is compared under like conditions only: the same input on the same device, in the same state of the caches.
//!    Rows of several hosts can be merged: each host has leaderboards of its own.
//! 2. Of several rows of a solution under like conditions the latest run counts. Within a run a failure counts before
//!    a success.
//! 3. A solution that failed on any case is not ranked: its failures are counted, and never turned into ratios. The
//!    judge's own faults and skipped cases are nobody's failure, but nothing was measured there.
//! 4. The ratio to the best is taken over the cases that *all* ranked solutions share, so that nobody gains by the cases
//!    which he was not asked. A right solution with few cases (a slow one that met the time cap) would leave little to
//!    share: as long as less than half of all measured cases is shared, those with the fewest are set aside, unranked.
//! 5. A row that claims to be faster than its bytes allow is set aside with the reason (`belief.rs`): it is neither a figure
//!    nor a failure.
//! 6. What is wrong or slow by design stands in no leaderboard.
//! 7. The overall leaderboard of a target is by the same rules, over the cases of all problems, for those that answer more
//!    than one problem under one name.
//! 8. Neighbours are separated only where their intervals do not overlap. That is cautious on purpose: a paired
//!    comparison of the two can tell more.

mod belief;
mod ranking;

use std::collections::{BTreeMap, BTreeSet};

use vocabulary::{Target, Verdict};

use crate::statistics::geometric::GeometricMean;
use crate::{LeaderboardRow, Measurement, Metric};

/// The solutions of a problem that ran on the same target of the same host, those with a rank first.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaderboard {
    /// The problem; several, in order, of an overall leaderboard.
    pub problems: Vec<String>,
    /// Where they ran.
    pub target: Target,
    /// The machine.
    pub host_id: String,
    /// What they are ranked by.
    pub metric: Metric,
    /// Cases that all ranked solutions share.
    pub shared_cases: u64,
    /// The ranked by rank, then the others by name.
    pub standings: Vec<Standing>,
}

/// Where a solution stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Name of the solution.
    pub solution: String,
    /// Cases on which it was right and measured.
    pub measured: u64,
    /// Cases on which it failed, by verdict.
    pub failures: BTreeMap<Verdict, u64>,
    /// Cases whose figure is not believed, by the reason.
    pub set_aside: BTreeMap<String, u64>,
    /// Its place, or why it has none.
    pub place: Result<Place, Unranked>,
}

/// The place of a ranked solution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// From 1.
    pub rank: u64,
    /// Geometric mean of the ratio to the best, never below 1, and its interval, which does not reach below 1 either.
    pub ratio: GeometricMean,
    /// Whether its interval ends below that of the next; `None` for the last.
    pub separated_from_next: Option<bool>,
}

/// Why a solution has no rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unranked {
    /// It failed on a case.
    #[error("failed")]
    Failed,
    /// It never failed, and nothing was measured.
    #[error("not measured")]
    NotMeasured,
    /// It was measured on too few of the cases.
    #[error("measured on {measured} of {cases} cases")]
    TooFewCases {
        /// Cases on which it was measured.
        measured: u64,
        /// Cases on which any right solution was.
        cases: u64,
    },
}

/// The leaderboards of all problems, targets and hosts in the rows, the overall ones last. Each is by a metric of its target:
/// [`Metric::of_target`], unless somebody wants to know something else.
pub fn leaderboards<'a>(
    rows: impl IntoIterator<Item = &'a Measurement>,
    metric: impl Fn(Target) -> Metric,
) -> Vec<Leaderboard> {
    let mut of_problems: BTreeMap<(&str, Target, &str), Vec<&Measurement>> = BTreeMap::new();
    let mut of_targets: BTreeMap<(Target, &str), Vec<&Measurement>> = BTreeMap::new();
    let is_meant_to_be_right = |row: &&Measurement| row.wanted() == Verdict::Accepted;
    for row in rows.into_iter().filter(is_meant_to_be_right) {
        let (target, host) = (row.target, row.run.host_id.as_str());
        let of_problem = of_problems.entry((&row.case.problem, target, host));
        of_problem.or_default().push(row);
        of_targets.entry((target, host)).or_default().push(row);
    }
    let board = |target, host: &str, rows: &[&Measurement]| {
        let metric = metric(target);
        let (shared_cases, standings) = ranking::rank(rows, metric);
        let problems: BTreeSet<&str> = rows.iter().map(|row| row.case.problem.as_str()).collect();
        Leaderboard {
            problems: problems.into_iter().map(str::to_owned).collect(),
            target,
            host_id: host.to_owned(),
            metric,
            shared_cases,
            standings,
        }
    };
    let single = of_problems
        .iter()
        .map(|((_, target, host), rows)| board(*target, host, rows));
    let overall = of_targets.iter().filter_map(|((target, host), rows)| {
        let rows = of_several_problems(rows);
        let solutions: BTreeSet<&str> = rows.iter().map(|row| row.solution.as_str()).collect();
        (solutions.len() > 1).then(|| board(*target, host, &rows))
    });
    single.chain(overall).collect()
}

/// The rows of the solutions that answer more than one problem.
fn of_several_problems<'a>(rows: &[&'a Measurement]) -> Vec<&'a Measurement> {
    let mut problems: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in rows {
        let answered = problems.entry(&row.solution).or_default();
        answered.insert(&row.case.problem);
    }
    let rows = rows.iter().copied();
    rows.filter(|row| problems[row.solution.as_str()].len() > 1)
        .collect()
}

/// All standings as the rows of `leaderboard.csv`.
pub fn leaderboard_rows(boards: &[Leaderboard]) -> Vec<LeaderboardRow> {
    boards.iter().flat_map(Leaderboard::rows).collect()
}

impl Leaderboard {
    /// What it is of: the problem, or `a and b together`, `5 problems together`.
    pub fn title(&self) -> String {
        match self.problems.as_slice() {
            [only] => only.clone(),
            [one, other] => format!("{one} and {other} together"),
            many => format!("{} problems together", many.len()),
        }
    }

    /// The standings as rows of `leaderboard.csv`.
    pub fn rows(&self) -> Vec<LeaderboardRow> {
        let row = |standing: &Standing| {
            let place = standing.place.as_ref().ok();
            let interval = place.and_then(|place| place.ratio.interval);
            LeaderboardRow {
                problem: self.problems.join(";"),
                target: self.target,
                host_id: self.host_id.clone(),
                metric: self.metric.column().to_owned(),
                rank: place.map(|place| place.rank),
                solution: standing.solution.clone(),
                geomean_ratio: place.map(|place| place.ratio.mean),
                ratio_low: interval.map(|interval| interval.low),
                ratio_high: interval.map(|interval| interval.high),
                cases: place.map_or(standing.measured, |_| self.shared_cases),
                failed: standing.failed(),
                separated_from_next: place.and_then(|place| place.separated_from_next),
                note: standing.note(),
            }
        };
        self.standings.iter().map(row).collect()
    }

    /// The ranked neighbours whose intervals overlap.
    pub fn not_separated(&self) -> Vec<(&str, &str)> {
        let pairs = self.standings.windows(2).filter_map(|pair| {
            let place = pair[0].place.as_ref().ok()?;
            let names = (pair[0].solution.as_str(), pair[1].solution.as_str());
            (place.separated_from_next == Some(false)).then_some(names)
        });
        pairs.collect()
    }
}

impl Standing {
    /// Cases on which it failed.
    pub fn failed(&self) -> u64 {
        self.failures.values().sum()
    }

    /// Why it has no rank, in words: `failed: 2 WA, 1 TLE`. `None` if it has one.
    fn reason(&self) -> Option<String> {
        let reason = self.place.as_ref().err()?;
        let failures = self.failures.iter();
        let failures: Vec<String> = failures
            .map(|(verdict, count)| format!("{count} {verdict}"))
            .collect();
        match reason {
            Unranked::Failed => Some(format!("{reason}: {}", failures.join(", "))),
            other => Some(other.to_string()),
        }
    }

    /// What is to be said beside its figures: why it has no rank, and what of it is not believed. `None` if there is nothing.
    pub fn note(&self) -> Option<String> {
        let set_aside = self.set_aside.iter().map(|(reason, count)| {
            let rows = if *count == 1 { "row" } else { "rows" };
            format!("{count} {rows} set aside: {reason}")
        });
        let parts: Vec<String> = self.reason().into_iter().chain(set_aside).collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}
