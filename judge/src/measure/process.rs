//! What a process can learn of itself: processor time, peak memory; and the processor that it stays on.
//!
//! Linux tells all of this; elsewhere it is unknown, never 0.

/// Processor time of the calling thread, nanoseconds.
#[cfg(target_os = "linux")]
pub fn thread_cpu_ns() -> Option<u64> {
    Some(clock_ns(rustix::time::ClockId::ThreadCPUTime))
}

/// Processor time of all threads of this process, nanoseconds.
#[cfg(target_os = "linux")]
pub fn cpu_ns() -> Option<u64> {
    Some(clock_ns(rustix::time::ClockId::ProcessCPUTime))
}

#[cfg(target_os = "linux")]
fn clock_ns(clock: rustix::time::ClockId) -> u64 {
    let time = rustix::time::clock_gettime(clock);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

/// Makes the peak of this process start anew and returns what is resident now, bytes.
#[cfg(target_os = "linux")]
pub fn reset_peak_memory() -> Option<u64> {
    std::fs::write("/proc/self/clear_refs", "5").ok()?;
    status_bytes("VmRSS:")
}

/// The most that was resident since [`reset_peak_memory`], bytes.
#[cfg(target_os = "linux")]
pub fn peak_memory() -> Option<u64> {
    status_bytes("VmHWM:")
}

#[cfg(target_os = "linux")]
fn status_bytes(key: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(key))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
}

/// Keeps this process on one processor.
#[cfg(target_os = "linux")]
pub fn pin(processor: usize) -> bool {
    let mut set = rustix::thread::CpuSet::new();
    set.set(processor);
    rustix::thread::sched_setaffinity(None, &set).is_ok()
}

/// While it lives, allocations beyond what there was and some more fail, which ends a Rust program with a message.
#[cfg(target_os = "linux")]
pub struct MemoryLimit {
    before: rustix::process::Rlimit,
}

/// Limits what this process may take beyond what it has, bytes. Address space is not resident memory, so twice the limit
/// and some slack are left: this guards the machine, [`peak_memory`] decides.
#[cfg(target_os = "linux")]
pub fn limit_memory(more: u64) -> Option<MemoryLimit> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let before = getrlimit(Resource::As);
    let limit = status_bytes("VmSize:")? + 2 * more + (64 << 20);
    setrlimit(
        Resource::As,
        Rlimit {
            current: Some(limit),
            maximum: before.maximum,
        },
    )
    .ok()?;
    Some(MemoryLimit { before })
}

#[cfg(target_os = "linux")]
impl Drop for MemoryLimit {
    fn drop(&mut self) {
        // Raising a soft limit to what it was cannot fail.
        let _ = rustix::process::setrlimit(rustix::process::Resource::As, self.before);
    }
}

#[cfg(not(target_os = "linux"))]
mod elsewhere {
    /// Unknown here.
    pub fn thread_cpu_ns() -> Option<u64> {
        None
    }

    /// Unknown here.
    pub fn cpu_ns() -> Option<u64> {
        None
    }

    /// Unknown here.
    pub fn reset_peak_memory() -> Option<u64> {
        None
    }

    /// Unknown here.
    pub fn peak_memory() -> Option<u64> {
        None
    }

    /// Not possible here.
    pub fn pin(_: usize) -> bool {
        false
    }

    /// There is none here.
    pub struct MemoryLimit;

    /// Not possible here.
    pub fn limit_memory(_: u64) -> Option<MemoryLimit> {
        None
    }
}
#[cfg(not(target_os = "linux"))]
pub use elsewhere::*;
