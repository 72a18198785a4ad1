//! Pins the caller, and whatever it starts, to one CPU; or another process to some.

use std::io;

use rustix::process::Pid;
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

pub(crate) fn pin_self(cpu: usize) -> io::Result<()> {
    if cpu >= CpuSet::MAX_CPU {
        return Err(io::Error::from_raw_os_error(libc::EINVAL));
    }
    let mut set = CpuSet::new();
    set.set(cpu);
    Ok(sched_setaffinity(None, &set)?)
}

/// Keeps a process, and what it starts from now on, to the last so many of the caller's CPUs.
pub(crate) fn pin_to_last(process: u32, count: usize) -> io::Result<()> {
    let allowed = sched_getaffinity(None)?;
    let mut set = CpuSet::new();
    let cpus = (0..CpuSet::MAX_CPU)
        .rev()
        .filter(|cpu| allowed.is_set(*cpu));
    cpus.take(count.max(1)).for_each(|cpu| set.set(cpu));
    let process = Pid::from_raw(process.cast_signed());
    Ok(sched_setaffinity(process, &set)?)
}
