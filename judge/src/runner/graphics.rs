//! Kernels on a GPU, inside the runner.
//!
//! A timed round is the second of a session: the first makes the memory. Both launch kernels of modules that were just
//! loaded, both write to memory that was poisoned, and both outputs are checked, so that an answer that was kept from an
//! earlier round does not help.

use std::collections::HashMap;
use std::rc::Rc;

use kernels::Session;
use kernels::compiler::{Compiler, Cubin, locate};
use kernels::cuda::{self, Cache, Gpu};
use kernels::device::{DeviceError, ModuleId};
use kernels::roofline::{self, Credibility, Roofs, Work};
use kernels::timing::{Sample, Stop, Timed, sample, summary};
use vocabulary::{Arrays, Verdict, units};

use super::job::{Failure, Job, failure_of, not_loaded};
use super::protocol::{Done, KernelAnswer};
use crate::execute::Timing;

/// A GPU, and what is known of it.
pub(super) struct Graphics {
    gpu: Box<dyn Gpu>,
    /// What it can do at most; `None` as long as nobody asked.
    roofs: Option<Result<Roofs, String>>,
    compiler: Option<Compiler>,
    /// Machine code by file; `None` where there is none.
    cubins: HashMap<String, Option<Rc<Cubin>>>,
}

impl Graphics {
    pub(super) fn open() -> Result<Self, String> {
        Ok(Graphics {
            gpu: cuda::open()?,
            roofs: None,
            compiler: locate().and_then(Compiler::load).ok(),
            cubins: HashMap::new(),
        })
    }

    /// Whether only another process can use the GPU again.
    pub(super) fn is_dead(&self) -> bool {
        self.gpu.is_dead()
    }

    /// Measures what it can do, once.
    pub(super) fn measure(&mut self) {
        let gpu = self.gpu.as_mut();
        self.roofs
            .get_or_insert_with(|| roofline::measure(gpu).map_err(|error| error.to_string()));
    }

    pub(super) fn rounds(&mut self, job: &Job<'_>, done: &mut Done) -> Result<(), Failure> {
        for _ in 0..job.request.rounds.max(1) {
            match job.request.timed {
                true => self.timed(job, done)?,
                false => self.once(job, done)?,
            }
        }
        Ok(())
    }

    /// One round. Its time is that of a first call, in which memory is made: enough to hold a limit against.
    fn once(&mut self, job: &Job<'_>, done: &mut Done) -> Result<(), Failure> {
        let module = self.load(job.kernel)?;
        let mut nanoseconds = None;
        let outputs = start(self.gpu.as_mut(), module, job).and_then(|mut session| {
            nanoseconds = session.round()?;
            session.outputs()
        });
        self.gpu.unload(module);
        job.judge(outputs, done)?;
        done.timings.extend(nanoseconds.map(timing));
        Ok(())
    }

    /// As many rounds as make the time certain, with cold caches; then with hot ones.
    fn timed(&mut self, job: &Job<'_>, done: &mut Done) -> Result<(), Failure> {
        let mut written = 0;
        let mut of = |cache: Cache| -> Result<Option<Timed>, Failure> {
            let samples = sample(&Stop::default(), || {
                let (sample, bytes) = self.sample(job, cache, done)?;
                written = bytes;
                Ok(sample)
            })?;
            Ok(summary(&samples))
        };
        let (cold, hot) = (of(Cache::Cold)?, of(Cache::Hot)?);
        let Some(cold) = cold else {
            return Ok(());
        };
        let work = Work {
            read_bytes: bytes_of(&job.inputs),
            written_bytes: written,
            operations: job.operations(),
        };
        done.detail = match &self.roofs {
            Some(Ok(roofs)) => match roofs.credibility(&work, cold.median) {
                Credibility::Credible => {
                    // The rate of tensor cores is not measured, so that no roof is known where elements are halves.
                    let is_known = !job.has_halves();
                    done.roofline_fraction = is_known.then(|| roofs.fraction(&work, cold.median));
                    roofs.line(&work, cold.median)
                }
                Credibility::FasterThanItsBytes { floor } => {
                    done.detail = format!(
                        "{} is not believed: its bytes alone take {}",
                        units::duration(cold.median),
                        units::duration(floor)
                    );
                    return Ok(());
                }
            },
            Some(Err(reason)) => format!("without a roofline: {reason}"),
            None => String::new(),
        };
        done.detail += &figures(&cold, hot.as_ref());
        done.timings.push(timing(cold.median));
        Ok(())
    }

    /// One timed round, and the bytes of its output.
    fn sample(
        &mut self,
        job: &Job<'_>,
        cache: Cache,
        done: &mut Done,
    ) -> Result<(Sample, u64), Failure> {
        let modules = [self.load(job.kernel)?, self.load(job.kernel)?];
        self.gpu.set_cache(cache);
        let mut nanoseconds = None;
        let both = start(self.gpu.as_mut(), modules[0], job).and_then(|mut session| {
            session.round()?;
            let first = session.outputs()?;
            session.use_module(modules[1]);
            nanoseconds = session.round()?;
            Ok((first, session.outputs()?))
        });
        for module in modules {
            self.gpu.unload(module);
        }
        let (first, second) = both.map_err(|error| failure_of(&error))?;
        let written = bytes_of(&second);
        job.judge(Ok(first), done)?;
        job.judge(Ok(second), done)?;
        let nanoseconds = nanoseconds.ok_or_else(|| {
            let reason = "the device does not say how long it took".to_owned();
            (Verdict::JudgeError, reason)
        })?;
        let clock = self.gpu.clock().map_err(not_loaded)?;
        Ok((Sample { nanoseconds, clock }, written))
    }

    /// Loads machine code if there is some, else PTX for the driver to compile.
    fn load(&mut self, kernel: &KernelAnswer) -> Result<ModuleId, Failure> {
        if let Some(cubin) = self.cubin(kernel) {
            match self.gpu.load_cubin(&cubin) {
                Err(DeviceError::Unsupported(_)) => {
                    self.cubins.insert(kernel.file.clone(), None);
                }
                loaded => return loaded.map_err(not_loaded),
            }
        }
        self.gpu.load(&kernel.ptx).map_err(not_loaded)
    }

    /// Machine code of a shipped kernel. Somebody else's source is not compiled here: its `#include` could read any file.
    fn cubin(&mut self, kernel: &KernelAnswer) -> Option<Rc<Cubin>> {
        if let Some(known) = self.cubins.get(&kernel.file) {
            return known.clone();
        }
        let shipped = kernels::variants();
        let is_shipped = shipped
            .iter()
            .any(|variant| variant.path == kernel.file && variant.source == kernel.source);
        let architecture = self.gpu.presence().architecture;
        let compiler = self.compiler.as_ref().filter(|_| is_shipped);
        let made = compiler.and_then(|compiler| {
            let cubin = compiler.cubin(&kernel.source, &kernel.file, architecture);
            cubin.ok().map(Rc::new)
        });
        self.cubins.insert(kernel.file.clone(), made.clone());
        made
    }
}

fn start<'a>(
    gpu: &'a mut dyn Gpu,
    module: ModuleId,
    job: &'a Job<'_>,
) -> Result<Session<'a>, kernels::RunError> {
    Session::start(
        gpu,
        module,
        &job.plan,
        &job.interface,
        &job.inputs,
        job.limits,
    )
}

/// A GPU's time is both: it has no processor time of its own.
fn timing(nanoseconds: f64) -> Timing {
    let whole = nanoseconds.round() as u64;
    Timing {
        wall_ns: whole,
        cpu_ns: whole,
    }
}

fn bytes_of(arrays: &Arrays) -> u64 {
    let bytes = arrays
        .iter()
        .map(|(_, array)| array.len() * array.element_type().bytes());
    bytes.sum::<usize>() as u64
}

/// Both times with their noise, and how many samples did not count.
fn figures(cold: &Timed, hot: Option<&Timed>) -> String {
    let of = |timed: &Timed| {
        let median = units::duration(timed.median);
        format!("{median} (to {:.1}%)", 100.0 * timed.noise)
    };
    let mut text = format!("; cold {}", of(cold));
    if let Some(hot) = hot {
        text += &format!(", hot {}", of(hot));
    }
    let discarded = cold.discarded + hot.map_or(0, |hot| hot.discarded);
    if discarded > 0 {
        text += &format!("; {discarded} left out, for the clock had dropped");
    }
    text
}

#[cfg(test)]
impl Graphics {
    /// Another GPU than that of this machine.
    pub(super) fn of(gpu: Box<dyn Gpu>, roofs: Roofs) -> Self {
        Graphics {
            gpu,
            roofs: Some(Ok(roofs)),
            compiler: None,
            cubins: HashMap::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_times_and_what_was_left_out_are_told() {
        let cold = Timed {
            median: 2_000.0,
            noise: 0.004,
            kept: 5,
            discarded: 1,
        };
        let hot = Timed {
            median: 1_000.0,
            discarded: 0,
            ..cold
        };
        let text = figures(&cold, Some(&hot));
        assert!(text.contains("(to 0.4%), hot "), "{text}");
        assert!(text.contains("; 1 left out"), "{text}");
        assert!(!figures(&hot, None).contains("left out"));
    }
}
