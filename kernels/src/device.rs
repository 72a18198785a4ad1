//! What runs kernels: memory, modules, launches. One trait for a GPU and for the emulator.

use vocabulary::Target;

use crate::fault::Fault;

/// The byte that poisoned memory holds. As an `f16` such bytes are no number, as an `f32` or `f64` they are close to the
/// greatest, and as an integer one that is far from what anybody asks for: no checker takes them for an answer.
pub const POISON: u8 = 0x7F;

/// The address of memory on a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Address(pub u64);

/// A compiled kernel file that a device has loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ModuleId(pub u64);

/// A moment in the order of a device's work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(pub u64);

/// How a kernel is launched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaunchOf<'a> {
    /// The kernel's name.
    pub entry: &'a str,
    /// Blocks in x, y and z, none 0.
    pub grid: [u32; 3],
    /// Threads of a block in x, y and z, none 0.
    pub block: [u32; 3],
    /// Bytes of dynamic shared memory.
    pub shared_bytes: u32,
    /// The bytes of each argument, lowest first.
    pub arguments: &'a [Vec<u8>],
}

/// What a device cannot or may not do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeviceError {
    /// The kernel did something wrong.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The device cannot run this kernel, though another might; the text says which instruction or setting is at fault.
    #[error("{0}")]
    Unsupported(String),
    /// So much memory is not there.
    #[error("no memory for {bytes} bytes of `{name}`")]
    OutOfMemory {
        /// What they were for.
        name: String,
        /// How many.
        bytes: u64,
    },
    /// The device itself failed.
    #[error("{0}")]
    Failed(String),
}

/// What runs kernels. Launches, fills and poisonings are done in order; [`Device::read`] waits for all before it.
pub trait Device {
    /// Which kind it is.
    fn target(&self) -> Target;

    /// What it is called, as `NVIDIA H200`.
    fn name(&self) -> &str;

    /// Loads PTX.
    fn load(&mut self, ptx: &str) -> Result<ModuleId, DeviceError>;

    /// Forgets a module, and with it whatever its kernels kept in `__device__` variables.
    fn unload(&mut self, module: ModuleId);

    /// Makes room for some bytes, which may be none; `name` is what faults call it. The bytes are not initialised.
    fn allocate(&mut self, bytes: u64, name: &str) -> Result<Address, DeviceError>;

    /// Gives memory back.
    fn free(&mut self, address: Address);

    /// Copies onto the device.
    fn write(&mut self, address: Address, bytes: &[u8]) -> Result<(), DeviceError>;

    /// Copies from the device.
    fn read(&mut self, address: Address, bytes: &mut [u8]) -> Result<(), DeviceError>;

    /// Writes `count` times the same element.
    fn fill(&mut self, address: Address, element: &[u8], count: u64) -> Result<(), DeviceError>;

    /// Makes what stands in memory worthless, so that an answer of an earlier run is not taken for this one's: marked as
    /// not initialised where the device can tell, else overwritten.
    fn poison(&mut self, address: Address, bytes: u64) -> Result<(), DeviceError>;

    /// Lets kernels only read what an allocation holds, where the device can tell.
    fn protect(&mut self, _address: Address) {}

    /// Launches a kernel. The fault of a launch may be reported by a later call.
    fn launch(&mut self, module: ModuleId, launch: &LaunchOf<'_>) -> Result<(), DeviceError>;

    /// Waits until everything is done.
    fn synchronise(&mut self) -> Result<(), DeviceError>;

    /// Comes before a round that is timed: brings caches into the state that it is to find.
    fn settle(&mut self) -> Result<(), DeviceError> {
        Ok(())
    }

    /// Marks this moment in the order of its work.
    fn mark(&mut self) -> Result<Mark, DeviceError>;

    /// Nanoseconds from one mark to a later one, once everything before it is done; `None` if the device has no clock.
    fn elapsed(&mut self, from: Mark, to: Mark) -> Result<Option<f64>, DeviceError>;
}
