//! Memory that outlives a launch: buffers in global space.

mod bits;
mod buffer;
mod global;

pub(crate) use bits::Bits;
pub(crate) use buffer::{Buffer, SECTOR};
pub(crate) use global::{GlobalMemory, Miss};
