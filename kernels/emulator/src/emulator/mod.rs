//! The device: its memory here, modules in it, and launches.

mod launch;
mod modules;

use crate::fault::Fault;
use crate::machine::address;
use crate::memory::{Buffer, GlobalMemory, Miss};
use crate::sanitizer::GlobalWatch;
use modules::Resident;
use thiserror::Error;

pub use launch::{Argument, Launch, Report};
pub use modules::Loaded;

/// How a device works.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Whether to look for what is wrong beside accesses outside of memory: races, reads of what nobody wrote, divergent
    /// barriers, copies not waited for.
    pub is_sanitizing: bool,
    /// How many threads run blocks that do not talk to each other; none: as many as there are cores.
    pub threads: Option<usize>,
    /// Instructions of warps that a launch may execute before it counts as endless.
    pub budget: u64,
    /// Local memory of a thread at most, in bytes.
    pub stack_bytes: usize,
    /// Shared memory of a block at most, in bytes: 227 KiB is what sm_90 has.
    pub shared_bytes: usize,
    /// The variables of a module in global memory at most, in bytes.
    pub variable_bytes: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            is_sanitizing: true,
            threads: None,
            budget: 200_000_000,
            stack_bytes: 512 << 10,
            shared_bytes: 227 << 10,
            variable_bytes: 4 << 30,
        }
    }
}

/// Why the device did not do what it was asked for.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeviceError {
    /// The kernel did something wrong.
    #[error(transparent)]
    Fault(#[from] Box<Fault>),
    /// The host did: a launch, a copy or a name that cannot be.
    #[error("{0}")]
    Usage(String),
}

fn usage<T>(reason: impl Into<String>) -> Result<T, DeviceError> {
    Err(DeviceError::Usage(reason.into()))
}

/// An address in the device's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pointer(pub u64);

impl Pointer {
    /// The address so many bytes behind.
    pub fn offset(self, bytes: u64) -> Pointer {
        Pointer(self.0.wrapping_add(bytes))
    }
}

/// A device that runs PTX.
///
/// ```
/// use ptx_emulator::{Emulator, Launch, Module, Settings};
///
/// let module = Module::parse(
///     "
///     .version 8.0
///     .target sm_80
///     .address_size 64
///     .visible .entry twice(.param .u64 numbers) {
///         .reg .b32 %r<3>;
///         .reg .b64 %rd<4>;
///         ld.param.u64 %rd1, [numbers];
///         mov.u32 %r1, %tid.x;
///         mul.wide.u32 %rd2, %r1, 4;
///         add.s64 %rd3, %rd1, %rd2;
///         ld.global.u32 %r2, [%rd3];
///         add.u32 %r2, %r2, %r2;
///         st.global.u32 [%rd3], %r2;
///         ret;
///     }",
/// )?;
/// let mut device = Emulator::new(Settings::default());
/// let loaded = device.load(&module)?;
/// let numbers = device.allocate(4 * 32, "numbers");
/// let host: Vec<u8> = (0..32_u32).flat_map(u32::to_le_bytes).collect();
/// device.write(numbers, &host)?;
/// let report = device.launch(loaded, "twice", Launch::linear(1, 32), &[numbers.into()])?;
/// let mut last = [0; 4];
/// device.read(numbers.offset(4 * 31), &mut last)?;
/// assert_eq!(u32::from_le_bytes(last), 62);
/// assert_eq!(report.counters.global_load_sectors, 4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Emulator {
    settings: Settings,
    memory: GlobalMemory,
    modules: Vec<Resident>,
    watch: GlobalWatch,
    workspace: Option<u64>,
    launches: u32,
}

impl Emulator {
    /// A device with nothing in its memory.
    pub fn new(settings: Settings) -> Self {
        Emulator {
            settings,
            memory: GlobalMemory::default(),
            modules: Vec::new(),
            watch: GlobalWatch::default(),
            workspace: None,
            launches: 0,
        }
    }

    /// Allocates memory, which counts as not written. The name is what faults call it.
    pub fn allocate(&mut self, bytes: u64, name: &str) -> Pointer {
        Pointer(self.memory.add(Buffer::new(
            name.to_owned(),
            bytes,
            self.settings.is_sanitizing,
        )))
    }

    /// Gives memory back.
    ///
    /// # Errors
    /// An address that is not that of an allocation.
    pub fn free(&mut self, pointer: Pointer) -> Result<(), DeviceError> {
        let (index, byte) = address::buffer_at(pointer.0);
        match self.memory.buffers.get_mut(index) {
            Some(buffer) if byte == 0 && !buffer.is_freed => {
                buffer.free();
                Ok(())
            }
            _ => usage(format!("{:#x} was not allocated", pointer.0)),
        }
    }

    /// Lets kernels read an allocation, but not write it.
    ///
    /// # Errors
    /// An address that is not that of an allocation.
    pub fn protect(&mut self, pointer: Pointer) -> Result<(), DeviceError> {
        let (index, _) = address::buffer_at(pointer.0);
        match self.memory.buffers.get_mut(index) {
            Some(buffer) => {
                buffer.is_read_only = true;
                Ok(())
            }
            None => usage(format!("{:#x} was not allocated", pointer.0)),
        }
    }

    /// Copies to the device.
    ///
    /// # Errors
    /// A range outside of an allocation.
    pub fn write(&mut self, pointer: Pointer, bytes: &[u8]) -> Result<(), DeviceError> {
        let (buffer, byte) = self.range(pointer, bytes.len())?;
        buffer.write(byte, bytes);
        Ok(())
    }

    /// Fills memory with a byte, and counts it as not written: kernels must not take it for an answer.
    ///
    /// # Errors
    /// A range outside of an allocation.
    pub fn poison(&mut self, pointer: Pointer, bytes: usize, value: u8) -> Result<(), DeviceError> {
        let (buffer, byte) = self.range(pointer, bytes)?;
        buffer.poison(byte, bytes as u64, value);
        Ok(())
    }

    /// Copies from the device.
    ///
    /// # Errors
    /// A range outside of an allocation.
    pub fn read(&self, pointer: Pointer, bytes: &mut [u8]) -> Result<(), DeviceError> {
        let (buffer, byte) = self.range(pointer, bytes.len())?;
        buffer.read(byte, bytes);
        Ok(())
    }

    fn range(&self, pointer: Pointer, bytes: usize) -> Result<(&Buffer, u64), DeviceError> {
        self.memory
            .find(pointer.0, bytes as u64, 1, false)
            .map_err(|miss| {
                let reason = match miss {
                    Miss::Freed => "was freed",
                    _ => "lie outside of every allocation",
                };
                DeviceError::Usage(format!("{bytes} bytes at {:#x} {reason}", pointer.0))
            })
    }
}
