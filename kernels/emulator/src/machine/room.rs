//! What the warps of a block share: memory, barriers, and who watches them.

use crate::sanitizer::SharedWatch;

/// The barriers of a block, by their numbers: 16, and one for the cluster.
pub(crate) const BARRIERS: usize = 17;

/// The number of the cluster's barrier.
pub(crate) const CLUSTER_BARRIER: usize = 16;

/// One of a block's barriers, while threads wait at it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Gate {
    /// Threads that arrived, and how many must; none until all that live are meant.
    pub(crate) arrived: u32,
    pub(crate) expected: Option<u32>,
    /// Threads whose predicate was true, and threads that gave one.
    pub(crate) votes: u32,
    pub(crate) voters: u32,
    pub(crate) reduction: Option<crate::program::step::BarrierReduction>,
    /// The step at which the first arrived.
    pub(crate) pc: Option<u32>,
    /// The warps that arrived.
    pub(crate) warps: u32,
}

/// What the warps of a block share.
pub(crate) struct Room {
    /// The block: its coordinates and its number in the grid.
    pub(crate) block: [u32; 3],
    pub(crate) number: u32,
    /// Shared memory.
    pub(crate) shared: Vec<u8>,
    pub(crate) watch: Option<SharedWatch>,
    pub(crate) gates: [Gate; BARRIERS],
    /// What the block's threads printed.
    pub(crate) printed: String,
    /// Ranges that such copies will write: first byte, last but one, and the warp.
    pub(crate) pending: Vec<(u64, u64, u32)>,
}
