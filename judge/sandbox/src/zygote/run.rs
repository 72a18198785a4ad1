//! One run, as the zygote sees it: prepare what needs preparing, make init, wait for it, reckon the CPU time.

use std::ffi::CString;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::sync::atomic::Ordering;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::Signal;

use super::init::{self, Plan, Step};
use super::mounts::Mounts;
use super::scratch::Scratch;
use super::system;
use crate::board::{Board, Figures};
use crate::channel::{Channel, Kind, retry};
use crate::landlock::Landlock;
use crate::wire::{Request, Usage};

/// The namespaces that each run has for itself.
const FRESH: i32 = libc::CLONE_NEWPID | libc::CLONE_NEWNS;

/// What the zygote keeps from run to run.
pub(super) struct Runner {
    pub(super) board: Board,
    pub(super) usage: Option<(OwnedFd, Usage)>,
    pub(super) cgroup: Option<OwnedFd>,
    pub(super) mounts: Mounts,
    pub(super) scratch: Scratch,
    pub(super) user: u32,
    pub(super) changes_user: bool,
    /// In a user namespace: the file of the zygote's out-of-memory score.
    pub(super) badness: Option<OwnedFd>,
    pub(super) process_files: bool,
    /// Whether a run has shown that it can be mounted, or cannot.
    pub(super) process_files_tried: bool,
    pub(super) landlock: Option<Landlock>,
    pub(super) root: OwnedFd,
    pub(super) devices: OwnedFd,
    pub(super) filter: Vec<libc::sock_filter>,
    pub(super) init_stack: system::Stack,
    pub(super) child_stack: system::Stack,
}

impl Runner {
    /// Runs a program to its end. Gives the scratch folder if it was asked for, or words that follow "could not".
    pub(super) fn run(
        &mut self,
        request: &Request,
        streams: Vec<OwnedFd>,
        channel: &Channel,
    ) -> Result<Option<OwnedFd>, String> {
        let again: io::Result<Vec<_>> = if self.process_files_tried {
            Ok(Vec::new())
        } else {
            streams.iter().map(OwnedFd::try_clone).collect()
        };
        let again = again.map_err(|error| format!("keep the run's streams: {error}"))?;
        let scratch = self.attempt(request, streams, channel)?;
        let step = self.board.figures().failed_step.load(Ordering::Acquire);
        if self.process_files && step == Step::ProcessFiles as u32 {
            // Some containers hide parts of their /proc, and the kernel refuses a fresh one then: runs go without, and
            // without the zygote's old one.
            self.process_files = false;
            let _ = rustix::mount::unmount(c"/proc", rustix::mount::UnmountFlags::DETACH);
            self.process_files_tried = true;
            return self.attempt(request, again, channel);
        }
        self.process_files_tried = true;
        Ok(scratch)
    }

    fn attempt(
        &mut self,
        request: &Request,
        streams: Vec<OwnedFd>,
        channel: &Channel,
    ) -> Result<Option<OwnedFd>, String> {
        let in_words = |what: &'static str| move |error: io::Error| format!("{what}: {error}");
        let [input, output, error_output] = streams.as_slice() else {
            return Err("receive the run's streams".into());
        };
        self.mounts.arrange(&request.mounts)?;

        let figures = self.board.figures();
        figures.clear();
        let usage_before = self
            .usage()
            .map_err(in_words("read the cgroup's CPU time"))?;
        figures.usage_before.store(usage_before, Ordering::Relaxed);
        let own_before = own_cpu();

        let (landlock, root, devices) = (self.landlock, self.root.as_fd(), self.devices.as_fd());
        let rules = |writable: &[BorrowedFd<'_>]| {
            let rules = landlock.map(|landlock| landlock.rules(root, devices, writable));
            rules.transpose()
        };
        let rules = self
            .scratch
            .prepare(request.scratch, self.user, &rules)
            .map_err(in_words("make /scratch and /tmp, or Landlock rules"))?
            .map(|rules| rules.as_raw_fd());
        let program = c_string(&request.program)?;
        let arguments = c_strings(&request.arguments)?;
        let environment = c_strings(&request.environment)?;
        let (arguments, environment) = (pointers(&arguments), pointers(&environment));
        let filter = libc::sock_fprog {
            len: u16::try_from(self.filter.len()).expect("filters are short"),
            filter: self.filter.as_mut_ptr(),
        };
        let plan = Plan {
            figures: self.board.figures(),
            program: &program,
            arguments: arguments.as_ptr(),
            environment: environment.as_ptr(),
            streams: [
                input.as_raw_fd(),
                output.as_raw_fd(),
                error_output.as_raw_fd(),
            ],
            process_files: self.process_files,
            landlock: rules,
            filter: &filter,
            user: self.changes_user.then_some(self.user),
            badness: self.badness.as_ref().map(AsRawFd::as_raw_fd),
            cpu_seconds: request.cpu_seconds,
            stack: request.stack,
            processes: request.processes,
            fixed_layout: request.fixed_layout,
            child_stack: &raw mut self.child_stack,
        };
        if let Some(badness) = &self.badness {
            // The program inherits it; init takes it off the zygote and itself once the program is on its own.
            let _ = rustix::io::pwrite(badness, init::VICTIM, 0);
        }
        #[allow(unsafe_code)]
        // SAFETY: init only calls the system; plan and stacks live until it has been waited for, and are left alone until then.
        let spawned = unsafe {
            match &self.cgroup {
                Some(cgroup) => {
                    system::spawn_into(init::main, cgroup.as_fd(), FRESH, &raw const plan)
                        .map(|(process, descriptor)| (process, Some(descriptor)))
                }
                None => system::spawn(
                    init::main,
                    &mut self.init_stack,
                    FRESH | libc::CLONE_PIDFD,
                    &raw const plan,
                ),
            }
        };
        let (process, descriptor) = spawned.map_err(in_words("make the namespaces of a run"))?;
        // Init has its own.
        drop(streams);
        let descriptor = descriptor.ok_or("get a descriptor of init")?;
        plan.figures
            .init
            .store(process.cast_unsigned(), Ordering::Release);
        watch(&descriptor, channel, plan.figures);
        let waited = system::wait(process).map_err(in_words("wait for init"))?;
        plan.figures.init.store(0, Ordering::Release);

        let children = plan.figures.children_cpu.load(Ordering::Relaxed);
        // Init was killed before it could count: its own share is small, all is the run's.
        let counted = children != 0;
        let children = if counted { children } else { waited.cpu };
        if !counted {
            plan.figures
                .largest_resident
                .store(waited.resident, Ordering::Relaxed);
        }
        let cpu = match self.usage {
            None => children,
            Some(_) => {
                let all = self
                    .usage()
                    .map_err(in_words("read the cgroup's CPU time"))?
                    .saturating_sub(usage_before);
                let zygote = if self.cgroup.is_some() {
                    0
                } else {
                    own_cpu().saturating_sub(own_before)
                };
                let init = waited.cpu.saturating_sub(children);
                // More than the children's: a parent that ignores SIGCHLD lets its children's time fall under the table.
                all.saturating_sub(zygote + init).max(children)
            }
        };
        self.board.figures().cpu.store(cpu, Ordering::Release);
        self.scratch
            .finish(request.collect)
            .map_err(in_words("remove the run's /scratch and /tmp"))
    }

    /// CPU time of the cgroup in nanoseconds.
    fn usage(&self) -> io::Result<u64> {
        let Some((file, kind)) = &self.usage else {
            return Ok(0);
        };
        crate::cgroup::read_usage(file, *kind)
    }
}

/// How long init may take to kill the run by itself.
const PATIENCE: Timespec = Timespec {
    tv_sec: 2,
    tv_nsec: 0,
};

/// Waits until init has ended. When the judge says so, has init kill the run; kills init if that does not help, or if the
/// judge is gone.
fn watch(init: &OwnedFd, channel: &Channel, figures: &Figures) {
    let mut condemned = false;
    loop {
        let mut waits = [
            PollFd::new(init, PollFlags::IN),
            PollFd::new(channel, PollFlags::IN),
        ];
        match retry(|| poll(&mut waits, condemned.then_some(&PATIENCE))) {
            Ok(0) | Err(_) => return system::signal(init, Signal::KILL),
            Ok(_) => {}
        }
        if !waits[0].revents().is_empty() {
            return;
        }
        match channel.receive() {
            Ok(Some(message)) if message.kind == Kind::Kill => {
                figures.condemned.store(1, Ordering::Release);
                system::signal(init, Signal::TERM);
                condemned = true;
            }
            Ok(Some(_)) => {}
            Ok(None) | Err(_) => return system::signal(init, Signal::KILL),
        }
    }
}

/// CPU time of the zygote itself, in nanoseconds.
fn own_cpu() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    u64::try_from(time.tv_sec).unwrap_or(0) * 1_000_000_000
        + u64::try_from(time.tv_nsec).unwrap_or(0)
}

fn c_string(bytes: &[u8]) -> Result<CString, String> {
    CString::new(bytes).map_err(|_| {
        format!(
            "pass {:?}: it has a NUL byte",
            String::from_utf8_lossy(bytes)
        )
    })
}

fn c_strings(list: &[Vec<u8>]) -> Result<Vec<CString>, String> {
    list.iter().map(|bytes| c_string(bytes)).collect()
}

fn pointers(list: &[CString]) -> Vec<*const libc::c_char> {
    list.iter()
        .map(|string| string.as_ptr())
        .chain([std::ptr::null()])
        .collect()
}
