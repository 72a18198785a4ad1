//! Launches: what a kernel is called with, and what comes of it.

use super::{DeviceError, Emulator, Loaded, Pointer, Settings, usage};
use crate::counters::Counters;
use crate::fault::{Fault, OtherSide};
use crate::machine::{Block, Grid, LaunchState, Stop};
use crate::program::{Entry, Program};
use crate::sanitizer::GlobalWatch;
use std::sync::Arc;

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

/// What a launch did.
#[derive(Clone, Debug)]
pub struct Report {
    /// What was counted.
    pub counters: Counters,
    /// What `printf` wrote.
    pub printed: String,
}

impl Emulator {
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
        line: program.source_line(pc),
        block: block(running.block),
        thread: trouble
            .lane
            .map(|lane| thread(running.warp * 32 + lane as u32)),
        access: trouble.access,
        other: trouble.rival.map(|rival| OtherSide {
            block: block(rival.block.unwrap_or(running.block)),
            thread: rival.thread.map(thread),
            line: program.source_line(rival.pc),
            is_write: rival.is_write,
        }),
    }
}

fn check_extent(
    entry: &Entry,
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
    entry: &Entry,
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
