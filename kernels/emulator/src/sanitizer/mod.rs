//! What is watched while a kernel runs: who wrote and read which bytes, and what orders them.
//!
//! *Shared memory*: each warp has a clock, and knows up to which time of each other warp's clock everything happened before
//! its own present (vector clocks, as in FastTrack, Flanagan and Freund, PLDI 2009). A barrier of the whole block begins a new
//! phase, in which everything before is known to all. Atomics, fences and barriers of some warps pass knowledge on. Two
//! accesses race if one writes, not both are atomic, and the later does not know of the earlier. Lanes of one warp race if no
//! instruction that synchronises their warp stands between.
//!
//! *Global memory*: the same with blocks for warps.
//!
//! Equal values that several threads write to the same place are no race that anybody would notice, and not reported.

mod global;
mod shadow;
mod shared;
mod stamp;

pub(crate) use global::{GlobalWatch, Who as GlobalWho};
pub(crate) use shared::{Glance, SharedWatch, Who as SharedWho};

/// How many words side by side a lane accesses, as a logarithm, where one lane accesses all of them.
pub(crate) const ONE_LANE: u8 = 31;

/// What an access does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    Read,
    Write,
    /// A write of what was there already.
    SameWrite,
    /// An atomic, or a volatile access: it races with plain ones alone.
    Strong,
}

#[cfg(test)]
mod tests;
