//! `samples.csv`: one row a timed run.

use std::path::Path;

use vocabulary::{CaseId, Target};

use super::RunInfo;
use super::column::{Column, Row, columns};
use super::error::RowError;
use super::file::{Writer, read_rows};
use super::measurement::no_case;

/// One timed run of a solution on a case, as it was measured: no overhead is subtracted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The run it belongs to. The reader fills it; a writer stamps its own run onto every row.
    pub run_id: String,
    /// The machine, likewise.
    pub host_id: String,
    /// The round, from 0.
    pub round: u64,
    /// Place within the round, whose order is shuffled, from 0.
    pub order_in_round: u64,
    /// Name of the solution.
    pub solution: String,
    /// Where it ran.
    pub target: Target,
    /// The input.
    pub case: CaseId,
    /// Threads that a function was given, processors that a program was, where that was what grew.
    pub threads: Option<u64>,
    /// Wall-clock time.
    pub wall_ns: Option<u64>,
    /// CPU time.
    pub cpu_ns: Option<u64>,
    /// Greatest resident memory.
    pub peak_memory_bytes: Option<u64>,
}

impl Sample {
    /// A sample of which nothing is measured yet, first of the first round.
    pub fn new(case: CaseId, solution: &str, target: Target) -> Self {
        Sample {
            run_id: String::new(),
            host_id: String::new(),
            round: 0,
            order_in_round: 0,
            solution: solution.to_owned(),
            target,
            case,
            threads: None,
            wall_ns: None,
            cpu_ns: None,
            peak_memory_bytes: None,
        }
    }
}

impl Row for Sample {
    const FILE: &'static str = "samples.csv";

    fn blank() -> Self {
        Sample::new(no_case(), "", Target::Process)
    }

    fn columns() -> &'static [Column<Self>] {
        columns!(Sample;
            own "run_id" => run_id,
            own "host_id" => host_id,
            own "round" => round,
            own "order_in_round" => order_in_round,
            derived "problem" => case.problem,
            own "solution" => solution,
            own "target" => target,
            own "case" => case,
            own "threads" => threads,
            own "wall_ns" => wall_ns,
            own "cpu_ns" => cpu_ns,
            own "peak_memory_bytes" => peak_memory_bytes,
        )
    }
}

/// Writes `samples.csv`, each row at once.
#[derive(Debug)]
pub struct SampleWriter {
    writer: Writer<Sample>,
    run: RunInfo,
}

impl SampleWriter {
    /// Creates the file, or empties it.
    pub fn create(path: impl AsRef<Path>, run: &RunInfo) -> Result<Self, RowError> {
        Ok(SampleWriter {
            writer: Writer::create(path.as_ref(), &[])?,
            run: run.clone(),
        })
    }

    /// Writes a row of this run.
    pub fn write(&mut self, row: &Sample) -> Result<(), RowError> {
        self.writer.write(&Sample {
            run_id: self.run.run_id.clone(),
            host_id: self.run.host_id.clone(),
            ..row.clone()
        })
    }
}

/// Reads a `samples.csv`.
pub fn read_samples(path: impl AsRef<Path>) -> Result<Vec<Sample>, RowError> {
    read_rows(path.as_ref())
}
