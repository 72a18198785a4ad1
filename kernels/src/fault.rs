//! What a kernel can do wrong beside a wrong answer.

use std::fmt;
use std::str::FromStr;

use vocabulary::Verdict;

/// The kind of a fault, by which a wrong kernel says what it must be caught at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// An address outside every allocation, or outside shared or local memory.
    OutOfBounds,
    /// An address that is no multiple of the access's width.
    Misaligned,
    /// An address in memory that was given back.
    UseAfterFree,
    /// A write to memory that may only be read, as the input.
    ReadOnly,
    /// A read of memory that nobody wrote.
    UninitialisedRead,
    /// Two threads of a block, one of which writes, without a barrier between them.
    SharedRace,
    /// Two blocks of a launch, one of which writes, without atomics.
    GlobalRace,
    /// A barrier that not all threads reach, or not the same one.
    DivergentBarrier,
    /// A read of what an asynchronous copy has not been waited for.
    MissingWait,
    /// Threads that wait for each other for ever.
    Deadlock,
    /// More steps than a launch may take.
    EndlessLoop,
    /// `assert`, `__trap` or an instruction that the device refuses.
    Trap,
}

impl FaultKind {
    /// All of them.
    pub const ALL: [FaultKind; 12] = [
        FaultKind::OutOfBounds,
        FaultKind::Misaligned,
        FaultKind::UseAfterFree,
        FaultKind::ReadOnly,
        FaultKind::UninitialisedRead,
        FaultKind::SharedRace,
        FaultKind::GlobalRace,
        FaultKind::DivergentBarrier,
        FaultKind::MissingWait,
        FaultKind::Deadlock,
        FaultKind::EndlessLoop,
        FaultKind::Trap,
    ];

    /// The word as a plan writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            FaultKind::OutOfBounds => "out_of_bounds",
            FaultKind::Misaligned => "misaligned",
            FaultKind::UseAfterFree => "use_after_free",
            FaultKind::ReadOnly => "read_only",
            FaultKind::UninitialisedRead => "uninitialised_read",
            FaultKind::SharedRace => "shared_race",
            FaultKind::GlobalRace => "global_race",
            FaultKind::DivergentBarrier => "divergent_barrier",
            FaultKind::MissingWait => "missing_wait",
            FaultKind::Deadlock => "deadlock",
            FaultKind::EndlessLoop => "endless_loop",
            FaultKind::Trap => "trap",
        }
    }

    /// The verdict that it means: a runtime error, but for what merely never ends.
    pub const fn verdict(self) -> Verdict {
        match self {
            FaultKind::EndlessLoop => Verdict::TimeLimit,
            _ => Verdict::RuntimeError,
        }
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for FaultKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| {
            let known = Self::ALL.map(Self::as_str).join(", ");
            format!("`{text}` is no fault: one of {known}")
        })
    }
}

/// A fault and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}: {detail}")]
pub struct Fault {
    /// Its kind.
    pub kind: FaultKind,
    /// Kernel, line, block, thread, address: whatever the device knows.
    pub detail: String,
    /// The line in the kernel's source, if the device knows it.
    pub line: Option<u32>,
}
