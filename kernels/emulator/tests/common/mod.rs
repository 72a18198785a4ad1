//! What the integration tests have in common: devices, buffers, and single instructions held against expected values.

#![allow(dead_code)] // every test crate uses its own part

use ptx_emulator::{Argument, DeviceError, Emulator, Launch, Module, Pointer, Report, Settings};

/// What every hand-written module begins with.
pub(crate) const HEADER: &str = ".version 8.7\n.target sm_90\n.address_size 64\n";

/// Settings for small kernels: a budget that ends endless loops soon.
pub(crate) fn settings(is_sanitizing: bool) -> Settings {
    Settings {
        is_sanitizing,
        budget: 20_000_000,
        ..Settings::default()
    }
}

/// Reads a module, or says why it cannot be read.
pub(crate) fn module(text: &str) -> Module {
    Module::parse(text).unwrap_or_else(|error| panic!("{error}\n{}", numbered(text, error.line)))
}

/// The lines around one, for messages.
fn numbered(text: &str, line: u32) -> String {
    let lines = text.lines().zip(1..);
    let near = lines.filter(|(_, number)| line.abs_diff(*number) <= 2);
    let lines: Vec<String> = near
        .map(|(text, number)| format!("{number}: {text}"))
        .collect();
    lines.join("\n")
}

/// A device with one module.
pub(crate) struct Bench {
    pub(crate) device: Emulator,
    pub(crate) loaded: ptx_emulator::Loaded,
}

impl Bench {
    pub(crate) fn new(text: &str, settings: Settings) -> Self {
        let mut device = Emulator::new(settings);
        let loaded = device.load(&module(text)).expect("the module loads");
        Bench { device, loaded }
    }

    /// A buffer with these bytes.
    pub(crate) fn buffer<T: Plain>(&mut self, values: &[T], name: &str) -> Pointer {
        let bytes: Vec<u8> = values.iter().flat_map(Plain::bytes).collect();
        let pointer = self.device.allocate(bytes.len() as u64, name);
        self.device.write(pointer, &bytes).expect("it fits");
        pointer
    }

    /// A buffer that nobody wrote.
    pub(crate) fn blank(&mut self, bytes: usize, name: &str) -> Pointer {
        self.device.allocate(bytes as u64, name)
    }

    pub(crate) fn launch(
        &mut self,
        kernel: &str,
        launch: Launch,
        arguments: &[Argument],
    ) -> Result<Report, DeviceError> {
        self.device.launch(self.loaded, kernel, launch, arguments)
    }

    pub(crate) fn read<T: Plain>(&self, pointer: Pointer, count: usize) -> Vec<T> {
        let mut bytes = vec![0; count * T::SIZE];
        self.device.read(pointer, &mut bytes).expect("it is there");
        bytes.chunks_exact(T::SIZE).map(T::of_bytes).collect()
    }
}

/// Numbers that lie in memory as they are.
pub(crate) trait Plain: Copy {
    const SIZE: usize;
    fn bytes(&self) -> Vec<u8>;
    fn of_bytes(bytes: &[u8]) -> Self;
}

macro_rules! plain {
    ($($type:ty),*) => {$(
        impl Plain for $type {
            const SIZE: usize = size_of::<$type>();
            fn bytes(&self) -> Vec<u8> {
                self.to_le_bytes().to_vec()
            }
            fn of_bytes(bytes: &[u8]) -> Self {
                <$type>::from_le_bytes(bytes.try_into().expect("a whole number"))
            }
        }
    )*};
}
plain!(u8, i8, u16, u32, i32, u64, i64, f32, f64);
