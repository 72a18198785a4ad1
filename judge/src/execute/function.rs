//! Functions and kernels in a child of the judge.

use std::collections::BTreeMap;
use std::path::PathBuf;

use vocabulary::Verdict;

use super::program::signal_name;
use super::{Execute, Prepared, Run, RunLimits, Timing};
use crate::instructions::callgrind::{Callgrind, of_part};
use crate::instructions::{Count, Counter, Tier};
use crate::runner::{Answer, KernelAnswer, Launch, Reply, Request, Runner};

/// A function or a kernel, and the runner that calls it.
pub struct RunnerExecution<'a> {
    runner: &'a mut Runner,
    answer: Answer,
    /// The fault that a kernel must be caught at, if it is wrong in that way.
    fault: Option<String>,
    /// Runners like the first, by the number of their threads.
    threaded: BTreeMap<u32, Runner>,
    counting: Kept<'a>,
}

/// A runner under callgrind, kept from case to case.
pub struct Counting {
    runner: Runner,
    folder: tempfile::TempDir,
    calls: usize,
}

/// Where a runner under callgrind is kept.
enum Kept<'a> {
    /// With one function: what others left in the heap has no say in its counts.
    Here(Option<Counting>),
    /// From function to function.
    There(&'a mut Option<Counting>),
}

impl Kept<'_> {
    fn place(&mut self) -> &mut Option<Counting> {
        match self {
            Kept::Here(counting) => counting,
            Kept::There(counting) => counting,
        }
    }
}

impl Counting {
    /// Starts as another runner does, under callgrind.
    fn new(like: &Launch, callgrind: &Callgrind) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let runner = Runner::launched(Launch {
            under: callgrind.runner(&Counting::parts(&folder)),
            threads: Some(1),
            ..like.clone()
        });
        Ok(Counting {
            runner,
            folder,
            calls: 0,
        })
    }

    /// What the names of the counts begin with.
    fn parts(folder: &tempfile::TempDir) -> PathBuf {
        folder.path().join("parts")
    }
}

impl<'a> RunnerExecution<'a> {
    /// A function by its label, `problem/name`.
    pub fn of_function(runner: &'a mut Runner, function: String) -> Self {
        let answer = Answer::Function(function);
        RunnerExecution {
            runner,
            answer,
            fault: None,
            threaded: BTreeMap::new(),
            counting: Kept::Here(None),
        }
    }

    /// The same, counted by a runner under callgrind that other functions were counted by: it starts once. Counts then differ by
    /// about one in a hundred from those of a fresh one, as buffers come to lie elsewhere.
    pub fn counted_with(self, counting: &'a mut Option<Counting>) -> Self {
        RunnerExecution {
            counting: Kept::There(counting),
            ..self
        }
    }

    /// A kernel, and the fault that it must be caught at.
    pub fn of_kernel(runner: &'a mut Runner, kernel: KernelAnswer, fault: Option<String>) -> Self {
        let answer = Answer::Kernel(kernel);
        RunnerExecution {
            runner,
            answer,
            fault,
            threaded: BTreeMap::new(),
            counting: Kept::Here(None),
        }
    }
}

impl Execute for RunnerExecution<'_> {
    fn run(&mut self, case: &Prepared, limits: &RunLimits, rounds: u32) -> anyhow::Result<Run> {
        self.ask(limits, self.request(case, limits, rounds)?)
    }

    fn measure(&mut self, case: &Prepared, limits: &RunLimits) -> anyhow::Result<Run> {
        let request = Request {
            timed: true,
            ..self.request(case, limits, 1)?
        };
        self.ask(limits, request)
    }

    fn counters(&mut self, case: &Prepared, limits: &RunLimits) -> anyhow::Result<Run> {
        let request = Request {
            counted: true,
            ..self.request(case, limits, 1)?
        };
        self.ask(limits, request)
    }

    fn instructions(
        &mut self,
        case: &Prepared,
        limits: &RunLimits,
        counter: &Counter,
    ) -> anyhow::Result<Option<Count>> {
        if let Answer::Kernel(_) = self.answer {
            return Ok(None); // devices count in their own way
        }
        let counted = if counter.hardware {
            self.counted_by_the_processor(case, limits)?
        } else if let Some(callgrind) = &counter.callgrind {
            self.counted_by_callgrind(case, limits, callgrind)?
        } else {
            None
        };
        let tier = if counter.hardware {
            Tier::Hardware
        } else {
            Tier::Callgrind
        };
        Ok(counted.map(|instructions| Count { instructions, tier }))
    }

    fn tier(&self) -> String {
        match &self.answer {
            Answer::Function(_) => "child process".to_owned(),
            Answer::Kernel(kernel) => kernel.target.to_string(),
        }
    }
}

impl RunnerExecution<'_> {
    /// A runner whose functions have so many threads, and as many processors as there are.
    fn with_threads(&mut self, threads: u32) -> &mut Runner {
        let like = self.runner.launch();
        self.threaded.entry(threads).or_insert_with(|| {
            Runner::launched(Launch {
                threads: Some(threads),
                processor: like.processor.filter(|_| threads == 1),
                ..like.clone()
            })
        })
    }

    fn counted_by_the_processor(
        &mut self,
        case: &Prepared,
        limits: &RunLimits,
    ) -> anyhow::Result<Option<u64>> {
        let request = Request {
            counted: true,
            ..self.request(case, limits, 1)?
        };
        // What several threads share out differs from run to run.
        Ok(match self.with_threads(1).serve(request, limits.wall)? {
            Reply::Done(done) if done.verdict == Verdict::Accepted && !done.is_threaded => {
                done.instructions
            }
            _ => None,
        })
    }

    fn counted_by_callgrind(
        &mut self,
        case: &Prepared,
        limits: &RunLimits,
        callgrind: &Callgrind,
    ) -> anyhow::Result<Option<u64>> {
        // Its output is checked outside, where that takes no time.
        if self.run(case, limits, 1)?.verdict != Verdict::Accepted {
            return Ok(None);
        }
        let limits = callgrind.limits(limits);
        let request = Request {
            unchecked: true,
            ..self.request(case, &limits, 1)?
        };
        let place = self.counting.place();
        let counting = match place {
            Some(counting) => counting,
            None => place.insert(Counting::new(self.runner.launch(), callgrind)?),
        };
        match counting.runner.serve(request, limits.wall)? {
            Reply::Done(done) if done.verdict == Verdict::Accepted && !done.is_threaded => {
                counting.calls += 1;
                Ok(of_part(&Counting::parts(&counting.folder), counting.calls))
            }
            _ => {
                *place = None; // its numbers do not go on
                Ok(None)
            }
        }
    }

    fn request(&self, case: &Prepared, limits: &RunLimits, rounds: u32) -> anyhow::Result<Request> {
        Ok(Request {
            version: 0, // set by the runner's client
            answer: self.answer.clone(),
            case: case.id.clone(),
            input: case.given_text()?,
            rounds,
            timed: false,
            counted: false,
            unchecked: false,
            memory: limits.memory,
        })
    }

    fn ask(&mut self, limits: &RunLimits, request: Request) -> anyhow::Result<Run> {
        let runner = match limits.threads {
            None => &mut *self.runner,
            Some(threads) => self.with_threads(threads),
        };
        let mut run = match runner.serve(request, limits.wall)? {
            Reply::Done(done) => Run {
                verdict: done.verdict,
                detail: done.detail,
                timings: done.timings,
                overhead: done.overhead_ns.map(|clock| Timing {
                    wall_ns: clock,
                    cpu_ns: clock,
                }),
                peak_memory: done.peak_memory,
                memory_scope: "call",
                error_ratio: done.error_ratio,
                roofline_fraction: done.roofline_fraction,
                counters: done.counters,
                output: done.output.into_bytes(),
                error_output: Vec::new(),
                transcript: None,
            },
            Reply::TooLong => {
                let detail = format!(
                    "stopped after {:.3} s by the clock",
                    limits.wall.as_secs_f64()
                );
                Run::without_timing(Verdict::TimeLimit, detail)
            }
            Reply::Died { signal, errors } => {
                let (verdict, detail) = cause_of_death(signal, &errors);
                Run {
                    error_output: errors.into_bytes(),
                    ..Run::without_timing(verdict, detail)
                }
            }
        };
        if let Some(fault) = &self.fault
            && !run.detail.starts_with(&format!("{fault}:"))
            && matches!(run.verdict, Verdict::RuntimeError | Verdict::TimeLimit)
        {
            run.detail = format!("it must be caught at {fault}, not at {}", run.detail);
            run.verdict = Verdict::JudgeError;
        }
        let cpu = run.cpu_ns().unwrap_or(0);
        if run.verdict == Verdict::Accepted && u128::from(cpu) > limits.cpu.as_nanos() {
            run.verdict = Verdict::TimeLimit;
            run.detail = format!("{:.3} s of processor time", cpu as f64 / 1e9);
        }
        Ok(run)
    }
}

/// An allocation that the limit refuses aborts a Rust program with a message; a stack that overflows, too.
fn cause_of_death(signal: Option<i32>, errors: &str) -> (Verdict, String) {
    let says = |text: &str| {
        errors
            .lines()
            .find(|line| line.contains(text))
            .map(|line| line.trim().to_owned())
    };
    if let Some(line) = says("memory allocation of") {
        return (Verdict::MemoryLimit, line);
    }
    if let Some(line) = says("overflowed its stack") {
        return (Verdict::RuntimeError, line);
    }
    match signal {
        Some(signal) => (
            Verdict::RuntimeError,
            format!("signal {signal} ({})", signal_name(signal)),
        ),
        None => (
            Verdict::RuntimeError,
            "it ended the process that it ran in".to_owned(),
        ),
    }
}
