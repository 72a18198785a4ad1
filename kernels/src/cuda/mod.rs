//! A GPU of NVIDIA as a device, through its driver, which is loaded at run time: where there is none, the reason is told.
//!
//! ```text
//! presence   a look at the driver, no context: what a judge asks before it starts a runner
//! open       the context, the stream, the memory: what a runner holds
//! ```

#[cfg(feature = "cuda")]
mod device;
#[cfg(feature = "cuda")]
mod driver;
#[cfg(feature = "cuda")]
mod failure;

use std::sync::OnceLock;

#[cfg(feature = "cuda")]
pub use device::CudaDevice;

use crate::compiler::Cubin;
use crate::device::{Device, DeviceError, ModuleId};

/// A GPU that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presence {
    /// What it is called.
    pub name: String,
    /// Its compute capability, 90 for 9.0.
    pub architecture: u32,
    /// Major and minor version of CUDA that its driver has.
    pub driver: (u32, u32),
    /// Bytes of the cache that all its processors share; 0 if it does not say.
    pub cache_bytes: u64,
    /// How many multiprocessors it has.
    pub processors: u32,
}

/// What a timed round finds in the caches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cache {
    /// Nothing that the kernel could use.
    #[default]
    Cold,
    /// Whatever the round before left there.
    Hot,
}

/// A device with caches and clocks.
pub trait Gpu: Device {
    /// What it is.
    fn presence(&self) -> &Presence;

    /// Loads machine code, which was compiled for this device's architecture.
    fn load_cubin(&mut self, cubin: &Cubin) -> Result<ModuleId, DeviceError>;

    /// What later rounds find in the caches.
    fn set_cache(&mut self, cache: Cache);

    /// How fast it ran just before the last round, in a unit of its own that grows with its clock; `None` if unknown.
    fn clock(&mut self) -> Result<Option<f64>, DeviceError>;

    /// Whether a fault left it beyond use: only a new process can have it again.
    fn is_dead(&self) -> bool;
}

/// Whether there is a GPU that can be used, or why not; looked for once a process. Makes no context.
///
/// # Errors
/// The reason, as people read it.
pub fn presence() -> Result<&'static Presence, &'static str> {
    static FOUND: OnceLock<Result<Presence, String>> = OnceLock::new();
    FOUND.get_or_init(look).as_ref().map_err(String::as_str)
}

/// The GPU, ready for kernels, on this thread alone.
///
/// # Errors
/// The reason, as people read it.
pub fn open() -> Result<Box<dyn Gpu>, String> {
    #[cfg(feature = "cuda")]
    return CudaDevice::probe().map(|device| Box::new(device) as Box<dyn Gpu>);
    #[cfg(not(feature = "cuda"))]
    presence()
        .map_err(str::to_owned)
        .and(Err("no GPU".to_owned()))
}

#[cfg(feature = "cuda")]
fn look() -> Result<Presence, String> {
    // The library panics where a function of the driver is missing.
    std::panic::catch_unwind(driver::look)
        .unwrap_or_else(|_| Err("the CUDA driver library here lacks functions".to_owned()))
}

#[cfg(not(feature = "cuda"))]
fn look() -> Result<Presence, String> {
    Err("this judge was built without CUDA: the feature `cuda` of the crate `kernels`".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whether_there_is_a_gpu_is_told_without_a_panic() {
        match (presence(), open()) {
            (Ok(presence), Ok(gpu)) => assert_eq!(presence, gpu.presence()),
            (Err(reason), Err(again)) => {
                eprintln!("SKIPPED: {reason}");
                assert_eq!(reason, again);
            }
            (presence, opened) => panic!("{presence:?}, then {:?}", opened.err()),
        }
    }
}
