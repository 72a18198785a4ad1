//! Instructions, made for execution.

use crate::machine::compute::{Compute, Follow, Operands, Operation};
use crate::machine::registers::Class;
use crate::syntax::{Location, Space};

/// One instruction.
pub(crate) struct Step {
    pub(crate) action: Action,
    pub(crate) guard: Guard,
    pub(crate) operands: Operands,
    /// What it reads and writes, of the slots that may lie on lines.
    pub(crate) reads: u64,
    pub(crate) writes: u64,
    /// How many steps from this one on have no guard and compute, load, store or work on matrices, and nothing else: those run
    /// without a look at anything else.
    pub(crate) straight: u32,
}

/// Which lanes of a fragment execute an instruction: all, or those whose predicate is true (or false).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Guard(pub(crate) u32);

impl Guard {
    pub(crate) const NONE: Guard = Guard(u32::MAX);
    const NEGATED: u32 = 1 << 31;

    pub(crate) fn new(slot: u32, is_negated: bool) -> Self {
        Guard(slot | if is_negated { Guard::NEGATED } else { 0 })
    }

    /// The predicate's slot.
    pub(crate) fn slot(self) -> u32 {
        self.0 & !Guard::NEGATED
    }

    /// The lanes of a mask that execute.
    #[inline(always)]
    pub(crate) fn apply(self, predicates: &[u32], mask: u32) -> u32 {
        if self == Guard::NONE {
            return mask;
        }
        let predicate = predicates[self.slot() as usize];
        mask & if self.0 & Guard::NEGATED != 0 {
            !predicate
        } else {
            predicate
        }
    }
}

/// What an instruction does. What it works on stands in its operands; numbers here are places in the program's tables.
#[derive(Clone, Copy)]
#[repr(u8)] // a tag of its own is faster to read than one hidden in a field
pub(crate) enum Action {
    /// From registers to registers, each lane for itself.
    Compute(Compute),
    /// The same, where the first lane may stand for all.
    Follow {
        run: Compute,
        follow: Follow,
    },
    /// Nothing that can be seen here: a hint.
    Nothing,
    /// To a step.
    Branch(u32),
    /// To the step that a table and a register say.
    BranchIndexed(u32),
    Call(u32),
    Return,
    Exit,
    Trap,
    /// The address of something in the stack frame.
    FrameAddress,
    /// Loads and stores; the first are the common ones: 32 bits, one register.
    LoadShared(Base),
    LoadGlobal,
    StoreShared(Base),
    StoreGlobal,
    Load(Access),
    Store(Access),
    Atomic(u32),
    Shuffle(Shuffle),
    Vote(Vote),
    Match {
        is_all: bool,
        is_wide: bool,
    },
    Reduce(Reduction),
    ActiveMask,
    WarpBarrier,
    Elect,
    Barrier(Barrier),
    Fence,
    /// Asynchronous copies: bytes of a copy, and whether a register says how many bytes to read.
    CopyAsync {
        bytes: u8,
        has_source_size: bool,
    },
    CommitCopies,
    /// A copy of many bytes, to shared memory or from there.
    BulkCopy {
        is_load: bool,
    },
    /// All but the latest so many groups of copies must be there.
    WaitCopies(u32),
    Mbarrier(Mbarrier),
    LoadMatrix {
        count: u8,
        is_transposed: bool,
    },
    StoreMatrix {
        count: u8,
        is_transposed: bool,
    },
    MoveMatrix,
    Multiply(u32),
    LoadFragment(u32),
    StoreFragment(u32),
    Clock {
        is_wide: bool,
    },
    Sleep,
}

impl Action {
    /// Whether it may be part of a straight run, where it has no guard.
    pub(crate) fn is_plain(&self) -> bool {
        match self {
            Action::Compute(_)
            | Action::Follow { .. }
            | Action::LoadShared(_)
            | Action::LoadGlobal
            | Action::StoreShared(_)
            | Action::StoreGlobal
            | Action::Multiply(_)
            | Action::LoadMatrix { .. }
            | Action::StoreMatrix { .. }
            | Action::MoveMatrix => true,
            Action::Load(access) | Action::Store(access) => !access.order.is_strong,
            _ => false,
        }
    }

    /// Of an operation.
    pub(crate) fn of(operation: &Operation) -> Action {
        match (operation.run, operation.follow) {
            (run, Some(follow)) => Action::Follow { run, follow },
            (run, None) => Action::Compute(run),
        }
    }
}

/// A load or a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Access {
    pub(crate) space: Space,
    pub(crate) base: Base,
    /// The size of an element, in bytes, and how many elements there are.
    pub(crate) size: u8,
    pub(crate) count: u8,
    pub(crate) is_signed: bool,
    /// The class of the registers that are loaded or stored.
    pub(crate) class: Class,
    /// Whether others may look at it while it happens: volatile, relaxed, acquire, release.
    pub(crate) order: Order,
    /// Whether it counts as an access to memory: parameters of functions do not.
    pub(crate) is_counted: bool,
}

/// What an address is counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Base {
    /// A register of 32 bits.
    Narrow,
    /// A register of 64 bits.
    Wide,
    /// The bottom of the stack frame.
    Frame,
}

/// How strongly an access is ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    /// Not plain: volatile, relaxed, or stronger.
    pub(crate) is_strong: bool,
    pub(crate) acquires: bool,
    pub(crate) releases: bool,
}

impl Order {
    pub(crate) const PLAIN: Order = Order {
        is_strong: false,
        acquires: false,
        releases: false,
    };
}

/// What an atomic instruction does with the old value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AtomicOperation {
    Exchange,
    CompareExchange,
    And,
    Or,
    Xor,
    Add,
    Increment,
    Decrement,
    Minimum,
    Maximum,
}

/// An atomic instruction.
pub(crate) struct Atomic {
    pub(crate) operation: AtomicOperation,
    /// The element: its type decides how it is added and compared.
    pub(crate) element: crate::syntax::Type,
    pub(crate) access: Access,
    /// Whether the old value is wanted: `atom`, not `red`.
    pub(crate) has_result: bool,
}

/// The four ways of `shfl.sync`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shuffle {
    Up,
    Down,
    Butterfly,
    Index,
}

/// The four ways of `vote.sync`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Vote {
    All,
    Any,
    Uniform,
    Ballot,
}

/// The operations of `redux.sync`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reduction {
    Add,
    MinimumSigned,
    MaximumSigned,
    MinimumUnsigned,
    MaximumUnsigned,
    And,
    Or,
    Xor,
}

/// A barrier of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Barrier {
    /// Whether the number of threads is given.
    pub(crate) has_count: bool,
    /// Whether somebody waits: not for `arrive`.
    pub(crate) waits: bool,
    /// Whether all lanes of a warp must come together.
    pub(crate) is_aligned: bool,
    pub(crate) reduction: Option<BarrierReduction>,
}

/// What a barrier makes of its threads' predicates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BarrierReduction {
    Count,
    And,
    Or,
}

/// The instructions on barriers in shared memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mbarrier {
    Initialise,
    Invalidate,
    Arrive {
        has_count: bool,
        /// Whether it expects bytes, whose number then stands in the place of the count.
        expects: bool,
        drops: bool,
        completes: bool,
        has_state: bool,
    },
    /// Whether a phase, given by its state or its parity, is complete.
    Test {
        is_parity: bool,
    },
    PendingCount,
    /// Bytes are expected before the phase may end, or have come.
    Transfer {
        is_complete: bool,
    },
    /// Arrives when the copies so far are there.
    CopyArrive {
        is_counted: bool,
    },
}

/// A call.
pub(crate) struct Call {
    pub(crate) target: CallTarget,
    /// Bytes that travel: from the caller's frame into the called one's, place by place.
    pub(crate) arguments: Vec<Transfer>,
    /// Bytes that travel back.
    pub(crate) results: Vec<Transfer>,
}

/// What is called.
#[derive(Clone, Debug)]
pub(crate) enum CallTarget {
    Function(usize),
    /// The function whose address stands in the wide register `a`.
    Indirect,
    Builtin(Builtin),
}

/// What the system provides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Builtin {
    Print,
    AssertFail,
}

/// A parameter on its way: its place in the caller's frame, in bytes, and its size. In the called function's frame the
/// parameters stand one behind the other in the order of the declaration, results first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Transfer {
    pub(crate) place: usize,
    pub(crate) bytes: usize,
}

/// What is known of a step beside what it does.
#[derive(Clone, Debug)]
pub(crate) struct Description {
    /// The line of the PTX text.
    pub(crate) line: u32,
    pub(crate) location: Option<Location>,
    pub(crate) kind: Kind,
    /// Floating-point operations of a lane, or for matrices of a warp.
    pub(crate) operations: u32,
}

/// What sort of instruction: how counters are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Integer,
    Float,
    Move,
    Compare,
    Convert,
    Load(Space),
    Store(Space),
    Atomic,
    Control,
    Warp,
    Synchronise,
    Matrix,
    Copy,
    Other,
    /// Not an instruction of its own, but a part of one that was translated into several steps.
    Part,
}

/// A load or store of a matrix for `wmma`.
pub(crate) struct Fragment {
    pub(crate) layout: crate::matrix::Layout,
    /// Bytes of an element in memory.
    pub(crate) size: u8,
    pub(crate) is_row_major: bool,
    pub(crate) space: Space,
    pub(crate) base: Base,
    /// Registers of a lane.
    pub(crate) count: usize,
    /// Their class.
    pub(crate) class: Class,
}
