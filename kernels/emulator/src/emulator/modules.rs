//! Modules in a device's memory, and their variables.

use super::{DeviceError, Emulator, Pointer, usage};
use crate::machine::address;
use crate::module::Module;
use crate::program::Program;
use crate::syntax::{Initial, Space};
use std::sync::Arc;

/// A module in the device's memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loaded(pub(super) usize);

/// A module's variables in memory.
pub(super) struct Resident {
    pub(super) program: Arc<Program>,
    pub(super) globals: Vec<u64>,
    pub(super) constants: Vec<u8>,
}

impl Emulator {
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
            address::window(Space::Constant)
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
