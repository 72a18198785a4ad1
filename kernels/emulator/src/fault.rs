//! What kernels do wrong.

use std::fmt;
use std::str::FromStr;

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FaultKind {
    /// An access outside of every allocation.
    OutOfBounds,
    /// An access at an address that is no multiple of its size.
    Misaligned,
    /// An access to memory that was freed.
    UseAfterFree,
    /// A write to memory that may only be read.
    ReadOnly,
    /// A read of memory that nobody wrote.
    Uninitialised,
    /// Two threads of a block use the same shared memory, at least one writes, and nothing orders them.
    SharedRace,
    /// Two blocks use the same global memory, at least one writes, and nothing orders them.
    GlobalRace,
    /// Not all threads that must come to a barrier come to the same one.
    DivergentBarrier,
    /// Shared memory is used while an asynchronous copy to it is under way.
    PendingCopy,
    /// Threads wait for others that will never come.
    Deadlock,
    /// More instructions than the launch may execute.
    EndlessLoop,
    /// `trap`, or `__trap()`.
    Trap,
    /// `assert` did not hold.
    AssertionFailed,
    /// A call too deep for the stack.
    StackOverflow,
    /// A call through a pointer that is not that of a function.
    BadCall,
    /// A warp-wide instruction whose lanes do not agree.
    BadWarpInstruction,
}

impl FaultKind {
    /// All of them, each with the word by which a kernel's header names it.
    pub const WORDS: [(FaultKind, &'static str); 16] = [
        (FaultKind::OutOfBounds, "out_of_bounds"),
        (FaultKind::Misaligned, "misaligned"),
        (FaultKind::UseAfterFree, "use_after_free"),
        (FaultKind::ReadOnly, "read_only"),
        (FaultKind::Uninitialised, "uninitialised_read"),
        (FaultKind::SharedRace, "shared_race"),
        (FaultKind::GlobalRace, "global_race"),
        (FaultKind::DivergentBarrier, "divergent_barrier"),
        (FaultKind::PendingCopy, "missing_wait"),
        (FaultKind::Deadlock, "deadlock"),
        (FaultKind::EndlessLoop, "endless_loop"),
        (FaultKind::Trap, "trap"),
        (FaultKind::AssertionFailed, "assertion_failed"),
        (FaultKind::StackOverflow, "stack_overflow"),
        (FaultKind::BadCall, "bad_call"),
        (FaultKind::BadWarpInstruction, "bad_warp_instruction"),
    ];

    /// The word for it in a kernel's header: `out_of_bounds`.
    pub fn word(self) -> &'static str {
        let found = Self::WORDS.into_iter().find(|(kind, _)| *kind == self);
        found.map_or("fault", |(_, word)| word)
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl FromStr for FaultKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::WORDS.into_iter().find(|(_, word)| *word == text);
        found.map(|(kind, _)| kind).ok_or_else(|| {
            let known = Self::WORDS.map(|(_, word)| word).join(", ");
            format!("`{text}` is no fault: one of {known}")
        })
    }
}

/// A place in the source of a kernel.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceLine {
    /// The file, as the compiler names it; empty for PTX without line entries.
    pub file: String,
    /// The line in it, from 1; without line entries that of the PTX text.
    pub line: u32,
}

impl fmt::Display for SourceLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.file.as_str() {
            "" => write!(f, "PTX line {}", self.line),
            file => write!(f, "{file}:{}", self.line),
        }
    }
}

/// The other side of a race.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherSide {
    /// The block.
    pub block: [u32; 3],
    /// The thread in it, where that is known.
    pub thread: Option<[u32; 3]>,
    /// Where.
    pub line: SourceLine,
    /// Whether it wrote.
    pub is_write: bool,
}

/// What went wrong, who did it, and where. The launch ended there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What went wrong.
    pub kind: FaultKind,
    /// More about it: the access, its address and size, the allocation that it missed.
    pub detail: String,
    /// The name of the kernel.
    pub kernel: String,
    /// The line of the source.
    pub line: SourceLine,
    /// The block.
    pub block: [u32; 3],
    /// The thread in it; none where a whole block is at fault.
    pub thread: Option<[u32; 3]>,
    /// The address and size of the access, in bytes.
    pub access: Option<(u64, u32)>,
    /// The other side of a race.
    pub other: Option<OtherSide>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fault {
            detail,
            kernel,
            line,
            ..
        } = self;
        write!(
            f,
            "{line}: {detail}; kernel {kernel}, block {}",
            Triple(self.block)
        )?;
        if let Some(thread) = self.thread {
            write!(f, ", thread {}", Triple(thread))?;
        }
        if let Some(other) = &self.other {
            let verb = if other.is_write { "written" } else { "read" };
            write!(
                f,
                "; {verb} at {} by block {}",
                other.line,
                Triple(other.block)
            )?;
            if let Some(thread) = other.thread {
                write!(f, ", thread {}", Triple(thread))?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Fault {}

/// Three coordinates, as short as they can be said.
struct Triple([u32; 3]);

impl fmt::Display for Triple {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [x, 0, 0] => write!(f, "{x}"),
            [x, y, z] => write!(f, "({x}, {y}, {z})"),
        }
    }
}
