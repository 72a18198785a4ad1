//! Two kernels that do the same work every time, run beside the rounds: if they move, the machine does.
//!
//! One branches on data that nobody can predict (clock, branch predictor), one streams over more memory than an inner cache
//! holds (memory shared with neighbours). Each takes well under a millisecond.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Instant;

use reports::statistics::robust::median;

use super::process;

/// Processor time of both kernels, nanoseconds: the branching one, the streaming one.
pub type Pulse = [u64; 2];

/// A thread that runs the kernels on the processor that measurements are taken on.
pub struct Calibration {
    asks: Option<Sender<()>>,
    answers: Receiver<Pulse>,
    thread: Option<JoinHandle<()>>,
}

impl Calibration {
    /// Starts the thread, pinned if a processor is named, and warms both kernels up.
    pub fn new(processor: Option<usize>) -> Self {
        let (asks, questions) = channel::<()>();
        let (answer, answers) = channel();
        let thread = std::thread::spawn(move || {
            if let Some(processor) = processor {
                process::pin(processor);
            }
            let memory: Vec<u64> = (0..STREAMED as u64).collect();
            let pulse = || [timed(branching), timed(|| streaming(&memory))];
            pulse();
            while questions.recv().is_ok() && answer.send(pulse()).is_ok() {}
        });
        Calibration {
            asks: Some(asks),
            answers,
            thread: Some(thread),
        }
    }

    /// Runs both kernels now. `None` if the thread is gone.
    pub fn pulse(&self) -> Option<Pulse> {
        self.asks.as_ref()?.send(()).ok()?;
        self.answers.recv().ok()
    }
}

impl Drop for Calibration {
    fn drop(&mut self) {
        self.asks = None; // ends the thread
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Numbers in the streamed memory: 4 MiB.
const STREAMED: usize = 1 << 19;
/// Rounds of the branching kernel.
const BRANCHES: u32 = 40_000;

fn timed(kernel: impl FnOnce() -> u64) -> u64 {
    let (cpu, wall) = (process::thread_cpu_ns(), Instant::now());
    std::hint::black_box(kernel());
    let wall = wall.elapsed().as_nanos() as u64;
    cpu.zip(process::thread_cpu_ns())
        .map_or(wall, |(before, after)| after - before)
}

fn branching() -> u64 {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut sum = 0_u64;
    for _ in 0..BRANCHES {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        // What is opaque to the compiler stays a branch.
        if std::hint::black_box(state & 1) == 1 {
            sum = sum.wrapping_add(state);
        } else {
            sum = sum.rotate_left(3);
        }
    }
    sum
}

fn streaming(memory: &[u64]) -> u64 {
    memory
        .iter()
        .fold(0, |sum: u64, number| sum.wrapping_add(*number))
}

/// How far the machine moved: for each kernel, the slowest third of the rounds (in their order) against the fastest, by their
/// medians; the greater of both, 0.03 for 3%. `None` of fewer than three rounds, of which one outlier would be a third.
pub fn drift(pulses: &[Pulse]) -> Option<f64> {
    if pulses.len() < 3 {
        return None;
    }
    let of_kernel = |kernel: usize| {
        let times: Vec<f64> = pulses.iter().map(|pulse| pulse[kernel] as f64).collect();
        let thirds = [
            &times[..times.len() / 3],
            &times[times.len() / 3..times.len() * 2 / 3],
            &times[times.len() * 2 / 3..],
        ];
        let medians: Vec<f64> = thirds.iter().filter_map(|third| median(third)).collect();
        let least = medians.iter().copied().reduce(f64::min)?;
        let most = medians.iter().copied().reduce(f64::max)?;
        (least > 0.0).then(|| most / least - 1.0)
    };
    let drifts = (0..2).filter_map(of_kernel);
    drifts.reduce(f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_machine_has_no_drift_whatever_single_rounds_do() {
        // Thirds of 9 rounds: medians 10, 10, 10 of the first kernel in spite of the 99; 5, 5, 5 of the second.
        let mut pulses = [[10, 5]; 9];
        pulses[4] = [99, 50];
        assert_eq!(drift(&pulses), Some(0.0));
    }

    #[test]
    fn a_machine_that_slows_down_has_drifted_by_the_slower_kernel() {
        // Medians of thirds 100, 105, 110 (10%) and 200, 200, 250 (25%).
        let pulses = [[100, 200], [105, 200], [110, 250]];
        assert_eq!(drift(&pulses), Some(0.25));
    }

    #[test]
    fn two_rounds_say_nothing_of_drift() {
        assert_eq!(drift(&[[1, 1], [2, 2]]), None);
    }

    #[test]
    fn the_kernels_take_time() {
        let pulse = Calibration::new(None).pulse().unwrap();
        assert!(pulse.iter().all(|time| *time > 0));
    }
}
