//! Answers for a GPU: CUDA kernels, and the devices they run on.
//!
//! ```text
//! variants/<problem>/<expected verdict>/<name>.cu     plan at its top, kernels below
//!    |                                    \
//!    | compiler (NVRTC)                    plan -> check against the problem's array form
//!    v                                       |
//! <name>.ptx  -> Device::load -> Session: rounds of launches -> outputs
//! ```

mod calibration;
mod catalogue;
pub mod committed;
pub mod compiler;
pub mod cuda;
pub mod device;
mod emulated;
mod fault;
pub mod hardware;
pub mod plan;
mod recompile;
pub mod roofline;
mod run;
pub mod timing;

pub use catalogue::{COUNTERS, COUNTERS_BY_LINE, FOLDER, Variant, variants, variants_in};
pub use emulated::EmulatedDevice;
pub use fault::{Fault, FaultKind, verdict_of};
pub use ptx_emulator::{Counters, LineCounters, Settings, SourceLine};
pub use recompile::{RecompileError, Recompiled, compile_all};
pub use run::{Limits, RunError, Session, run};
