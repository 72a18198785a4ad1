//! What a run uses while it runs, where no cgroup counts it: summed over its processes, read from the host's `/proc`.
//!
//! Exact figures come from the kernel when the run has ended; these only tell when to kill it.

use std::fs;

use rustix::process::Pid;

/// Uses of all living processes below init, and of those of them that init or others have waited for.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Polled {
    pub(crate) cpu: u64,
    /// The resident set of the largest process, in bytes.
    pub(crate) largest: u64,
    /// Proportional memory of all processes together; read only where the sum of resident sets passes the limit.
    pub(crate) together: u64,
}

const TICK: u64 = 1_000_000_000 / 100;

/// Looks at all processes below `init`, whose own time and memory are not the run's.
pub(crate) fn below(init: u32, limit: u64) -> Polled {
    let mut polled = look(&children(init), limit);
    polled.cpu += waited_for_cpu(init);
    polled
}

/// Looks at these processes and all below them.
pub(crate) fn look(roots: &[u32], limit: u64) -> Polled {
    let mut polled = Polled::default();
    let mut resident_sum = 0;
    let mut processes = Vec::new();
    let mut waiting = roots.to_vec();
    while let Some(process) = waiting.pop() {
        polled.cpu += living_cpu(process) + waited_for_cpu(process);
        let resident = resident(process);
        polled.largest = polled.largest.max(resident);
        resident_sum += resident;
        processes.push(process);
        waiting.extend(children(process));
    }
    if resident_sum > limit && processes.len() > 1 {
        polled.together = processes.iter().map(|&process| proportional(process)).sum();
    }
    polled
}

/// These processes and all below them.
pub(crate) fn tree(root: u32) -> Vec<u32> {
    let mut processes = vec![root];
    let mut next = 0;
    while next < processes.len() {
        processes.extend(children(processes[next]));
        next += 1;
    }
    processes
}

fn children(process: u32) -> Vec<u32> {
    let Ok(tasks) = fs::read_dir(format!("/proc/{process}/task")) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for task in tasks.flatten() {
        let text = fs::read_to_string(task.path().join("children")).unwrap_or_default();
        found.extend(
            text.split_whitespace()
                .filter_map(|number| number.parse::<u32>().ok()),
        );
    }
    found
}

fn living_cpu(process: u32) -> u64 {
    let Some(process) = Pid::from_raw(process.cast_signed()) else {
        return 0;
    };
    // The kernel's clock of a process: its number, and "scheduler time of the whole group".
    let clock = (!process.as_raw_nonzero().get() << 3) | 2;
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    #[allow(unsafe_code)]
    // SAFETY: the structure lives through the call; a process that is gone is an error, and the time stays zero.
    unsafe {
        libc::clock_gettime(clock, &raw mut time);
    }
    u64::try_from(time.tv_sec).unwrap_or(0) * 1_000_000_000
        + u64::try_from(time.tv_nsec).unwrap_or(0)
}

/// CPU time of the children that a process has waited for.
fn waited_for_cpu(process: u32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name in parentheses may hold anything; cutime and cstime are the 14th and 15th fields after it.
    let Some((_, fields)) = text.rsplit_once(')') else {
        return 0;
    };
    let ticks: u64 = fields
        .split_whitespace()
        .skip(13)
        .take(2)
        .filter_map(|field| field.parse::<u64>().ok())
        .sum();
    ticks * TICK
}

fn resident(process: u32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{process}/statm")).unwrap_or_default();
    let pages = text
        .split(' ')
        .nth(1)
        .and_then(|field| field.parse::<u64>().ok())
        .unwrap_or(0);
    pages * rustix::param::page_size() as u64
}

fn proportional(process: u32) -> u64 {
    let text = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok())
        .unwrap_or(0)
        * 1024
}
