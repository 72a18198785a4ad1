//! A slot: one zygote with its cgroup, in which one program runs at a time.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use rustix::pipe::{PipeFlags, pipe_with};

use crate::cgroup::{Cgroup, Counted};
use crate::channel::Kind;
use crate::input::Inputs;
use crate::start::Zygote;
use crate::watch::{Drain, Seen, Watch};
use crate::wire::{MountRequest, Request};
use crate::zygote::Step;
use crate::{
    Command, Ended, Error, Exit, Limits, MemoryScope, Outcome, Streams, Tier, bare, collect,
    sandbox,
};

/// What all slots of a sandbox share.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) helper: PathBuf,
    pub(crate) tier: Tier,
}

/// A place for one run at a time: a zygote that waits for programs. Dropped, it leaves nothing behind.
#[derive(Debug)]
pub struct Slot {
    place: Arc<Place>,
    cpu: Option<usize>,
    // The zygote goes before the cgroup that it lives in.
    zygote: Option<Zygote>,
    cgroup: Option<Cgroup>,
    inputs: Inputs,
    buffer: Vec<u8>,
}

/// The room into which output is read; as large as a pipe.
const BUFFER: usize = 64 << 10;

impl Slot {
    pub(crate) fn new(place: Arc<Place>, cpu: Option<usize>) -> Result<Slot, Error> {
        let cgroup = sandbox::make_cgroup(place.tier)?;
        let buffer = vec![0; BUFFER];
        let mut slot = Slot {
            place,
            cpu,
            zygote: None,
            cgroup,
            inputs: Inputs::default(),
            buffer,
        };
        if slot.place.tier != Tier::Unsafe {
            slot.start_zygote()?;
        }
        Ok(slot)
    }

    fn start_zygote(&mut self) -> Result<(), Error> {
        self.zygote = None;
        self.zygote = Some(Zygote::start(
            &self.place.helper,
            self.cgroup.as_ref(),
            self.cpu,
        )?);
        Ok(())
    }

    /// Runs a program to its end.
    ///
    /// A zygote that dies is replaced and the run repeated once.
    ///
    /// # Errors
    /// Where the sandbox itself failed; whatever the program does is an [`Outcome`].
    pub fn run(
        &mut self,
        command: &Command,
        limits: &Limits,
        streams: Streams,
    ) -> Result<Outcome, Error> {
        let input = self
            .inputs
            .descriptor(streams.input)
            .map_err(|error| Error::system("prepare the input", error))?;
        if self.place.tier == Tier::Unsafe {
            return bare::run(command, limits, input, self.cpu, &mut self.buffer);
        }
        let request = request(command, limits, self.place.tier)?;
        let mut death = match self.attempt(&request, command, limits, &input) {
            Err(Error::ZygoteDied(reason)) => reason,
            other => return other,
        };
        // The input may have been read; a pipe cannot be rewound, and then the repetition shows it.
        let _ = rustix::fs::seek(&input, rustix::fs::SeekFrom::Start(0));
        match self.attempt(&request, command, limits, &input) {
            Err(Error::ZygoteDied(reason)) => {
                if reason != death {
                    death = format!("{death}; {reason}");
                }
                Err(Error::ZygoteDied(death))
            }
            other => other,
        }
    }

    fn attempt(
        &mut self,
        request: &Request,
        command: &Command,
        limits: &Limits,
        input: &OwnedFd,
    ) -> Result<Outcome, Error> {
        if self.zygote.is_none() {
            self.start_zygote()?;
        }
        let result = self.watched(request, command, limits, input);
        if matches!(result, Err(Error::System { .. } | Error::ZygoteDied(_))) {
            // Its state is unknown now; the next run begins with a new one.
            self.zygote = None;
        }
        result
    }

    fn watched(
        &mut self,
        request: &Request,
        command: &Command,
        limits: &Limits,
        input: &OwnedFd,
    ) -> Result<Outcome, Error> {
        let in_words = |step: &'static str| move |error: io::Error| Error::system(step, error);
        let (output, output_end) = pipe().map_err(in_words("make a pipe"))?;
        let (errors, errors_end) = pipe().map_err(in_words("make a pipe"))?;
        if let Some(cgroup) = &mut self.cgroup {
            cgroup
                .prepare(limits.memory, limits.processes)
                .map_err(in_words("set the cgroup's limits"))?;
        }
        let zygote = self.zygote.as_mut().expect("attempt() starts it");
        zygote.board.figures().clear();
        let streams = [input.as_fd(), output_end.as_fd(), errors_end.as_fd()];
        if zygote
            .channel
            .send(Kind::Run, &request.encode(), &streams)
            .is_err()
        {
            return Err(Error::ZygoteDied(zygote.last_words()));
        }
        drop((output_end, errors_end));

        let mut output = Drain::new(output, limits.output);
        let mut errors = Drain::new(errors, limits.error_output);
        let mut watch = Watch {
            channel: &zygote.channel,
            figures: zygote.board.figures(),
            cgroup: self.cgroup.as_ref(),
            limits,
            parallel: if self.cpu.is_some() {
                1
            } else {
                limits.processes.min(cpus())
            },
            buffer: &mut self.buffer,
        };
        let mut seen = watch
            .run(&mut output, &mut errors)
            .map_err(in_words("watch the run"))?;
        let Some(word) = seen.word.take() else {
            return Err(Error::ZygoteDied(zygote.last_words()));
        };
        if word.kind != Kind::Done {
            return Err(refusal(&String::from_utf8_lossy(&word.body), command));
        }
        let counted = match &mut self.cgroup {
            Some(cgroup) => Some(
                cgroup
                    .counted()
                    .map_err(in_words("read the cgroup's counters"))?,
            ),
            None => None,
        };
        if let (Some(target), Some(scratch)) = (&command.collect, word.descriptors.first()) {
            collect::collect(scratch, target, limits.scratch).map_err(|error| {
                Error::system(
                    format!("collect the run's files in {}", target.display()),
                    error,
                )
            })?;
        }
        judge(zygote, command, limits, &seen, counted, output, errors)
    }
}

/// Reads the board after a run.
fn judge(
    zygote: &Zygote,
    command: &Command,
    limits: &Limits,
    seen: &Seen,
    counted: Option<Counted>,
    output: Drain,
    errors: Drain,
) -> Result<Outcome, Error> {
    let figures = zygote.board.figures();
    let load = |word: &std::sync::atomic::AtomicU64| word.load(Ordering::Acquire);
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
    let peak_memory = match counted {
        Some(counted) => counted.peak_memory,
        None => Some(resident.max(seen.memory)),
    };
    let memory_scope = if counted.is_some() {
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
    } else if cpu > limits.cpu || over(Ended::CpuLimit) {
        Ended::CpuLimit
    } else if wall > limits.wall || over(Ended::WallLimit) {
        Ended::WallLimit
    } else if too_large || over(Ended::MemoryLimit) {
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

fn request(command: &Command, limits: &Limits, tier: Tier) -> Result<Request, Error> {
    let bytes = |text: &std::ffi::OsStr| text.as_bytes().to_vec();
    let arguments = std::iter::once(command.program.as_os_str())
        .chain(command.arguments.iter().map(|it| &**it));
    let mut environment: Vec<Vec<u8>> = Vec::new();
    for (name, value) in &command.environment {
        environment.push([name.as_bytes(), b"=", value.as_bytes()].concat());
    }
    for (name, value) in [
        ("HOME", "/scratch"),
        ("PATH", "/usr/local/bin:/usr/bin:/bin"),
        ("TMPDIR", "/tmp"),
    ] {
        if !command.environment.iter().any(|(given, _)| given == name) {
            environment.push(format!("{name}={value}").into_bytes());
        }
    }
    // Zygote and init are of the same user in a user namespace.
    let own_processes = if tier == Tier::Namespaces { 2 } else { 64 };
    Ok(Request {
        program: bytes(command.program.as_os_str()),
        arguments: arguments.map(bytes).collect(),
        environment,
        mounts: command.mounts.iter().map(mount).collect::<Result<_, _>>()?,
        cpu_seconds: limits.cpu.as_secs() + 2,
        stack: limits.memory,
        scratch: limits.scratch,
        processes: u64::from(limits.processes) + own_processes,
        collect: command.collect.is_some(),
    })
}

fn mount(mount: &crate::Mount) -> Result<MountRequest, Error> {
    let refuse = |reason: String| Error::Mount {
        source_path: mount.source.clone(),
        target: mount.target.clone(),
        reason,
    };
    if !mount.target.is_absolute() {
        return Err(refuse("the target is not an absolute path".to_owned()));
    }
    if ["/scratch", "/tmp", "/proc", "/dev"]
        .iter()
        .any(|taken| mount.target.starts_with(taken))
    {
        return Err(refuse(
            "the sandbox has its own file system there; choose another target".to_owned(),
        ));
    }
    // The zygote's working directory is not the judge's.
    let source = std::path::absolute(&mount.source).map_err(|error| refuse(error.to_string()))?;
    let metadata = std::fs::metadata(&source).map_err(|error| refuse(error.to_string()))?;
    Ok(MountRequest {
        source: source.as_os_str().as_bytes().to_vec(),
        target: mount.target.as_os_str().as_bytes().to_vec(),
        device: metadata.dev(),
        inode: metadata.ino(),
        folder: metadata.is_dir(),
    })
}

/// The zygote's refusal; a mount that failed names both of its paths.
fn refusal(words: &str, command: &Command) -> Error {
    for mount in &command.mounts {
        let start = format!(
            "show {} at {}: ",
            absolute(&mount.source).display(),
            mount.target.display()
        );
        if let Some(reason) = words.strip_prefix(&start) {
            let (source_path, target) = (mount.source.clone(), mount.target.clone());
            return Error::Mount {
                source_path,
                target,
                reason: reason.to_owned(),
            };
        }
    }
    Error::Refused(words.to_owned())
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}

/// A pipe whose writing end any user may open again by its name in `/proc` (`/dev/stdout`).
pub(crate) fn pipe() -> io::Result<(OwnedFd, OwnedFd)> {
    let (reader, writer) = pipe_with(PipeFlags::CLOEXEC)?;
    rustix::fs::fchmod(&writer, rustix::fs::Mode::from_raw_mode(0o666))?;
    rustix::io::ioctl_fionbio(&reader, true)?;
    Ok((reader, writer))
}

fn cpus() -> u32 {
    std::thread::available_parallelism()
        .map_or(1, |count| u32::try_from(count.get()).unwrap_or(u32::MAX))
}

/// The monotonic clock in nanoseconds.
fn now() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    u64::try_from(time.tv_sec).unwrap_or(0) * 1_000_000_000
        + u64::try_from(time.tv_nsec).unwrap_or(0)
}
