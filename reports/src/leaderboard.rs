//! Leaderboards: who is how much slower than the best, per problem and target.
//!
//! The rules:
//!
//! 1. A case is compared under like conditions only: the same input on the same host, device and state of the caches. Rows
//!    of several hosts can be merged; no time of one host is ever divided by one of another.
//! 2. Of several rows of a solution under like conditions the latest run counts. Within a run a failure counts before
//!    a success.
//! 3. A solution that failed on any case is not ranked: its failures are counted, and never turned into ratios. The
//!    judge's own faults and skipped cases are nobody's failure, but nothing was measured there.
//! 4. The ratio to the best is taken over the cases that *all* ranked solutions share, so that nobody gains by the cases
//!    which he was not asked. A right solution with few cases (a slow one that met the time cap) would leave little to
//!    share: as long as less than half of all measured cases is shared, those with the fewest are set aside, unranked.
//! 5. Neighbours are separated only where their intervals do not overlap. That is cautious on purpose: a paired
//!    comparison of the two can tell more.

mod ranking;

use std::collections::BTreeMap;

use vocabulary::{Target, Verdict};

use crate::statistics::geometric::GeometricMean;
use crate::{LeaderboardRow, Measurement, Metric};

/// The solutions of a problem that ran on the same target, those with a rank first.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaderboard {
    /// The problem.
    pub problem: String,
    /// Where they ran.
    pub target: Target,
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

/// The leaderboards of all problems and targets in the rows, each by the metric of its target.
pub fn leaderboards(rows: &[Measurement]) -> Vec<Leaderboard> {
    let mut groups: BTreeMap<(&str, Target), Vec<&Measurement>> = BTreeMap::new();
    for row in rows {
        let group = groups.entry((&row.case.problem, row.target));
        group.or_default().push(row);
    }
    let boards = groups.into_iter().map(|((problem, target), rows)| {
        Leaderboard::of(problem, target, Metric::of_target(target), &rows)
    });
    boards.collect()
}

/// All standings as the rows of `leaderboard.csv`.
pub fn leaderboard_rows(boards: &[Leaderboard]) -> Vec<LeaderboardRow> {
    boards.iter().flat_map(Leaderboard::rows).collect()
}

impl Leaderboard {
    /// The leaderboard of one problem and target, by any metric. All rows must be theirs.
    pub fn of(problem: &str, target: Target, metric: Metric, rows: &[&Measurement]) -> Leaderboard {
        let (shared_cases, standings) = ranking::rank(rows, metric);
        Leaderboard {
            problem: problem.to_owned(),
            target,
            metric,
            shared_cases,
            standings,
        }
    }

    /// The standings as rows of `leaderboard.csv`.
    pub fn rows(&self) -> Vec<LeaderboardRow> {
        let row = |standing: &Standing| {
            let place = standing.place.as_ref().ok();
            let interval = place.and_then(|place| place.ratio.interval);
            LeaderboardRow {
                problem: self.problem.clone(),
                target: self.target,
                rank: place.map(|place| place.rank),
                solution: standing.solution.clone(),
                geomean_ratio: place.map(|place| place.ratio.mean),
                ratio_low: interval.map(|interval| interval.low),
                ratio_high: interval.map(|interval| interval.high),
                cases: place.map_or(standing.measured, |_| self.shared_cases),
                failed: standing.failed(),
                separated_from_next: place.and_then(|place| place.separated_from_next),
            }
        };
        self.standings.iter().map(row).collect()
    }
}

impl Standing {
    /// Cases on which it failed.
    pub fn failed(&self) -> u64 {
        self.failures.values().sum()
    }

    /// Why it has no rank, in words: `failed: 2 WA, 1 TLE`. `None` if it has one.
    pub fn reason(&self) -> Option<String> {
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
}
