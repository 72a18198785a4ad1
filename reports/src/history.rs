//! The history: what runs found, revision after revision, in a folder of small CSVs that a repository can commit.
//!
//! ```text
//! measurements.csv --kept--> history/<run>.csv          one file a run, so that two branches never touch the same one
//! history/*.csv --by host, solution, case, metric--> Trend --levels--> Step
//! ```
//!
//! A revision is one point, the median of its runs: two runs of one evening share whatever the machine was up to. Revisions stand in
//! the order in which they were first measured. Hosts are never mixed, and neither are counts of different counters.

mod step;
mod trend;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use vocabulary::Verdict;

pub use step::{Step, Terms, steps};
pub use trend::{Trend, TrendPoint, trends};

use crate::comparison::unpaired::Summary;
use crate::row::{read_history, write_history};
use crate::statistics::Interval;
use crate::{HistoryRow, Measurement, Metric, RowError};

/// Why a run cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// A file cannot be read or written.
    #[error(transparent)]
    Rows(#[from] RowError),
    /// The folder cannot be made or listed.
    #[error("{}: {source}; name another folder with --history", .folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Rows say no revision, and nobody else does.
    #[error(
        "the run {run} says no revision, as it was not made in a repository: name one with --revision"
    )]
    NoRevision {
        /// The run.
        run: String,
    },
    /// The name of a run is no name of a file.
    #[error("`{run}` is no name of a run: letters, digits, `-`, `_` and `.` make one")]
    Run {
        /// The name.
        run: String,
    },
}

/// What is worth keeping of some rows: right ones with a figure, the last of each case and run.
pub fn kept(rows: &[Measurement], revision: Option<&str>) -> Result<Vec<HistoryRow>, HistoryError> {
    type Key<'a> = (&'a str, String, String, Option<&'a str>, vocabulary::Target);
    let mut last: BTreeMap<Key, HistoryRow> = BTreeMap::new();
    for row in rows {
        let metric = Metric::of_target(row.target);
        let has_figure = metric.of(row).is_some() || row.instructions.is_some();
        if row.verdict != Verdict::Accepted || row.wanted() != Verdict::Accepted || !has_figure {
            continue;
        }
        let cache_state = row.kernel.cache_state.as_deref();
        let key = (
            row.run.run_id.as_str(),
            row.case.to_string(),
            row.solution.clone(),
            cache_state,
            row.target,
        );
        let revision = revision.or(row.run.git_rev.as_deref());
        let revision = revision.ok_or_else(|| HistoryError::NoRevision {
            run: row.run.run_id.clone(),
        })?;
        let interval = interval(row, metric);
        let kept = HistoryRow {
            utc: row.run.utc.clone(),
            revision: revision.to_owned(),
            host_id: row.run.host_id.clone(),
            run_id: row.run.run_id.clone(),
            solution: row.solution.clone(),
            target: row.target,
            case: row.case.clone(),
            cache_state: cache_state.map(str::to_owned),
            metric: metric.column().to_owned(),
            median: metric.of(row),
            low: interval.map(|interval| interval.low.round()),
            high: interval.map(|interval| interval.high.round()),
            instructions: row.instructions,
            instruction_tier: row.instruction_tier.clone(),
        };
        last.insert(key, kept);
    }
    Ok(last.into_values().collect())
}

/// What the noise within the run leaves open of a time; `None` of counts, which have none.
fn interval(row: &Measurement, metric: Metric) -> Option<Interval> {
    let deviation = match metric {
        Metric::CpuMedian => row.cpu_ns_mad,
        Metric::WallMedian => row.wall_ns_mad,
        _ => None,
    };
    let summary = Summary {
        median: metric.of(row)?,
        deviation: deviation? as f64,
        count: row.rounds?,
    };
    summary.interval(0.05)
}

/// Writes rows into a folder, one file a run, and returns the files. A run that is there already is written anew.
pub fn add(folder: &Path, rows: &[HistoryRow]) -> Result<Vec<PathBuf>, HistoryError> {
    let mut runs: BTreeMap<&str, Vec<HistoryRow>> = BTreeMap::new();
    for row in rows {
        runs.entry(&row.run_id).or_default().push(row.clone());
    }
    let is_name = |run: &str| {
        let is_usual = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        run.starts_with(|c: char| c.is_ascii_alphanumeric()) && run.chars().all(is_usual)
    };
    if let Some(run) = runs.keys().find(|run| !is_name(run)) {
        let run = (*run).to_owned();
        return Err(HistoryError::Run { run });
    }
    let failed = |source| HistoryError::Folder {
        folder: folder.to_owned(),
        source,
    };
    fs::create_dir_all(folder).map_err(failed)?;
    let mut files = Vec::new();
    for (run, rows) in runs {
        let file = folder.join(format!("{run}.csv"));
        write_history(&file, &rows)?;
        files.push(file);
    }
    Ok(files)
}

/// All rows of a folder, in the order of their runs.
pub fn read(folder: &Path) -> Result<Vec<HistoryRow>, HistoryError> {
    let failed = |source| HistoryError::Folder {
        folder: folder.to_owned(),
        source,
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let file = entry.map_err(failed)?.path();
        if file.extension().is_some_and(|extension| extension == "csv") {
            files.push(file);
        }
    }
    files.sort();
    let mut rows = Vec::new();
    for file in files {
        rows.extend(read_history(file)?);
    }
    rows.sort_by(|a, b| (&a.utc, &a.run_id).cmp(&(&b.utc, &b.run_id)));
    Ok(rows)
}

#[cfg(test)]
mod tests;
