//! The mini-init: process 1 of a run's own process namespace.
//!
//! It mounts what each run has fresh, starts the program, collects every process that ends, and when the program itself
//! has ended kills what is left. Were the program process 1, `abort()` would look like SIGSEGV and many signals would be
//! ignored.
//!
//! It shares the zygote's memory (no page tables are copied), so nothing here allocates.

use std::ffi::CStr;
use std::io;
use std::os::fd::RawFd;
use std::sync::atomic::Ordering;

use rustix::mount::MountFlags;
use rustix::process::Signal;

use super::{child, system};
use crate::board::Figures;

/// A step of starting the program, for the report when it fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Step {
    ProcessFiles = 1,
    Scratch,
    Spawn,
    Streams,
    Victim,
    Limits,
    User,
    Capabilities,
    Landlock,
    Filter,
    Execute,
}

impl Step {
    /// The step of this number, in words that follow "could not".
    pub(crate) fn words(number: u32) -> &'static str {
        const WORDS: [(Step, &str); 10] = [
            (Step::ProcessFiles, "mount a fresh /proc"),
            (Step::Scratch, "go to the scratch folder"),
            (Step::Spawn, "make the program's process"),
            (Step::Streams, "connect the program's streams"),
            (Step::Victim, "set the program's out-of-memory score"),
            (Step::Limits, "set resource limits"),
            (Step::User, "change to the slot's user"),
            (Step::Capabilities, "drop capabilities"),
            (Step::Landlock, "apply the Landlock rules"),
            (Step::Filter, "install the seccomp filter"),
        ];
        WORDS
            .iter()
            .find(|(step, _)| *step as u32 == number)
            .map_or("execute the program", |(_, words)| words)
    }
}

/// The out-of-memory score of what shall be killed first.
pub(super) const VICTIM: &[u8] = b"1000";

/// All that init and the program's process need, prepared by the zygote.
pub(super) struct Plan<'a> {
    pub(super) figures: &'a Figures,
    pub(super) program: &'a CStr,
    /// Null-terminated, like the environment.
    pub(super) arguments: *const *const libc::c_char,
    pub(super) environment: *const *const libc::c_char,
    /// Standard input, output, error.
    pub(super) streams: [RawFd; 3],
    /// Whether a fresh `/proc` can be mounted here.
    pub(super) process_files: bool,
    pub(super) landlock: Option<RawFd>,
    pub(super) filter: &'a libc::sock_fprog,
    /// The user to become; none in a user namespace, whose only user it is already.
    pub(super) user: Option<u32>,
    /// In a user namespace: the file of the zygote's out-of-memory score, which is also that of all who share its memory.
    pub(super) badness: Option<RawFd>,
    pub(super) cpu_seconds: u64,
    pub(super) stack: u64,
    pub(super) processes: u64,
    pub(super) fixed_layout: bool,
    /// The stack of the program's process until it executes.
    pub(super) child_stack: *mut system::Stack,
}

pub(super) extern "C" fn main(plan: *mut libc::c_void) -> i32 {
    #[allow(unsafe_code)]
    // SAFETY: the zygote passes its plan, and waits for this process before it drops it.
    let plan = unsafe { &*plan.cast::<Plan<'_>>() };
    if let Err((step, error)) = tend(plan) {
        plan.figures
            .error_number
            .store(error.raw_os_error().unwrap_or(0), Ordering::Relaxed);
        plan.figures
            .failed_step
            .store(step as u32, Ordering::Release);
    }
    system::exit_now(0);
}

fn tend(plan: &Plan<'_>) -> Result<(), (Step, io::Error)> {
    let at = |step: Step| move |error: rustix::io::Errno| (step, error.into());
    // Should the zygote die, the run dies.
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))
        .map_err(at(Step::Spawn))?;
    system::kill_all_on_terminate().map_err(|error| (Step::Spawn, error))?;
    if plan.process_files {
        let flags = MountFlags::NOSUID | MountFlags::NODEV | MountFlags::NOEXEC;
        rustix::mount::mount(c"proc", c"/proc", c"proc", flags, None)
            .map_err(at(Step::ProcessFiles))?;
    }
    plan.figures.started.store(now(), Ordering::Relaxed);
    #[allow(unsafe_code)]
    // SAFETY: child::main only calls the system; plan and stack outlive its stay in this memory, because the flag makes
    // this process wait until then. Nobody else uses that stack.
    let program =
        unsafe { system::spawn(child::main, &mut *plan.child_stack, libc::CLONE_VFORK, plan) };
    let (program, _) = program.map_err(|error| (Step::Spawn, error))?;
    if let Some(badness) = plan.badness {
        // Where this fails the zygote may be the victim, which is a fault of the judge and seen as such.
        #[allow(unsafe_code)]
        // SAFETY: the zygote keeps the descriptor open until init has ended; init has a copy of its table.
        let badness = unsafe { rustix::fd::BorrowedFd::borrow_raw(badness) };
        let _ = rustix::io::pwrite(badness, b"0", 0);
    }
    // Whoever waits for the end of the program's output must not wait for init. (Its table of descriptors is its own.)
    system::close_from(0).map_err(|error| (Step::Spawn, error))?;
    if plan.figures.condemned.load(Ordering::Acquire) == 1 {
        // The signal came before there was anything to kill.
        system::kill_all();
    }
    loop {
        match system::wait(-1) {
            Ok(waited) if waited.process == program => {
                plan.figures.finished.store(now(), Ordering::Relaxed);
                plan.figures.status.store(waited.status, Ordering::Relaxed);
                plan.figures.ended.store(1, Ordering::Release);
                break;
            }
            Ok(_) => {}
            Err(error) if error.raw_os_error() == Some(libc::EINTR) => {}
            Err(error) => return Err((Step::Spawn, error)),
        }
    }
    // What the program left behind dies, and is counted, before init ends. Orphans are init's children, so without one there
    // is nobody, and killing all would look at every process of the machine for nothing.
    if system::has_children() {
        system::kill_all();
        while system::wait(-1).is_ok() {}
    }
    let (cpu, resident) = system::children_usage();
    plan.figures.children_cpu.store(cpu, Ordering::Relaxed);
    plan.figures
        .largest_resident
        .store(resident, Ordering::Release);
    Ok(())
}

/// The monotonic clock in nanoseconds.
fn now() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    u64::try_from(time.tv_sec).unwrap_or(0) * 1_000_000_000
        + u64::try_from(time.tv_nsec).unwrap_or(0)
}
