//! Runs without a sandbox (tier D), for programs that their user trusts: limits of time and output hold, memory is polled,
//! and that is all. The program sees the files, the network and the processes of the user who runs the judge, and a
//! process that leaves its group before the end may stay behind.
//!
//! Mounts are not made; where the program or an argument names a mount's target, it gets the source instead.
#![allow(unsafe_code)]

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Pid, PidfdFlags, Signal, kill_process, kill_process_group, pidfd_open};

use crate::channel::retry;
use crate::drain::Drain;
use crate::watch::timespec;
use crate::{Command, Ended, Error, Exit, Limits, MemoryScope, Outcome, polled, rlimit};

/// How often CPU time and memory are looked at.
const LOOK: Duration = Duration::from_millis(5);

pub(crate) fn run(
    command: &Command,
    limits: &Limits,
    input: OwnedFd,
    sink: Option<OwnedFd>,
    cpu: Option<usize>,
    buffer: &mut [u8],
) -> Result<Outcome, Error> {
    let in_words = |step: &'static str| move |error: io::Error| Error::system(step, error);
    let scratch = Scratch::make().map_err(in_words("make a scratch folder"))?;
    let (mut output, output_end) =
        Drain::or_sink(sink, limits.output).map_err(in_words("make a pipe"))?;
    let (mut errors, errors_end) =
        Drain::or_sink(None, limits.error_output).map_err(in_words("make a pipe"))?;

    let mut process = std::process::Command::new(on_host(command, command.program.as_os_str()));
    process.args(
        command
            .arguments
            .iter()
            .map(|argument| on_host(command, argument)),
    );
    process
        .env_clear()
        .env("HOME", &scratch.0)
        .env("TMPDIR", &scratch.0)
        .env("PATH", "/usr/local/bin:/usr/bin:/bin");
    process.envs(
        command
            .environment
            .iter()
            .map(|(name, value)| (name, value)),
    );
    process
        .current_dir(&scratch.0)
        .stdin(input)
        .stdout(output_end)
        .stderr(errors_end);
    let (cpu_seconds, stack) = (limits.cpu.as_secs() + 2, limits.stack());
    // SAFETY: the closure only makes system calls.
    unsafe {
        process.pre_exec(move || prepare_self(cpu_seconds, stack, cpu));
    }
    if command.fixed_layout {
        crate::layout::fix_layout(&mut process);
    }
    let started = Instant::now();
    let child = match process.spawn() {
        Ok(child) => child,
        Err(error) => return Ok(could_not_start(&command.program, &error)),
    };
    drop(process);
    let pid = Pid::from_child(&child);
    let handle = pidfd_open(pid, PidfdFlags::empty())
        .map_err(|error| Error::system("watch the program", error))?;

    let (killed_for, polled_memory) = watch(
        child.id(),
        &handle,
        started,
        limits,
        &mut output,
        &mut errors,
        buffer,
    )
    .map_err(in_words("watch the run"))?;
    let (status, cpu, resident) = wait(pid).map_err(in_words("wait for the program"))?;
    let wall = started.elapsed();
    // Those that are left in its group; in a moment nothing more can write.
    let _ = kill_process_group(pid, Signal::KILL);
    for drain in [&mut output, &mut errors] {
        drain
            .take(buffer, usize::MAX)
            .map_err(in_words("read the output"))?;
    }
    if let Some(target) = &command.collect {
        let folder = fs::File::open(&scratch.0).map_err(in_words("open the scratch folder"))?;
        output.overflowed |= !crate::collect::collect(&folder.into(), target, limits.scratch)?;
    }

    let peak = resident.max(polled_memory);
    let over = |limit: Ended| killed_for.as_ref() == Some(&limit);
    let ended = if cpu > limits.cpu || over(Ended::CpuLimit) {
        Ended::CpuLimit
    } else if wall > limits.wall || over(Ended::WallLimit) {
        Ended::WallLimit
    } else if peak > limits.memory {
        Ended::MemoryLimit
    } else if output.overflowed || errors.overflowed {
        Ended::OutputLimit
    } else {
        Ended::ByItself
    };
    let exit = match status {
        _ if killed_for.is_some() => Exit::Killed,
        status if libc::WIFSIGNALED(status) => Exit::Signal(libc::WTERMSIG(status)),
        status => Exit::Code(libc::WEXITSTATUS(status)),
    };
    Ok(Outcome {
        ended,
        exit,
        cpu,
        wall,
        peak_memory: Some(peak),
        memory_scope: MemoryScope::PerProcess,
        output: output.bytes,
        error_output: errors.bytes,
    })
}

/// Watches until the program ends; says for which limit it was killed, and the most memory that was seen.
fn watch(
    process: u32,
    handle: &OwnedFd,
    started: Instant,
    limits: &Limits,
    output: &mut Drain,
    errors: &mut Drain,
    buffer: &mut [u8],
) -> io::Result<(Option<Ended>, u64)> {
    let (mut killed_for, mut memory) = (None, 0);
    loop {
        let mut waits = vec![PollFd::new(handle, PollFlags::IN)];
        waits.extend(
            [&output.pipe, &errors.pipe]
                .into_iter()
                .flatten()
                .map(|it| PollFd::new(it, PollFlags::IN)),
        );
        retry(|| poll(&mut waits, Some(&timespec(LOOK))))?;
        let ended = !waits[0].revents().is_empty();
        drop(waits);
        output.take(buffer, 4)?;
        errors.take(buffer, 4)?;
        if ended {
            return Ok((killed_for, memory));
        }
        let uses = polled::look(&[process], limits.memory);
        memory = memory.max(uses.largest).max(uses.together);
        let verdict = if Duration::from_nanos(uses.cpu) > limits.cpu {
            Ended::CpuLimit
        } else if started.elapsed() > limits.wall {
            Ended::WallLimit
        } else if memory > limits.memory {
            Ended::MemoryLimit
        } else if output.overflowed || errors.overflowed {
            Ended::OutputLimit
        } else {
            continue;
        };
        killed_for.get_or_insert(verdict);
        for process in polled::tree(process).into_iter().rev() {
            if let Some(process) = Pid::from_raw(process.cast_signed()) {
                let _ = kill_process(process, Signal::KILL);
            }
        }
    }
}

fn prepare_self(cpu_seconds: u64, stack: u64, cpu: Option<usize>) -> io::Result<()> {
    rustix::process::setsid()?;
    rustix::thread::set_no_new_privs(true)?;
    for (resource, limit) in [(libc::RLIMIT_CPU, cpu_seconds), (libc::RLIMIT_CORE, 0)] {
        rlimit::set(resource, limit, limit)?;
    }
    // The hard limit of the user may be lower.
    let _ = rlimit::set(libc::RLIMIT_STACK, stack, stack);
    if let Some(cpu) = cpu {
        crate::pin::pin_self(cpu)?;
    }
    Ok(())
}

/// Status, CPU time with that of waited-for children, largest resident set in bytes.
fn wait(process: Pid) -> io::Result<(i32, Duration, u64)> {
    let mut status = 0;
    // SAFETY: rusage is plain numbers, for which zero is valid; both pointers live through the call.
    let (result, usage) = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        (
            libc::wait4(
                process.as_raw_nonzero().get(),
                &raw mut status,
                0,
                &raw mut usage,
            ),
            usage,
        )
    };
    if result < 0 {
        return Err(io::Error::last_os_error());
    }
    let time = |value: libc::timeval| {
        Duration::from_secs(u64::try_from(value.tv_sec).unwrap_or(0))
            + Duration::from_micros(u64::try_from(value.tv_usec).unwrap_or(0))
    };
    let resident = u64::try_from(usage.ru_maxrss).unwrap_or(0) * 1024;
    Ok((
        status,
        time(usage.ru_utime) + time(usage.ru_stime),
        resident,
    ))
}

/// The path on the host of what a mount shows inside; anything else is left as it is.
fn on_host(command: &Command, path: &OsStr) -> OsString {
    for mount in &command.mounts {
        if let Ok(below) = Path::new(path).strip_prefix(&mount.target) {
            let source =
                std::path::absolute(&mount.source).unwrap_or_else(|_| mount.source.clone());
            return if below.as_os_str().as_bytes().is_empty() {
                source.into()
            } else {
                source.join(below).into()
            };
        }
    }
    path.to_owned()
}

fn could_not_start(program: &Path, error: &io::Error) -> Outcome {
    Outcome {
        ended: Ended::CouldNotStart(format!("{}: {error}", program.display())),
        exit: Exit::Killed,
        cpu: Duration::ZERO,
        wall: Duration::ZERO,
        peak_memory: None,
        memory_scope: MemoryScope::PerProcess,
        output: Vec::new(),
        error_output: Vec::new(),
    }
}

/// A folder for the run, removed afterwards.
struct Scratch(PathBuf);

impl Scratch {
    fn make() -> io::Result<Scratch> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "judge-unsafe-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path)?;
        Ok(Scratch(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
