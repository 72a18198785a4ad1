//! The device: memory, modules, launches.

use crate::counters::Counters;
use crate::fault::{Fault, OtherSide, SourceLine};
use crate::machine::{Block, Grid, LaunchState, Stop, address};
use crate::memory::{Buffer, GlobalMemory, Miss};
use crate::module::Module;
use crate::program::Program;
use crate::sanitizer::GlobalWatch;
use crate::syntax::Initial;
use std::sync::Arc;
use thiserror::Error;

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

/// The extent of a launch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Launch {
    /// Blocks along x, y, z.
    pub grid: [u32; 3],
    /// Threads of a block along x, y, z.
    pub block: [u32; 3],
    /// Dynamic shared memory of a block, in bytes.
    pub shared_bytes: usize,
}

impl Launch {
    /// A launch along x alone, without dynamic shared memory.
    pub fn linear(grid: u32, block: u32) -> Self {
        Launch {
            grid: [grid, 1, 1],
            block: [block, 1, 1],
            shared_bytes: 0,
        }
    }
}

/// What a kernel is called with: the bytes of a parameter, as they lie in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument(Vec<u8>);

impl Argument {
    /// Any bytes: a structure.
    pub fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Argument(bytes.into())
    }
}

macro_rules! arguments {
    ($($type:ty),*) => {$(
        impl From<$type> for Argument {
            fn from(value: $type) -> Self {
                Argument(value.to_le_bytes().to_vec())
            }
        }
    )*};
}
arguments!(u8, i8, u16, i16, u32, i32, u64, i64, f32, f64);

impl From<Pointer> for Argument {
    fn from(pointer: Pointer) -> Self {
        pointer.0.into()
    }
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

/// A module in the device's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loaded(usize);

/// What a launch did.
#[derive(Clone, Debug)]
pub struct Report {
    /// What was counted.
    pub counters: Counters,
    /// What `printf` wrote.
    pub printed: String,
}

/// A module's variables in memory.
struct Resident {
    program: Arc<Program>,
    globals: Vec<u64>,
    constants: Vec<u8>,
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

    /// Puts a module's variables into memory, with their initial values.
    ///
    /// # Errors
    /// An initial value that names what there is not.
    pub fn load(&mut self, module: &Module) -> Result<Loaded, DeviceError> {
        let program = Arc::clone(&module.program);
        let sizes = program.globals.iter().map(|variable| variable.bytes);
        let all: u64 = sizes.map(|bytes| bytes.unwrap_or(0) as u64).sum();
        if all > self.settings.variable_bytes {
            return usage(format!(
                "the module's variables have {all} bytes, more than {}",
                self.settings.variable_bytes
            ));
        }
        let mut globals = Vec::new();
        for variable in &program.globals {
            let bytes = variable.bytes.unwrap_or(0) as u64;
            // Variables without initial values are zeros by definition.
            let address = self.allocate(bytes, &variable.name).0;
            self.write(Pointer(address), &vec![0; bytes as usize])?;
            globals.push(address);
        }
        let mut constants = vec![
            0;
            program
                .constants
                .iter()
                .map(|(variable, start)| *start as usize + variable.bytes.unwrap_or(0))
                .max()
                .unwrap_or(0)
        ];
        let resident = Resident {
            program: Arc::clone(&program),
            globals,
            constants: Vec::new(),
        };
        for (index, variable) in program.globals.iter().enumerate() {
            let bytes = initial_bytes(&resident, &variable.initial, variable.element_bytes)?;
            self.write(Pointer(resident.globals[index]), &bytes)?;
        }
        for (variable, start) in &program.constants {
            let bytes = initial_bytes(&resident, &variable.initial, variable.element_bytes)?;
            constants[*start as usize..*start as usize + bytes.len()].copy_from_slice(&bytes);
        }
        self.modules.push(Resident {
            constants,
            ..resident
        });
        Ok(Loaded(self.modules.len() - 1))
    }

    /// Takes a module out of the memory: its variables are freed, and it can no longer be launched.
    pub fn unload(&mut self, module: Loaded) {
        let globals = std::mem::take(&mut self.modules[module.0].globals);
        for global in globals {
            let (index, _) = address::buffer_at(global);
            self.memory.buffers[index].free();
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

    /// The address and size of a `__device__` variable.
    ///
    /// # Errors
    /// No such variable.
    pub fn symbol(&self, module: Loaded, name: &str) -> Result<(Pointer, usize), DeviceError> {
        let resident = &self.modules[module.0];
        let found = resident
            .program
            .globals
            .iter()
            .position(|variable| variable.name == name);
        match found {
            Some(index) => {
                let bytes = resident.program.globals[index].bytes.unwrap_or(0);
                Ok((Pointer(resident.globals[index]), bytes))
            }
            None => usage(format!("there is no global variable {name}")),
        }
    }

    /// Sets a `__constant__` or `__device__` variable, from its first byte on.
    ///
    /// ```
    /// # use ptx_emulator::{Emulator, Module, Settings};
    /// let module = Module::parse(
    ///     "
    ///     .version 8.0
    ///     .target sm_80
    ///     .address_size 64
    ///     .const .align 4 .f32 scale;
    ///     .global .align 4 .u32 counts[2] = {1, 2};",
    /// )?;
    /// let mut device = Emulator::new(Settings::default());
    /// let loaded = device.load(&module)?;
    /// device.set_symbol(loaded, "scale", &0.5_f32.to_le_bytes())?;
    /// device.set_symbol(loaded, "counts", &7_u32.to_le_bytes())?;
    /// let (counts, size) = device.symbol(loaded, "counts")?;
    /// let mut bytes = [0; 8];
    /// device.read(counts, &mut bytes)?;
    /// assert_eq!((size, bytes), (8, [7, 0, 0, 0, 2, 0, 0, 0]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// No such variable, or more bytes than it has.
    pub fn set_symbol(
        &mut self,
        module: Loaded,
        name: &str,
        bytes: &[u8],
    ) -> Result<(), DeviceError> {
        let resident = &mut self.modules[module.0];
        let constants = &resident.program.constants;
        if let Some((variable, start)) =
            constants.iter().find(|(variable, _)| variable.name == name)
        {
            if bytes.len() > variable.bytes.unwrap_or(0) {
                return usage(format!("{name} has less than {} bytes", bytes.len()));
            }
            let start = *start as usize;
            resident.constants[start..start + bytes.len()].copy_from_slice(bytes);
            return Ok(());
        }
        let (pointer, _) = self.symbol(module, name)?;
        self.write(pointer, bytes)
    }

    /// Runs a kernel to its end.
    ///
    /// ```
    /// # use ptx_emulator::{DeviceError, Emulator, FaultKind, Launch, Module, Settings};
    /// let module = Module::parse(
    ///     "
    ///     .version 8.0
    ///     .target sm_80
    ///     .address_size 64
    ///     .visible .entry fill(.param .u64 numbers, .param .u32 value) {
    ///         .reg .b32 %r<3>;
    ///         .reg .b64 %rd<4>;
    ///         ld.param.u64 %rd1, [numbers];
    ///         ld.param.u32 %r1, [value];
    ///         mov.u32 %r2, %tid.x;
    ///         mul.wide.u32 %rd2, %r2, 4;
    ///         add.s64 %rd3, %rd1, %rd2;
    ///         st.global.u32 [%rd3], %r1;
    ///         ret;
    ///     }",
    /// )?;
    /// let mut device = Emulator::new(Settings::default());
    /// let loaded = device.load(&module)?;
    /// let numbers = device.allocate(4 * 48, "numbers");
    /// let arguments = [numbers.into(), 9_u32.into()];
    /// let Err(DeviceError::Fault(fault)) = device.launch(loaded, "fill", Launch::linear(1, 64), &arguments)
    /// else {
    ///     panic!("the last 16 threads write behind the 48 numbers");
    /// };
    /// assert_eq!(fault.kind, FaultKind::OutOfBounds);
    /// assert_eq!(fault.thread, Some([48, 0, 0]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// What the kernel did wrong, or a launch that no device would accept.
    pub fn launch(
        &mut self,
        module: Loaded,
        kernel: &str,
        launch: Launch,
        arguments: &[Argument],
    ) -> Result<Report, DeviceError> {
        self.launches += 1;
        let resident = &self.modules[module.0];
        let program = Arc::clone(&resident.program);
        let Some(entry) = program.entries.get(kernel) else {
            return usage(format!("there is no kernel {kernel}"));
        };
        if resident.globals.len() != program.globals.len() {
            return usage("the module was unloaded");
        }
        let shared_bytes = entry.static_shared + launch.shared_bytes;
        check_extent(entry, &launch, shared_bytes, &self.settings)?;
        let frame_bytes = program.functions[entry.function].frame_bytes;
        if frame_bytes > self.settings.stack_bytes {
            return usage(format!(
                "{kernel} has {frame_bytes} bytes of local memory, more than the {} of a thread",
                self.settings.stack_bytes
            ));
        }
        let parameters = parameter_bytes(kernel, entry, arguments)?;
        let workspace = match self.workspace {
            Some(workspace) => workspace,
            None => {
                let pointer = self.allocate(64, "the grid's barrier");
                self.write(pointer, &[0; 64])?;
                *self.workspace.insert(pointer.0)
            }
        };
        let resident = &self.modules[module.0];
        let state = LaunchState {
            grid: launch.grid,
            block: launch.block,
            dynamic_shared: launch.shared_bytes,
            shared_bytes,
            parameters,
            constants: resident.constants.clone(),
            workspace,
            globals: resident.globals.clone(),
            stack_limit: self.settings.stack_bytes,
            number: self.launches,
        };
        let grid = Grid {
            program: &program,
            entry,
            launch: &state,
            memory: &self.memory,
            budget: self.settings.budget,
        };
        let outcome = if self.settings.is_sanitizing {
            let mut watch = std::mem::take(&mut self.watch);
            watch.begin(self.memory.buffers.len());
            grid.run_in_order::<true>(watch)
        } else if entry.is_communicating {
            grid.run_in_order::<false>(GlobalWatch::default())
        } else {
            let cores = || std::thread::available_parallelism().map_or(1, usize::from);
            grid.run_side_by_side(self.settings.threads.unwrap_or_else(cores))
        };
        match outcome {
            Ok(run) => {
                self.watch = run.watch;
                let counters = Counters::new(&program, &run.tally);
                Ok(Report {
                    counters,
                    printed: run.printed,
                })
            }
            Err(stop) => Err(Box::new(fault(&program, kernel, &state, stop)).into()),
        }
    }
}

fn fault(program: &Program, kernel: &str, launch: &LaunchState, stop: Stop) -> Fault {
    let Stop {
        trouble,
        pc,
        running,
    } = stop;
    let trouble = *trouble;
    let [x, y, _] = launch.grid;
    let block = |number: u32| [number % x, number / x % y, number / x / y];
    let thread = |number: u32| Block::thread(launch, number);
    Fault {
        kind: trouble.kind,
        detail: trouble.detail,
        kernel: kernel.to_owned(),
        line: source_line(program, pc),
        block: block(running.block),
        thread: trouble
            .lane
            .map(|lane| thread(running.warp * 32 + lane as u32)),
        access: trouble.access,
        other: trouble.rival.map(|rival| OtherSide {
            block: block(rival.block.unwrap_or(running.block)),
            thread: rival.thread.map(thread),
            line: source_line(program, rival.pc),
            is_write: rival.is_write,
        }),
    }
}

/// The source line of a step.
pub(crate) fn source_line(program: &Program, pc: u32) -> SourceLine {
    let Some(description) = program.descriptions.get(pc as usize) else {
        return SourceLine {
            file: String::new(),
            line: 0,
        };
    };
    let named = description.location.and_then(|location| {
        let file = program.files.get(&location.file)?.clone();
        Some(SourceLine {
            file,
            line: location.line,
        })
    });
    named.unwrap_or(SourceLine {
        file: String::new(),
        line: description.line,
    })
}

fn check_extent(
    entry: &crate::program::Entry,
    launch: &Launch,
    shared_bytes: usize,
    settings: &Settings,
) -> Result<(), DeviceError> {
    let threads = launch
        .block
        .iter()
        .try_fold(1_u32, |product, size| product.checked_mul(*size));
    let blocks = launch
        .grid
        .iter()
        .try_fold(1_u32, |product, size| product.checked_mul(*size));
    match (threads, blocks) {
        (Some(1..=1024), Some(1..)) => {}
        (Some(1..=1024), _) => return usage(format!("a grid of {:?} blocks is none", launch.grid)),
        _ => {
            return usage(format!(
                "a block of {:?} threads is none: it has 1 to 1024",
                launch.block
            ));
        }
    }
    if launch.block[2] > 64 || launch.grid[1] > 65_535 || launch.grid[2] > 65_535 {
        return usage(
            "a block has at most 64 threads along z, a grid at most 65535 blocks along y and z",
        );
    }
    if entry
        .required_threads
        .is_some_and(|required| required != launch.block)
    {
        return usage(format!(
            "the kernel requires blocks of {:?} threads",
            entry.required_threads.unwrap_or_default()
        ));
    }
    if let Some(most) = entry.most_threads
        && most.iter().product::<u32>() < launch.block.iter().product()
    {
        return usage(format!(
            "the kernel was compiled for at most {} threads a block",
            most.iter().product::<u32>()
        ));
    }
    if shared_bytes > settings.shared_bytes {
        return usage(format!(
            "{shared_bytes} bytes of shared memory are more than the {} of a block",
            settings.shared_bytes
        ));
    }
    Ok(())
}

fn parameter_bytes(
    kernel: &str,
    entry: &crate::program::Entry,
    arguments: &[Argument],
) -> Result<Vec<u8>, DeviceError> {
    if arguments.len() != entry.parameters.len() {
        return usage(format!(
            "{kernel} takes {} arguments, not {}",
            entry.parameters.len(),
            arguments.len()
        ));
    }
    let mut bytes = vec![0; entry.parameter_bytes];
    for (index, (parameter, argument)) in entry.parameters.iter().zip(arguments).enumerate() {
        if argument.0.len() != parameter.bytes {
            return usage(format!(
                "argument {} of {kernel} has {} bytes, not {}",
                index + 1,
                parameter.bytes,
                argument.0.len()
            ));
        }
        let start = entry.parameter_places[index];
        bytes[start..start + parameter.bytes].copy_from_slice(&argument.0);
    }
    Ok(bytes)
}

/// The bytes of initial values.
fn initial_bytes(
    resident: &Resident,
    values: &[Initial],
    element: usize,
) -> Result<Vec<u8>, DeviceError> {
    let mut bytes = Vec::with_capacity(values.len() * element);
    for value in values {
        let bits = match value {
            Initial::Bits(bits) => *bits,
            Initial::Address {
                name,
                offset,
                is_generic,
                mask,
            } => {
                let address = address_of(resident, name, *is_generic)?.wrapping_add(*offset as u64);
                match mask {
                    Some(mask) if *mask != 0 => (address & mask) >> mask.trailing_zeros(),
                    _ => address,
                }
            }
        };
        bytes.extend_from_slice(&bits.to_le_bytes()[..element.min(8)]);
    }
    Ok(bytes)
}

fn address_of(resident: &Resident, name: &str, is_generic: bool) -> Result<u64, DeviceError> {
    let program = &resident.program;
    if let Some(index) = program
        .globals
        .iter()
        .position(|variable| variable.name == name)
    {
        return Ok(resident.globals[index]);
    }
    if let Some((_, start)) = program
        .constants
        .iter()
        .find(|(variable, _)| variable.name == name)
    {
        let window = if is_generic {
            address::window(crate::syntax::Space::Constant)
        } else {
            0
        };
        return Ok(window + start);
    }
    match program
        .functions
        .iter()
        .position(|function| function.name == name)
    {
        Some(index) => Ok(address::of_function(index)),
        None => usage(format!("an initial value names {name}, which is nowhere")),
    }
}
