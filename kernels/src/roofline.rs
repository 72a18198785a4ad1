//! What a device can do at most, measured beside the kernels: nothing is believed that is faster than its bytes.

use vocabulary::{Array, Arrays, units};

use crate::calibration::{COPY, Calibration, RATE, RATE_OPERATIONS, rate_extent};
use crate::cuda::{Cache, Gpu};
use crate::run::{Limits, RunError, Session};
use crate::timing::{Sample, Stop, sample, summary};

/// What a device can do at most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Roofs {
    /// Bytes that its memory gives and takes in a second.
    pub bytes_per_second: f64,
    /// Operations on `f32` in a second, a fused multiplication and addition being two.
    pub operations_per_second: f64,
    /// What may be written without having arrived in memory: the size of its cache.
    pub cache_bytes: u64,
}

/// What a kernel must do at least.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Bytes that it must read.
    pub read_bytes: u64,
    /// Bytes that it must write.
    pub written_bytes: u64,
    /// Operations on `f32`.
    pub operations: u64,
}

/// Whether a time can be true.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Credibility {
    /// It can.
    Credible,
    /// The bytes alone take longer.
    FasterThanItsBytes {
        /// Nanoseconds that they take at least.
        floor: f64,
    },
}

/// A copy is not quite the most that memory can do: reading alone may be faster by some percent.
const ABOVE_A_COPY: f64 = 1.25;

impl Roofs {
    /// Nanoseconds that a cold kernel's bytes take at least. What it writes may still be on its way when it ends, as much as
    /// the cache holds.
    pub fn floor(&self, work: &Work) -> f64 {
        let bytes = work.read_bytes + work.written_bytes.saturating_sub(self.cache_bytes);
        bytes as f64 / (self.bytes_per_second * ABOVE_A_COPY) * 1e9
    }

    /// Whether a cold kernel can have taken so few nanoseconds.
    pub fn credibility(&self, work: &Work, nanoseconds: f64) -> Credibility {
        let floor = self.floor(work);
        // A time that is not a number is not believed either.
        match nanoseconds >= floor {
            true => Credibility::Credible,
            false => Credibility::FasterThanItsBytes { floor },
        }
    }

    /// Parts of the bandwidth and of the rate that a kernel reached.
    pub fn reached(&self, work: &Work, nanoseconds: f64) -> (f64, f64) {
        let seconds = nanoseconds / 1e9;
        let bytes = (work.read_bytes + work.written_bytes) as f64;
        (
            bytes / seconds / self.bytes_per_second,
            work.operations as f64 / seconds / self.operations_per_second,
        )
    }

    /// The share of the roof that is nearer: of the bandwidth, or of the rate.
    pub fn fraction(&self, work: &Work, nanoseconds: f64) -> f64 {
        let (bandwidth, rate) = self.reached(work, nanoseconds);
        bandwidth.max(rate)
    }

    /// The roofline in a line: `8.4 MB in 2.10 us: 83% of 4.80 TB/s that a copy gets`.
    pub fn line(&self, work: &Work, nanoseconds: f64) -> String {
        let (bandwidth, rate) = self.reached(work, nanoseconds);
        let bytes = units::bytes((work.read_bytes + work.written_bytes) as f64);
        let time = units::duration(nanoseconds);
        let copied = self.bytes_per_second / 1e9;
        let mut line = format!(
            "{bytes} in {time}: {:.0}% of the {copied:.0} GB/s that a copy gets",
            100.0 * bandwidth
        );
        if work.operations > 0 {
            let most = self.operations_per_second / 1e9;
            line += &format!(", {:.0}% of {most:.0} Gflop/s", 100.0 * rate);
        }
        line
    }
}

/// Integers that are copied: more than any cache holds.
const COPIED: usize = 64 << 20;
/// Rounds of the rate kernel: some milliseconds.
const RATE_ROUNDS: i32 = 100_000;

/// Measures a device: a copy, and multiplications.
///
/// # Errors
/// If the device fails.
pub fn measure(gpu: &mut dyn Gpu) -> Result<Roofs, RunError> {
    let presence = gpu.presence().clone();
    let mut inputs = Arrays::new();
    inputs.set("from", Array::I32(vec![0x5A3C_96E1; COPIED]));
    let copy = time(gpu, &COPY, &inputs)?;
    let (blocks, threads) = rate_extent(presence.processors);
    let mut inputs = Arrays::new();
    inputs.set("blocks", Array::I32(vec![blocks as i32]));
    inputs.set("rounds", Array::I32(vec![RATE_ROUNDS]));
    let rate = time(gpu, &RATE, &inputs)?;
    Ok(roofs(copy, rate, threads, presence.cache_bytes))
}

/// From the nanoseconds of both kernels to what the device can do.
fn roofs(copy: f64, rate: f64, threads: u64, cache_bytes: u64) -> Roofs {
    let operations = threads * RATE_OPERATIONS * RATE_ROUNDS as u64;
    Roofs {
        bytes_per_second: (2 * 4 * COPIED) as f64 / copy * 1e9,
        operations_per_second: operations as f64 / rate * 1e9,
        cache_bytes,
    }
}

/// Nanoseconds of a calibration kernel, cold.
fn time(gpu: &mut dyn Gpu, kernel: &Calibration, inputs: &Arrays) -> Result<f64, RunError> {
    let (plan, interface) = (kernel.plan(), kernel.interface());
    gpu.set_cache(Cache::Cold);
    let module = gpu.load(kernel.ptx)?;
    let limits = Limits::default();
    let mut session = Session::start(gpu, module, &plan, &interface, inputs, limits)?;
    session.round()?; // makes the memory
    let samples = sample(&Stop::default(), || {
        let nanoseconds = session.round()?;
        let unclocked = || crate::device::DeviceError::Failed("it has no clock".to_owned());
        Ok::<_, RunError>(Sample {
            nanoseconds: nanoseconds.ok_or_else(unclocked)?,
            clock: None,
        })
    });
    drop(session);
    gpu.unload(module);
    let samples = samples?;
    Ok(summary(&samples).map_or(f64::NAN, |timed| timed.median))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1 byte a nanosecond, 2 operations a nanosecond.
    const ROOFS: Roofs = Roofs {
        bytes_per_second: 1e9,
        operations_per_second: 2e9,
        cache_bytes: 100,
    };

    #[test]
    fn bytes_take_their_time_but_for_what_the_cache_still_holds() {
        let work = Work {
            read_bytes: 1000,
            written_bytes: 350,
            operations: 0,
        };
        assert_eq!(ROOFS.floor(&work), 1250.0 / 1.25);
        let little = Work {
            written_bytes: 100,
            ..Work::default()
        };
        assert_eq!(ROOFS.floor(&little), 0.0);
    }

    #[test]
    fn nothing_is_believed_that_is_faster_than_its_bytes() {
        let work = Work {
            read_bytes: 1250,
            ..Work::default()
        };
        assert_eq!(ROOFS.credibility(&work, 1000.0), Credibility::Credible);
        let too_fast = Credibility::FasterThanItsBytes { floor: 1000.0 };
        assert_eq!(ROOFS.credibility(&work, 999.0), too_fast);
        assert_eq!(ROOFS.credibility(&work, 0.0), too_fast);
        assert_eq!(ROOFS.credibility(&work, f64::NAN), too_fast);
    }

    #[test]
    fn a_kernel_reaches_a_part_of_each_roof() {
        let work = Work {
            read_bytes: 300,
            written_bytes: 200,
            operations: 500,
        };
        assert_eq!(ROOFS.reached(&work, 1000.0), (0.5, 0.25));
        assert_eq!(ROOFS.fraction(&work, 1000.0), 0.5);
        let busy = Work {
            operations: 1800,
            ..work
        };
        assert_eq!(ROOFS.fraction(&busy, 1000.0), 0.9);
        let line = ROOFS.line(&work, 1000.0);
        assert!(line.contains("50% of the 1 GB/s"), "{line}");
        assert!(line.ends_with("25% of 2 Gflop/s"), "{line}");
    }

    #[test]
    fn roofs_follow_from_the_times_of_both_kernels() {
        let bytes = 8.0 * COPIED as f64;
        let measured = roofs(bytes / 4.0, 1e9, 10, 7);
        assert_eq!(measured.bytes_per_second, 4e9);
        assert_eq!(
            measured.operations_per_second,
            160.0 * f64::from(RATE_ROUNDS)
        );
        assert_eq!(measured.cache_bytes, 7);
    }
}
