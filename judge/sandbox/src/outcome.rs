//! How a run went.

use std::time::Duration;

/// How a run went: what ended it, and what it used.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What ended the run.
    pub ended: Ended,
    /// How the program itself went.
    pub exit: Exit,
    /// CPU time of all processes and threads of the run together.
    pub cpu: Duration,
    /// From the start of the program to its end.
    pub wall: Duration,
    /// The most memory in use at one time, in bytes; read [`Outcome::memory_scope`] with it. None where it is unknown.
    pub peak_memory: Option<u64>,
    /// Whose memory `peak_memory` is.
    pub memory_scope: MemoryScope,
    /// Standard output, at most [`Limits::output`](crate::Limits::output) bytes.
    pub output: Vec<u8>,
    /// Standard error, at most [`Limits::error_output`](crate::Limits::error_output) bytes.
    pub error_output: Vec<u8>,
}

/// What ended a run. Where several limits were passed, the first of this order counts; but a run that was killed for memory
/// may have passed a limit of time, too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The program ended without passing a limit; [`Exit`] says how.
    ByItself,
    /// More CPU time than allowed.
    CpuLimit,
    /// More time by the clock than allowed: it slept, was stopped, or waited for what never came.
    WallLimit,
    /// More memory than allowed, by the kernel's own count of out-of-memory kills; or time passed a limit because the kernel
    /// went round in circles to find memory.
    MemoryLimit,
    /// More output, error output or files to collect than allowed.
    OutputLimit,
    /// The program was never executed, for this reason.
    CouldNotStart(String),
}

/// How the program itself (the first process of the run) went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// It exited with this code.
    Code(i32),
    /// This signal ended it, and the sandbox did not send it.
    Signal(i32),
    /// The sandbox killed it.
    Killed,
}

/// Whose memory is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemoryScope {
    /// All of the run together: processes, files in its scratch folders, the kernel's share.
    Run,
    /// The largest single process: there is no memory cgroup here.
    PerProcess,
}
