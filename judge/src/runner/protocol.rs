//! What the judge and its runner say to each other, one JSON object a line.

use serde::{Deserialize, Serialize};
use vocabulary::{CaseId, Target, Verdict};

use crate::execute::Timing;

/// Grows with every change that an older side would misunderstand.
pub(super) const PROTOCOL_VERSION: u32 = 5;

/// What is asked for: an answer that the runner has, or can run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// A linked-in function, `problem/function`.
    Function(String),
    /// A kernel.
    Kernel(KernelAnswer),
}

/// A kernel: its plan stands at the top of the source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KernelAnswer {
    /// The device.
    pub target: Target,
    /// The file's name, for messages.
    pub file: String,
    /// The file.
    pub source: String,
    /// The same, compiled.
    pub ptx: String,
}

/// Asks for rounds of one answer on one case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// [`PROTOCOL_VERSION`] of the asking side.
    pub version: u32,
    /// What is called.
    pub answer: Answer,
    /// The case, rebuilt by the runner; the last one is kept.
    pub case: CaseId,
    /// The input as text, if the case's name does not rebuild it.
    pub input: Option<String>,
    /// How many calls, one after the other.
    pub rounds: u32,
    /// Whether times are wanted: a kernel takes several runs for that, a function of less than the clock tells many calls.
    pub timed: bool,
    /// Whether instructions are to be counted: a function's by the processor. A kernel's are on the emulator anyway, which then does
    /// not look for faults beside: that was done.
    #[serde(default)]
    pub counted: bool,
    /// Whether outputs are taken as they are: for a runner under callgrind, where a check would take longer than all else.
    #[serde(default)]
    pub unchecked: bool,
    /// Memory that the call may take beside input and output, bytes.
    pub memory: u64,
}

/// What the runner reports.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Event {
    /// The case is built, the first call follows.
    Ready,
    /// A call came back.
    Called,
    /// All rounds are done, or one was not right.
    Done(Done),
    /// The request cannot be served.
    Refused(String),
}

/// How the rounds went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Done {
    /// AC, or the verdict of the first round that was not right.
    pub verdict: Verdict,
    /// Why.
    pub detail: String,
    /// One for each round.
    pub timings: Vec<Timing>,
    /// What of each timing is the call's and the clock's own, nanoseconds.
    pub overhead_ns: Option<u64>,
    /// The most memory that a call took beyond what was there before it, bytes.
    pub peak_memory: Option<u64>,
    /// Instructions of the last call, where they were to be counted and could be.
    #[serde(default)]
    pub instructions: Option<u64>,
    /// See [`problems::Accepted`].
    pub error_ratio: Option<f64>,
    /// What share of the nearer roof of a device a kernel reached, where that is known.
    #[serde(default)]
    pub roofline_fraction: Option<f64>,
    /// Whether other threads than the caller's worked, too.
    pub is_threaded: bool,
    /// What a device counted in the last round, by name.
    pub counters: Vec<(String, u64)>,
    /// The beginning of an output that was not accepted, as a program would write it.
    pub output: String,
    /// Whether a fault left the device beyond use, and this runner with it.
    pub is_last: bool,
}

impl Request {
    /// The request as the runner of this version reads it, a line with its end.
    pub fn line(mut self) -> serde_json::Result<String> {
        self.version = PROTOCOL_VERSION;
        let mut line = serde_json::to_string(&self)?;
        line.push('\n');
        Ok(line)
    }
}

/// Outputs that were not accepted are sent up to this length.
const OUTPUT_SENT: usize = 64 << 10;

impl Done {
    /// Nothing measured yet, and nothing wrong.
    pub(super) fn accepted() -> Self {
        Done {
            verdict: Verdict::Accepted,
            detail: String::new(),
            timings: Vec::new(),
            overhead_ns: None,
            peak_memory: None,
            instructions: None,
            error_ratio: None,
            roofline_fraction: None,
            is_threaded: false,
            counters: Vec::new(),
            output: String::new(),
            is_last: false,
        }
    }

    /// Keeps the beginning of an output.
    pub(super) fn keep_output(&mut self, text: &[u8]) {
        let beginning = &text[..text.len().min(OUTPUT_SENT)];
        self.output = String::from_utf8_lossy(beginning).into_owned();
    }
}
