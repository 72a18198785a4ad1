//! The rows of the CSVs: the schema, in one place.
//!
//! A row is a struct in memory and a line of cells on the wire; the table of columns beside each struct is the only
//! place where one becomes the other, in both directions. The rules of every file:
//!
//! - one header, a stable order; integers in nanoseconds or bytes with the unit in the name;
//! - an empty cell was not measured, and is `None` in memory: never 0;
//! - what follows from the case (problem, family, seed, one `p_` column a parameter) is written for spreadsheets. The
//!   reader takes `case`, and refuses a line whose cells contradict it;
//! - readers find columns by name: another order and further columns are welcome, and a column that may be empty may
//!   be absent.

mod cell;
mod column;
mod curve;
mod error;
mod file;
mod history;
mod leaderboard;
mod measurement;
mod sample;

pub use curve::{CurveRow, read_curves, write_curves};
pub use error::RowError;
pub use history::{HistoryRow, read_history, write_history};
pub use leaderboard::{LeaderboardRow, leaderboard_csv, read_leaderboard, write_leaderboard};
pub use measurement::{KernelFigures, Measurement, MeasurementWriter, read_measurements};
pub use sample::{Sample, SampleWriter, read_samples};

/// Version of the schema of `measurements.csv`. It rises when the meaning of a column changes, not when one is added.
pub const SCHEMA_VERSION: u32 = 1;

/// What all rows of a run share; `environment.json` says the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct RunInfo {
    /// Name of the run, different for every run.
    pub run_id: String,
    /// When the run began: RFC 3339, UTC.
    pub utc: String,
    /// Digest of the machine's facts: the same machine has the same one, and nobody's name is in it.
    pub host_id: String,
    /// Revision of the repository that was run from, if it was one.
    pub git_rev: Option<String>,
}
