//! Ways to run an answer on a case, behind one trait: whatever runs, a [`Run`] comes out.

mod function;
mod interactive;
mod prepared;
mod program;

use std::sync::Arc;

pub use function::{Counting, RunnerExecution};
pub use interactive::InteractiveExecution;
pub use prepared::{CaseStore, Prepared};
pub use program::ProgramExecution;
use serde::{Deserialize, Serialize};
use vocabulary::Verdict;

use crate::instructions::{Count, Counter};
pub use crate::limits::RunLimits;

/// One timed call or process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timing {
    /// Time by the clock, nanoseconds.
    pub wall_ns: u64,
    /// Processor time, nanoseconds.
    pub cpu_ns: u64,
}

/// How a case went.
#[derive(Clone, Debug)]
pub struct Run {
    /// The verdict.
    pub verdict: Verdict,
    /// Why, if it is not AC.
    pub detail: String,
    /// One for each round that ended.
    pub timings: Vec<Timing>,
    /// What of each timing is not the solution's, where it is known.
    pub overhead: Option<Timing>,
    /// The most memory in use at one time, bytes.
    pub peak_memory: Option<u64>,
    /// Whose memory that is.
    pub memory_scope: &'static str,
    /// See [`problems::Accepted`].
    pub error_ratio: Option<f64>,
    /// What share of the nearer roof of a device a kernel reached, where that is known.
    pub roofline_fraction: Option<f64>,
    /// What a device counted, by name.
    pub counters: Vec<(String, u64)>,
    /// The output, at least its beginning, if the verdict is not AC.
    pub output: Vec<u8>,
    /// Standard error, at least its beginning.
    pub error_output: Vec<u8>,
    /// What program and interactor said to each other, if there was one and the verdict is not AC.
    pub transcript: Option<String>,
}

impl Run {
    /// A run that ended without a measurement.
    pub fn without_timing(verdict: Verdict, detail: impl Into<String>) -> Self {
        Run {
            verdict,
            detail: detail.into(),
            timings: Vec::new(),
            overhead: None,
            peak_memory: None,
            memory_scope: "",
            error_ratio: None,
            roofline_fraction: None,
            counters: Vec::new(),
            output: Vec::new(),
            error_output: Vec::new(),
            transcript: None,
        }
    }

    /// The least processor time of its rounds.
    pub fn cpu_ns(&self) -> Option<u64> {
        self.timings.iter().map(|timing| timing.cpu_ns).min()
    }
}

/// A case that did not show what was wanted of a solution.
pub struct Failure {
    /// The case.
    pub prepared: Arc<Prepared>,
    /// How it went.
    pub run: Run,
}

/// A solution, ready to run.
pub trait Execute: Send {
    /// Runs it on a case, some rounds one after the other, and judges every output. The first round that is not right
    /// ends the run. An error is the judge's own.
    fn run(&mut self, case: &Prepared, limits: &RunLimits, rounds: u32) -> anyhow::Result<Run>;

    /// Runs it once for its time. What is timed on a device takes some runs for that.
    fn measure(&mut self, case: &Prepared, limits: &RunLimits) -> anyhow::Result<Run> {
        self.run(case, limits, 1)
    }

    /// Runs it once for what its device counts. It was judged already, so that nothing else need be watched.
    fn counters(&mut self, case: &Prepared, limits: &RunLimits) -> anyhow::Result<Run> {
        self.run(case, limits, 1)
    }

    /// Instructions of one run on a case, by a counter. `None` where they would not repeat, or where the counter does not see all
    /// of the run.
    fn instructions(
        &mut self,
        _case: &Prepared,
        _limits: &RunLimits,
        _counter: &Counter,
    ) -> anyhow::Result<Option<Count>> {
        Ok(None)
    }

    /// Name of the isolation that it runs in, for the rows.
    fn tier(&self) -> String;
}
