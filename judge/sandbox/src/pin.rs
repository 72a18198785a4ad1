//! Pins the caller, and whatever it starts, to one CPU.

use std::io;

use rustix::thread::{CpuSet, sched_setaffinity};

pub(crate) fn pin_self(cpu: usize) -> io::Result<()> {
    if cpu >= CpuSet::MAX_CPU {
        return Err(io::Error::from_raw_os_error(libc::EINVAL));
    }
    let mut set = CpuSet::new();
    set.set(cpu);
    Ok(sched_setaffinity(None, &set)?)
}
