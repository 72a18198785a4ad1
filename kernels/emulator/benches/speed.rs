//! How fast kernels run: lane instructions a second, by the processor time of the thread that runs them.
//!
//! Each kernel's goal stands beside its figure; what misses it ends the bench with an error. With two threads the blocks run
//! side by side: their speed-up is held against that of two plain loops in the same run. Names behind `--` choose kernels.

use ptx_emulator::{Argument, Emulator, Launch, Module, Pointer, Settings};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Runs of each kernel, of which the fastest counts: what the machine is busy with only adds.
const RUNS: usize = 30;

struct Kernel {
    name: &'static str,
    text: &'static str,
    launch: Launch,
    /// Bytes of each buffer: what is read is filled, the last is written.
    buffers: &'static [usize],
    arguments: &'static [i32],
    /// Billions of lane instructions a second, at least; none: shown alone.
    goal: Option<f64>,
}

const KERNELS: [Kernel; 4] = [
    Kernel {
        name: "sliding_maximum",
        text: include_str!("kernels/sliding_maximum.ptx"),
        launch: Launch {
            grid: [1024, 1, 1],
            block: [256, 1, 1],
            shared_bytes: 4 * (256 + 64),
        },
        buffers: &[4 << 18, 4 << 18],
        arguments: &[1 << 18, 64],
        goal: Some(4.0),
    },
    Kernel {
        name: "tiled_product",
        text: include_str!("kernels/tiled_product.ptx"),
        launch: Launch {
            grid: [6, 6, 1],
            block: [32, 8, 1],
            shared_bytes: 0,
        },
        buffers: &[4 * 192 * 192, 4 * 192 * 192, 4 * 192 * 192],
        arguments: &[192],
        goal: Some(4.0),
    },
    Kernel {
        name: "block_reduction",
        text: include_str!("kernels/block_reduction.ptx"),
        launch: Launch {
            grid: [64, 1, 1],
            block: [256, 1, 1],
            shared_bytes: 0,
        },
        buffers: &[4 << 22, 4 * 64],
        arguments: &[1 << 22],
        goal: Some(2.5),
    },
    Kernel {
        name: "tensor_product",
        text: include_str!("kernels/tensor_product.ptx"),
        // Of 16 blocks a thread would have 7 or 9 as often as 8: of 64 the difference is small.
        launch: Launch {
            grid: [8, 8, 1],
            block: [128, 1, 1],
            shared_bytes: 0,
        },
        buffers: &[2 * 512 * 512, 2 * 512 * 512, 4 * 512 * 512],
        arguments: &[512],
        goal: Some(0.5),
    },
];

/// A kernel on a device, with its buffers.
struct Prepared {
    device: Emulator,
    loaded: ptx_emulator::Loaded,
    arguments: Vec<Argument>,
}

impl Kernel {
    fn prepare(&self, is_sanitizing: bool, threads: usize) -> Prepared {
        let module = Module::parse(self.text).expect("the bench's own kernels are PTX");
        let settings = Settings {
            is_sanitizing,
            threads: Some(threads),
            ..Settings::default()
        };
        let mut device = Emulator::new(settings);
        let loaded = device.load(&module).expect("nothing is missing");
        let pointers: Vec<Pointer> = self
            .buffers
            .iter()
            .map(|bytes| device.allocate(*bytes as u64, "buffer"))
            .collect();
        for (pointer, bytes) in pointers.iter().zip(self.buffers) {
            // Small numbers in single as in half precision.
            let pattern: Vec<u8> = (0..*bytes)
                .map(|place| {
                    if place % 2 == 1 {
                        0x3c
                    } else {
                        (place / 7 % 4) as u8
                    }
                })
                .collect();
            device
                .write(*pointer, &pattern)
                .expect("the range is that of the buffer");
        }
        let numbers = self.arguments.iter().map(|number| (*number).into());
        let arguments = pointers
            .into_iter()
            .map(Into::into)
            .chain(numbers)
            .collect();
        Prepared {
            device,
            loaded,
            arguments,
        }
    }

    /// The fastest run: lane instructions, instructions of warps, and the time.
    fn fastest(&self, prepared: &mut Prepared, clock: fn() -> Duration) -> (u64, u64, Duration) {
        let runs = (0..RUNS).map(|_| {
            let start = clock();
            let report = prepared.device.launch(
                prepared.loaded,
                self.name,
                self.launch,
                &prepared.arguments,
            );
            let time = clock() - start;
            let counters = report.expect("the bench's own kernels are right").counters;
            (
                counters.thread_instructions,
                counters.warp_instructions,
                time,
            )
        });
        runs.min_by_key(|(_, _, time)| *time)
            .expect("there are runs")
    }
}

/// The processor time of this thread.
fn thread_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// The time that passes.
fn wall_time() -> Duration {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

/// How much faster two threads do twice the work of a plain loop than one does.
fn speed_up_of_loops() -> f64 {
    let work = || {
        let mut sum = 0_u64;
        for number in 0..100_000_000_u64 {
            sum = sum.wrapping_mul(31).wrapping_add(black_box(number));
        }
        black_box(sum);
    };
    let timed = |threads: usize| {
        let start = Instant::now();
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(work);
            }
        });
        start.elapsed().as_secs_f64()
    };
    let least = |threads| (0..3).map(|_| timed(threads)).fold(f64::MAX, f64::min);
    2.0 * least(1) / least(2)
}

fn main() {
    let mut missed = Vec::new();
    println!(
        "{:<18}{:>14}{:>10}{:>8}{:>12}{:>8}{:>12}",
        "kernel", "G lanes/s", "goal", "", "ns a warp", "lanes", "sanitizer"
    );
    let names: Vec<String> = std::env::args()
        .skip(1)
        .filter(|name| !name.starts_with('-'))
        .collect();
    let kernels = || {
        let is_chosen = |kernel: &&Kernel| {
            names.is_empty() || names.iter().any(|name| kernel.name.contains(name.as_str()))
        };
        KERNELS.iter().filter(is_chosen)
    };
    for kernel in kernels() {
        let (lanes, warps, time) = kernel.fastest(&mut kernel.prepare(false, 1), thread_time);
        let (_, _, watched) = kernel.fastest(&mut kernel.prepare(true, 1), thread_time);
        let speed = lanes as f64 / time.as_secs_f64() / 1e9;
        let cost = watched.as_secs_f64() / time.as_secs_f64();
        let verdict = match kernel.goal {
            Some(goal) if speed < goal => "MISSED",
            Some(_) => "held",
            None => "",
        };
        println!(
            "{:<18}{speed:>14.2}{:>10.1}{verdict:>8}{:>12.1}{:>7.0}%{:>11.1}x",
            kernel.name,
            kernel.goal.unwrap_or(0.0),
            time.as_secs_f64() * 1e9 / warps as f64,
            100.0 * lanes as f64 / (32 * warps) as f64,
            cost,
        );
        if verdict == "MISSED" {
            missed.push(format!(
                "{} runs at {speed:.2} G lane instructions a second",
                kernel.name
            ));
        }
        if cost > 4.0 {
            missed.push(format!(
                "the sanitizer makes {} {cost:.1} times as slow",
                kernel.name
            ));
        }
    }
    let loops = speed_up_of_loops();
    println!("\nspeed-up of two threads: plain loops {loops:.2}");
    for kernel in kernels() {
        let (_, _, one) = kernel.fastest(&mut kernel.prepare(false, 1), wall_time);
        let (_, _, two) = kernel.fastest(&mut kernel.prepare(false, 2), wall_time);
        let speed_up = one.as_secs_f64() / two.as_secs_f64();
        println!(
            "  {:<18}{speed_up:>6.2}, {:.2} of that",
            kernel.name,
            speed_up / loops
        );
        if speed_up < 0.9 * loops {
            missed.push(format!(
                "{} gains {speed_up:.2} by a second thread",
                kernel.name
            ));
        }
    }
    if !missed.is_empty() {
        eprintln!("\nmissed:\n  {}", missed.join("\n  "));
        std::process::exit(1);
    }
}
