//! Answers for a GPU: CUDA kernels, and the devices they run on.

pub mod compiler;
pub mod device;
mod fault;
pub mod plan;
mod run;

pub use fault::{Fault, FaultKind};
pub use run::{Limits, RunError, Session, run};
