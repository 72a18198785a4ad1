//! A launch of a kernel under all settings that must not matter.

use crate::common::{Bench, Plain, settings};
use ptx_emulator::{Argument, Launch, Pointer, Report, Settings};

enum Parameter {
    /// Bytes that the host wrote, or so many that nobody did.
    Written(Vec<u8>),
    Blank(usize),
    Value(Argument),
}

/// A launch.
pub(crate) struct Case {
    text: &'static str,
    kernel: &'static str,
    launch: Launch,
    parameters: Vec<Parameter>,
}

/// What a launch left behind.
pub(crate) struct Outcome {
    buffers: Vec<Vec<u8>>,
    pub(crate) report: Report,
}

impl Case {
    pub(crate) fn new(text: &'static str, kernel: &'static str, grid: u32, block: u32) -> Self {
        Case {
            text,
            kernel,
            launch: Launch::linear(grid, block),
            parameters: Vec::new(),
        }
    }

    /// Along two axes, with dynamic shared memory.
    pub(crate) fn extent(mut self, grid: [u32; 2], block: [u32; 2], shared_bytes: usize) -> Self {
        self.launch = Launch {
            grid: [grid[0], grid[1], 1],
            block: [block[0], block[1], 1],
            shared_bytes,
        };
        self
    }

    pub(crate) fn buffer<T: Plain>(mut self, values: &[T]) -> Self {
        let bytes = values.iter().flat_map(Plain::bytes).collect();
        self.parameters.push(Parameter::Written(bytes));
        self
    }

    pub(crate) fn blank(mut self, bytes: usize) -> Self {
        self.parameters.push(Parameter::Blank(bytes));
        self
    }

    pub(crate) fn value(mut self, value: impl Into<Argument>) -> Self {
        self.parameters.push(Parameter::Value(value.into()));
        self
    }

    /// Runs it under all settings.
    pub(crate) fn run(self) -> Outcome {
        let watched = self.run_under(settings(true));
        for threads in [1, 2] {
            let other = self.run_under(Settings {
                threads: Some(threads),
                ..settings(false)
            });
            let kernel = self.kernel;
            assert_eq!(watched.buffers, other.buffers, "{kernel} on {threads}");
            let (one, other) = (&watched.report, &other.report);
            assert_eq!(one.counters, other.counters, "{kernel} on {threads}");
            assert_eq!(one.printed, other.printed, "{kernel} on {threads}");
        }
        watched
    }

    fn run_under(&self, settings: Settings) -> Outcome {
        let mut bench = Bench::new(self.text, settings);
        let mut pointers: Vec<(Pointer, usize)> = Vec::new();
        let mut arguments: Vec<Argument> = Vec::new();
        for (index, parameter) in self.parameters.iter().enumerate() {
            let name = format!("argument {}", index + 1);
            let (pointer, bytes) = match parameter {
                Parameter::Written(bytes) => (bench.buffer(bytes, &name), bytes.len()),
                Parameter::Blank(bytes) => (bench.blank(*bytes, &name), *bytes),
                Parameter::Value(value) => {
                    arguments.push(value.clone());
                    continue;
                }
            };
            pointers.push((pointer, bytes));
            arguments.push(pointer.into());
        }
        let report = bench
            .launch(self.kernel, self.launch, &arguments)
            .unwrap_or_else(|error| panic!("{}: {error}", self.kernel));
        let buffers = pointers
            .into_iter()
            .map(|(pointer, bytes)| bench.read(pointer, bytes))
            .collect();
        Outcome { buffers, report }
    }
}

impl Outcome {
    /// A buffer, by its number among the buffers.
    pub(crate) fn array<T: Plain>(&self, index: usize) -> Vec<T> {
        let values = self.buffers[index].chunks_exact(T::SIZE);
        values.map(T::of_bytes).collect()
    }
}

/// Numbers without order that are the same in every run.
pub(crate) fn random(count: usize, seed: u64) -> Vec<u32> {
    let mut state = seed;
    let next = || {
        // Knuth's multiplier; the upper bits are the good ones.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 32) as u32
    };
    std::iter::repeat_with(next).take(count).collect()
}

/// Numbers between -1 and 1.
pub(crate) fn fractions(count: usize, seed: u64) -> Vec<f32> {
    let values = random(count, seed).into_iter();
    values
        .map(|value| (value >> 8) as f32 / (1 << 23) as f32 - 1.0)
        .collect()
}
