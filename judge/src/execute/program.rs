//! Programs in the sandbox.

use std::sync::Arc;

use sandbox::{Ended, Exit, Input, Limits, MemoryScope, Outcome, Slot, Streams};
use vocabulary::Verdict;

use super::{Execute, Prepared, Run, RunLimits, Timing};
use crate::build::Built;
use crate::instructions::callgrind::{Callgrind, of_report};
use crate::instructions::hardware::Watch;
use crate::instructions::{Count, Counter, Tier};

/// A program that was built, and the slot that it runs in.
pub struct ProgramExecution<'a> {
    slot: &'a mut Slot,
    built: &'a Built,
    tier: String,
    fixed_layout: bool,
}

/// Processes and threads that a program may have: a Java runtime alone starts some twenty.
const PROCESSES: u32 = 64;
/// What is kept of standard error.
const ERROR_OUTPUT: u64 = 1 << 20;
/// Files that a program may write.
const SCRATCH: u64 = 64 << 20;

impl<'a> ProgramExecution<'a> {
    /// A program in a slot of a sandbox of some tier.
    pub fn new(slot: &'a mut Slot, built: &'a Built, tier: sandbox::Tier) -> Self {
        ProgramExecution {
            slot,
            built,
            tier: tier.to_string(),
            fixed_layout: false,
        }
    }

    /// The same without address-space randomisation, for comparing times.
    #[must_use]
    pub fn with_fixed_layout(self) -> Self {
        ProgramExecution {
            fixed_layout: true,
            ..self
        }
    }

    /// Runs it once on some text; the verdict is not yet the checker's.
    pub fn outcome(&mut self, input: Arc<[u8]>, limits: &RunLimits) -> anyhow::Result<Outcome> {
        if let Some(processors) = limits.threads {
            self.slot.use_processors(processors)?;
        }
        let mut command = self.built.command(limits.memory);
        command.fixed_layout = self.fixed_layout;
        Ok(self.slot.run(
            &command,
            &sandbox_limits(self.built, limits),
            Streams {
                input: Input::Bytes(input),
            },
        )?)
    }

    /// Instructions of a run, by the processor. What the sandbox does for it is in them, the same every time.
    fn counted_by_the_processor(
        &mut self,
        case: &Prepared,
        limits: &RunLimits,
    ) -> anyhow::Result<Option<u64>> {
        let Some(mut watch) = self
            .slot
            .ancestor()
            .and_then(|process| Watch::of_process(process).ok())
        else {
            return Ok(None);
        };
        let outcome = self.outcome(case.text()?, limits)?;
        // It was judged already.
        Ok(watch
            .count()
            .filter(|_| verdict_of(&outcome, limits).is_none()))
    }

    fn counted_by_callgrind(
        &mut self,
        case: &Prepared,
        limits: &RunLimits,
        callgrind: &Callgrind,
    ) -> anyhow::Result<Option<u64>> {
        let limits = callgrind.limits(limits);
        let command = callgrind.program(self.built.command(limits.memory));
        let input = Streams {
            input: Input::Bytes(case.text()?),
        };
        let outcome = self
            .slot
            .run(&command, &sandbox_limits(self.built, &limits), input)?;
        if verdict_of(&outcome, &limits).is_some() {
            return Ok(None); // it was judged without the counter, so it is the counter that it cannot do with
        }
        Ok(of_report(&outcome.error_output))
    }
}

/// The limits of a program as the sandbox takes them.
pub(super) fn sandbox_limits(built: &Built, limits: &RunLimits) -> Limits {
    Limits {
        cpu: limits.cpu,
        wall: limits.wall,
        memory: limits.memory + built.runtime_memory,
        output: limits.output,
        error_output: ERROR_OUTPUT,
        processes: PROCESSES,
        scratch: SCRATCH,
    }
}

/// Notes what a round cost.
pub(super) fn note_cost(run: &mut Run, outcome: &Outcome) {
    run.timings.push(Timing {
        wall_ns: outcome.wall.as_nanos() as u64,
        cpu_ns: outcome.cpu.as_nanos() as u64,
    });
    run.peak_memory = run.peak_memory.max(outcome.peak_memory);
    run.memory_scope = match outcome.memory_scope {
        MemoryScope::Run => "run",
        MemoryScope::PerProcess => "process",
    };
}

impl Execute for ProgramExecution<'_> {
    fn run(&mut self, case: &Prepared, limits: &RunLimits, rounds: u32) -> anyhow::Result<Run> {
        let mut run = Run::without_timing(Verdict::Accepted, "");
        for _ in 0..rounds.max(1) {
            let outcome = self.outcome(case.text()?, limits)?;
            note_cost(&mut run, &outcome);
            match verdict_of(&outcome, limits) {
                Some((verdict, detail)) => (run.verdict, run.detail) = (verdict, detail),
                None => match case.case()?.check_text(&outcome.output) {
                    Ok(accepted) => run.error_ratio = accepted.error_ratio,
                    Err(mismatch) => {
                        let verdict = if mismatch.is_fault {
                            Verdict::JudgeError
                        } else {
                            Verdict::WrongAnswer
                        };
                        (run.verdict, run.detail) = (verdict, mismatch.reason);
                    }
                },
            }
            if run.verdict != Verdict::Accepted {
                (run.output, run.error_output) = (outcome.output, outcome.error_output);
                break;
            }
        }
        Ok(run)
    }

    fn instructions(
        &mut self,
        case: &Prepared,
        limits: &RunLimits,
        counter: &Counter,
    ) -> anyhow::Result<Option<Count>> {
        if !self.built.repeats {
            return Ok(None);
        }
        if counter.hardware
            && let Some(count) = self.counted_by_the_processor(case, limits)?
        {
            let tier = Tier::Hardware;
            return Ok(Some(Count {
                instructions: count,
                tier,
            }));
        }
        let Some(callgrind) = &counter.callgrind else {
            return Ok(None);
        };
        let counted = self.counted_by_callgrind(case, limits, callgrind)?;
        let tier = Tier::Callgrind;
        Ok(counted.map(|instructions| Count { instructions, tier }))
    }

    fn tier(&self) -> String {
        self.tier.clone()
    }
}

/// What the end of a run says by itself; `None` leaves the word to the checker. What ended the run decides: the output of
/// a run that was stopped is never looked at.
pub(super) fn verdict_of(outcome: &Outcome, limits: &RunLimits) -> Option<(Verdict, String)> {
    let seconds = |time: std::time::Duration| format!("{:.3} s", time.as_secs_f64());
    let decided = match (&outcome.ended, &outcome.exit) {
        (Ended::CouldNotStart(reason), _) => (
            Verdict::JudgeError,
            format!("it could not be started: {reason}"),
        ),
        (Ended::CpuLimit, _) => (
            Verdict::TimeLimit,
            format!("stopped after {} of processor time", seconds(outcome.cpu)),
        ),
        (Ended::WallLimit, _) => (
            Verdict::TimeLimit,
            format!(
                "stopped after {} by the clock, {} of processor time",
                seconds(outcome.wall),
                seconds(outcome.cpu)
            ),
        ),
        (Ended::MemoryLimit, _) => (
            Verdict::MemoryLimit,
            format!(
                "needs more than {}",
                vocabulary::units::bytes(limits.memory as f64)
            ),
        ),
        (Ended::OutputLimit, _) => (
            Verdict::OutputLimit,
            format!(
                "writes more than {}",
                vocabulary::units::bytes(limits.output as f64)
            ),
        ),
        (Ended::ByItself, _) if outcome.cpu > limits.cpu => (
            Verdict::TimeLimit,
            format!("{} of processor time", seconds(outcome.cpu)),
        ),
        (Ended::ByItself, Exit::Code(0)) => return None,
        (Ended::ByItself, Exit::Code(code)) => (
            Verdict::RuntimeError,
            with_last_line(format!("exit code {code}"), &outcome.error_output),
        ),
        (Ended::ByItself, Exit::Signal(signal)) => (
            Verdict::RuntimeError,
            with_last_line(
                format!("signal {signal} ({})", signal_name(*signal)),
                &outcome.error_output,
            ),
        ),
        (Ended::ByItself, Exit::Killed) => (Verdict::RuntimeError, "killed".to_owned()),
    };
    Some(decided)
}

/// Adds the last line that was written to standard error, where a language's runtime says what happened.
fn with_last_line(reason: String, error_output: &[u8]) -> String {
    let text = String::from_utf8_lossy(error_output);
    match text
        .lines()
        .rev()
        .map(str::trim)
        .find(|line| !line.is_empty())
    {
        Some(line) => format!("{reason}: {}", line.chars().take(200).collect::<String>()),
        None => reason,
    }
}

/// The usual name of a signal on Linux.
pub(super) fn signal_name(signal: i32) -> &'static str {
    match signal {
        4 => "SIGILL",
        5 => "SIGTRAP",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        13 => "SIGPIPE",
        15 => "SIGTERM",
        24 => "SIGXCPU",
        25 => "SIGXFSZ",
        31 => "SIGSYS",
        _ => "a signal",
    }
}
