//! Runs PTX, the assembly language of NVIDIA GPUs, on a CPU: a parser, an interpreter, a sanitizer, and counters.
//!
//! ```text
//! text -> Module -> Emulator::load -> Emulator::launch -> Report { counters, printed } or Fault
//! ```
//!
//! It takes what NVRTC and nvcc write for sm_70 to sm_90, executes it in warps of 32 lanes with their divergence and
//! reconvergence, finds what a kernel does wrong (out of bounds, races, reads of what nobody wrote, divergent barriers,
//! deadlocks, endless loops), and counts what a profiler counts. Results, faults and counters are the same from run to run.

#![allow(clippy::needless_range_loop)] // a lane's number indexes many arrays at once

mod counters;
mod emulator;
mod fault;
mod machine;
pub mod matrix;
mod memory;
mod module;
pub mod number;
mod program;
mod sanitizer;
mod syntax;
mod vector;

pub use counters::{Counters, LineCounters};
pub use emulator::{Argument, DeviceError, Emulator, Launch, Loaded, Pointer, Report, Settings};
pub use fault::{Fault, FaultKind, OtherSide, SourceLine};
pub use module::{KernelParameter, Module};
pub use syntax::ParseError;
