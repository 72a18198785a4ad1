//! What a run may use.

use std::time::Duration;

/// What a run may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunLimits {
    /// Processor time.
    pub cpu: Duration,
    /// Time by the clock.
    pub wall: Duration,
    /// Memory in bytes.
    pub memory: u64,
    /// Standard output in bytes.
    pub output: u64,
    /// Threads of a function, processors of a program, where it matters how many.
    pub threads: Option<u32>,
}

impl RunLimits {
    /// Limits with a wall clock that only sleepers and the blocked reach before the limit of processor time.
    pub fn new(cpu: Duration, memory: u64, output: u64) -> Self {
        RunLimits {
            cpu,
            wall: cpu * 3 + Duration::from_secs(2),
            memory,
            output,
            threads: None,
        }
    }

    /// The same with another limit of processor time.
    #[must_use]
    pub fn with_cpu(self, cpu: Duration) -> Self {
        RunLimits {
            threads: self.threads,
            ..RunLimits::new(cpu, self.memory, self.output)
        }
    }
}
