//! The emulator as a device.

use ptx_emulator as emulator;
use vocabulary::Target;

use crate::device::{Address, Device, DeviceError, LaunchOf, Mark, ModuleId, POISON};
use crate::fault::Fault;

/// The emulator, and what its launches counted.
pub struct EmulatedDevice {
    emulator: emulator::Emulator,
    modules: Vec<emulator::Loaded>,
    counters: emulator::Counters,
}

impl EmulatedDevice {
    /// A device with settings of its own.
    pub fn new(settings: emulator::Settings) -> Self {
        EmulatedDevice {
            emulator: emulator::Emulator::new(settings),
            modules: Vec::new(),
            counters: emulator::Counters::default(),
        }
    }

    /// What all launches since the last call counted.
    pub fn take_counters(&mut self) -> emulator::Counters {
        std::mem::take(&mut self.counters)
    }
}

impl From<emulator::DeviceError> for DeviceError {
    fn from(error: emulator::DeviceError) -> Self {
        match error {
            emulator::DeviceError::Fault(fault) => DeviceError::Fault(Fault {
                kind: fault.kind,
                detail: fault.to_string(),
                line: (!fault.line.file.is_empty()).then_some(fault.line.line),
            }),
            // A launch that no device would accept is the kernel's own doing: its plan says grid, block and arguments.
            other => DeviceError::Fault(Fault {
                kind: emulator::FaultKind::Trap,
                detail: other.to_string(),
                line: None,
            }),
        }
    }
}

impl Device for EmulatedDevice {
    fn target(&self) -> Target {
        Target::Emulator
    }

    fn name(&self) -> &str {
        "PTX emulator"
    }

    fn load(&mut self, ptx: &str) -> Result<ModuleId, DeviceError> {
        let module = emulator::Module::parse(ptx);
        let module = module.map_err(|error| DeviceError::Unsupported(error.to_string()))?;
        self.modules.push(self.emulator.load(&module)?);
        Ok(ModuleId(self.modules.len() as u64 - 1))
    }

    fn unload(&mut self, module: ModuleId) {
        self.emulator.unload(self.modules[module.0 as usize]);
    }

    fn allocate(&mut self, bytes: u64, name: &str) -> Result<Address, DeviceError> {
        Ok(Address(self.emulator.allocate(bytes, name).0))
    }

    fn free(&mut self, address: Address) {
        let freed = self.emulator.free(emulator::Pointer(address.0));
        debug_assert!(freed.is_ok(), "only what was allocated is freed");
    }

    fn write(&mut self, address: Address, bytes: &[u8]) -> Result<(), DeviceError> {
        Ok(self.emulator.write(emulator::Pointer(address.0), bytes)?)
    }

    fn read(&mut self, address: Address, bytes: &mut [u8]) -> Result<(), DeviceError> {
        Ok(self.emulator.read(emulator::Pointer(address.0), bytes)?)
    }

    fn fill(&mut self, address: Address, element: &[u8], count: u64) -> Result<(), DeviceError> {
        let bytes = element.repeat(count as usize);
        self.write(address, &bytes)
    }

    fn poison(&mut self, address: Address, bytes: u64) -> Result<(), DeviceError> {
        let pointer = emulator::Pointer(address.0);
        Ok(self.emulator.poison(pointer, bytes as usize, POISON)?)
    }

    fn protect(&mut self, address: Address) {
        let protected = self.emulator.protect(emulator::Pointer(address.0));
        debug_assert!(protected.is_ok(), "only what was allocated is protected");
    }

    fn launch(&mut self, module: ModuleId, launch: &LaunchOf<'_>) -> Result<(), DeviceError> {
        let arguments: Vec<emulator::Argument> = launch
            .arguments
            .iter()
            .map(|bytes| emulator::Argument::bytes(bytes.clone()))
            .collect();
        let extent = emulator::Launch {
            grid: launch.grid,
            block: launch.block,
            shared_bytes: launch.shared_bytes as usize,
        };
        let loaded = self.modules[module.0 as usize];
        let report = self
            .emulator
            .launch(loaded, launch.entry, extent, &arguments)?;
        self.counters.add(&report.counters);
        Ok(())
    }

    fn synchronise(&mut self) -> Result<(), DeviceError> {
        Ok(()) // launches return when they are done
    }

    fn mark(&mut self) -> Result<Mark, DeviceError> {
        Ok(Mark(0))
    }

    fn elapsed(&mut self, _from: Mark, _to: Mark) -> Result<Option<f64>, DeviceError> {
        Ok(None) // what the emulator takes says nothing of a GPU
    }
}
