//! What a kernel can do wrong beside a wrong answer.

pub use ptx_emulator::FaultKind;
use vocabulary::Verdict;

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

/// The verdict that a fault means: a runtime error, but for what merely never ends.
pub fn verdict_of(kind: FaultKind) -> Verdict {
    match kind {
        FaultKind::EndlessLoop => Verdict::TimeLimit,
        _ => Verdict::RuntimeError,
    }
}
