//! What the judge and its runner say to each other, one JSON object a line.

use serde::{Deserialize, Serialize};
use vocabulary::{CaseId, Verdict};

use crate::execute::Timing;

/// Grows with every change that an older side would misunderstand.
pub(super) const PROTOCOL_VERSION: u32 = 1;

/// Asks for rounds of one function on one case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// [`PROTOCOL_VERSION`] of the asking side.
    pub version: u32,
    /// `problem/function`.
    pub function: String,
    /// The case, rebuilt by the runner; the last one is kept.
    pub case: CaseId,
    /// How many calls, one after the other.
    pub rounds: u32,
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
    /// The most memory that a call took beyond what was there before it, bytes.
    pub peak_memory: Option<u64>,
    /// See [`problems::Accepted`].
    pub error_ratio: Option<f64>,
    /// The beginning of an output that was not accepted, as a program would write it.
    pub output: String,
}
