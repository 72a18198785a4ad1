//! From figures to an outcome: what ended a run, decided when it is over.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::board::Figures;
use crate::cgroup::Counted;
use crate::drain::Drain;
use crate::watch::Seen;
use crate::zygote::Step;
use crate::{Command, Ended, Error, Exit, Limits, MemoryScope, Outcome};

/// Reads the board after a run.
pub(crate) fn judge(
    figures: &Figures,
    command: &Command,
    limits: &Limits,
    seen: &Seen,
    counted: Option<Counted>,
    output: Drain,
    errors: Drain,
) -> Result<Outcome, Error> {
    let load = |word: &AtomicU64| word.load(Ordering::Acquire);
    let step = figures.failed_step.load(Ordering::Acquire);
    let started = load(&figures.started);
    let finished = if figures.ended.load(Ordering::Acquire) == 1 {
        load(&figures.finished)
    } else {
        now()
    };
    let wall = if started == 0 {
        Duration::ZERO
    } else {
        Duration::from_nanos(finished.saturating_sub(started))
    };
    let cpu = Duration::from_nanos(load(&figures.cpu));
    let kills = counted.map_or(0, |counted| counted.out_of_memory_kills);
    let resident = load(&figures.largest_resident) * 1024;
    // Old kernels cannot set the peak of a cgroup back; then it is that of the largest process.
    let of_run = counted.and_then(|counted| counted.peak_memory);
    let peak_memory = of_run.or(Some(resident.max(seen.memory)));
    let memory_scope = if of_run.is_some() {
        MemoryScope::Run
    } else {
        MemoryScope::PerProcess
    };
    let too_large = kills > 0 || (counted.is_none() && resident > limits.memory);

    let ended_itself = figures.ended.load(Ordering::Acquire) == 1;
    let over = |limit: Ended| seen.killed_for.as_ref() == Some(&limit);
    let ended = if step == Step::Execute as u32 {
        let error = io::Error::from_raw_os_error(figures.error_number.load(Ordering::Acquire));
        Ended::CouldNotStart(format!("{}: {error}", command.program.display()))
    } else if step != 0 {
        let error = io::Error::from_raw_os_error(figures.error_number.load(Ordering::Acquire));
        return Err(Error::Refused(format!("{}: {error}", Step::words(step))));
    } else if over(Ended::MemoryLimit) {
        // It may have burnt time, too, because it was short of memory.
        Ended::MemoryLimit
    } else if cpu > limits.cpu || over(Ended::CpuLimit) {
        Ended::CpuLimit
    } else if wall > limits.wall || over(Ended::WallLimit) {
        Ended::WallLimit
    } else if too_large {
        Ended::MemoryLimit
    } else if output.overflowed || errors.overflowed || over(Ended::OutputLimit) {
        Ended::OutputLimit
    } else if ended_itself {
        Ended::ByItself
    } else {
        return Err(Error::ZygoteDied(
            "the run's init was killed by somebody else".to_owned(),
        ));
    };
    let status = figures.status.load(Ordering::Acquire);
    let killed_by_kernel =
        kills > 0 && libc::WIFSIGNALED(status) && libc::WTERMSIG(status) == libc::SIGKILL;
    let exit = match &ended {
        Ended::CouldNotStart(_) => Exit::Killed,
        _ if seen.killed_for.is_some() || !ended_itself || killed_by_kernel => Exit::Killed,
        _ if libc::WIFSIGNALED(status) => Exit::Signal(libc::WTERMSIG(status)),
        _ => Exit::Code(libc::WEXITSTATUS(status)),
    };
    let (output, error_output) = (output.bytes, errors.bytes);
    Ok(Outcome {
        ended,
        exit,
        cpu,
        wall,
        peak_memory,
        memory_scope,
        output,
        error_output,
    })
}

/// The monotonic clock in nanoseconds.
fn now() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    u64::try_from(time.tv_sec).unwrap_or(0) * 1_000_000_000
        + u64::try_from(time.tv_nsec).unwrap_or(0)
}
