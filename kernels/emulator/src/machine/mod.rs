//! The machine that executes programs.
//!
//! ```text
//! grid.rs      all blocks of a launch: in a fixed order, or side by side
//! block.rs     the warps of a block take turns
//! worker.rs    the loop over the instructions of a warp
//! warp.rs      fragments of a warp: lanes at the same step
//! ```

mod access;
pub(crate) mod address;
mod atomics;
mod barrier;
mod block;
mod calls;
pub(crate) mod compute;
mod copies;
mod grid;
pub(crate) mod lines;
mod matrices;
mod mbarrier;
mod print;
mod reach;
pub(crate) mod registers;
mod room;
mod tally;
mod together;
mod transfer;
pub(crate) mod trouble;
mod vectors;
mod warp;
mod worker;

pub(crate) use block::Block;
pub(crate) use grid::{Grid, Stop};
pub(crate) use room::CLUSTER_BARRIER;
pub(crate) use tally::Tally;
pub(crate) use worker::LaunchState;
