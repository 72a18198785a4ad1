//! `leaderboard.csv`: one row a problem, target, host and solution.

use std::path::Path;

use serde::Serialize;
use vocabulary::Target;

use super::column::{Column, Row, columns};
use super::error::RowError;
use super::file::{read_rows, text_of_rows, write_rows};

/// The place of a solution among those of its problem, target and host. Serialized, it has the names of the columns.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LeaderboardRow {
    /// The problem; several of an overall leaderboard, `;` between them.
    pub problem: String,
    /// Where the solutions ran.
    pub target: Target,
    /// The machine.
    pub host_id: String,
    /// The column of the measurements that the ratio is of.
    pub metric: String,
    /// The place, from 1; `None` if the solution is not ranked.
    pub rank: Option<u64>,
    /// Name of the solution.
    pub solution: String,
    /// Geometric mean of the ratio to the best, over the cases that all ranked solutions share.
    pub geomean_ratio: Option<f64>,
    /// Lower end of its 95% interval.
    pub ratio_low: Option<f64>,
    /// Upper end.
    pub ratio_high: Option<f64>,
    /// Cases that the ratio is over; of a solution without a rank, the cases on which it was measured.
    pub cases: u64,
    /// Cases on which it failed.
    pub failed: u64,
    /// Whether its interval ends below that of the next in rank. `None` for the last, and without a rank.
    pub separated_from_next: Option<bool>,
    /// Why it has no rank, and what of it is not believed.
    pub note: Option<String>,
}

impl Row for LeaderboardRow {
    const FILE: &'static str = "leaderboard.csv";

    fn blank() -> Self {
        LeaderboardRow {
            problem: String::new(),
            target: Target::Process,
            host_id: String::new(),
            metric: String::new(),
            rank: None,
            solution: String::new(),
            geomean_ratio: None,
            ratio_low: None,
            ratio_high: None,
            cases: 0,
            failed: 0,
            separated_from_next: None,
            note: None,
        }
    }

    fn columns() -> &'static [Column<Self>] {
        columns!(LeaderboardRow;
            own "problem" => problem,
            own "target" => target,
            own "host_id" => host_id,
            own "metric" => metric,
            own "rank" => rank,
            own "solution" => solution,
            own "geomean_ratio" => geomean_ratio,
            own "ratio_low" => ratio_low,
            own "ratio_high" => ratio_high,
            own "cases" => cases,
            own "failed" => failed,
            own "separated_from_next" => separated_from_next,
            own "note" => note,
        )
    }
}

/// Writes a `leaderboard.csv`, the whole file at once.
pub fn write_leaderboard(path: impl AsRef<Path>, rows: &[LeaderboardRow]) -> Result<(), RowError> {
    write_rows(path.as_ref(), rows)
}

/// The text of a `leaderboard.csv`.
pub fn leaderboard_csv(rows: &[LeaderboardRow]) -> String {
    text_of_rows(rows)
}

/// Reads a `leaderboard.csv`.
pub fn read_leaderboard(path: impl AsRef<Path>) -> Result<Vec<LeaderboardRow>, RowError> {
    read_rows(path.as_ref())
}
