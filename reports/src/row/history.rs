//! A file of the history: one row a case of a run, small enough to be committed.

use std::path::Path;

use vocabulary::{CaseId, Target};

use super::column::{Column, Row, columns};
use super::error::RowError;
use super::file::{read_rows, write_rows};
use super::measurement::no_case;

/// What is kept of a solution on a case in one run.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryRow {
    /// When the run began: RFC 3339, UTC.
    pub utc: String,
    /// The revision that was measured.
    pub revision: String,
    /// The machine.
    pub host_id: String,
    /// The run.
    pub run_id: String,
    /// Name of the solution.
    pub solution: String,
    /// Where it ran.
    pub target: Target,
    /// The input.
    pub case: CaseId,
    /// State of a device's caches.
    pub cache_state: Option<String>,
    /// The column of the measurements that `median` is of.
    pub metric: String,
    /// The figure: nanoseconds, or a count. `None` where only instructions were counted.
    pub median: Option<f64>,
    /// Lower end of its 95% interval, as far as the noise within the run goes.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// Instructions executed.
    pub instructions: Option<u64>,
    /// What counted them.
    pub instruction_tier: Option<String>,
}

impl Row for HistoryRow {
    const FILE: &'static str = "file of the history";

    fn blank() -> Self {
        HistoryRow {
            utc: String::new(),
            revision: String::new(),
            host_id: String::new(),
            run_id: String::new(),
            solution: String::new(),
            target: Target::Process,
            case: no_case(),
            cache_state: None,
            metric: String::new(),
            median: None,
            low: None,
            high: None,
            instructions: None,
            instruction_tier: None,
        }
    }

    fn columns() -> &'static [Column<Self>] {
        columns!(HistoryRow;
            version "schema_version",
            own "utc" => utc,
            own "revision" => revision,
            own "host_id" => host_id,
            own "run_id" => run_id,
            own "solution" => solution,
            own "target" => target,
            own "case" => case,
            own "cache_state" => cache_state,
            own "metric" => metric,
            own "median" => median,
            own "low" => low,
            own "high" => high,
            own "instructions" => instructions,
            own "instruction_tier" => instruction_tier,
        )
    }
}

/// Writes a file of the history, the whole file at once.
pub fn write_history(path: impl AsRef<Path>, rows: &[HistoryRow]) -> Result<(), RowError> {
    write_rows(path.as_ref(), rows)
}

/// Reads a file of the history.
pub fn read_history(path: impl AsRef<Path>) -> Result<Vec<HistoryRow>, RowError> {
    read_rows(path.as_ref())
}
