//! The last steps of the program's own process: it gives up every power, then executes the program.
//!
//! Until then it shares the zygote's memory and init waits for it (like vfork), so nothing here allocates.

use std::io;
use std::sync::atomic::Ordering;

use rustix::fs::{Mode, OFlags};
use rustix::mount::MountFlags;
use rustix::thread::{CapabilitySet, CapabilitySets};

use super::init::{Plan, Step};
use super::scratch::SCRATCH;
use super::system;
use crate::{landlock, layout, rlimit};

/// The room of open descriptors; enough for a compiler driver, too few to hurt.
const DESCRIPTORS: u64 = 256;

pub(super) extern "C" fn main(plan: *mut libc::c_void) -> i32 {
    #[allow(unsafe_code)]
    // SAFETY: init passes its plan, which outlives this process's stay in the shared memory.
    let plan = unsafe { &*plan.cast::<Plan<'_>>() };
    let (step, error) = match become_the_program(plan) {
        Ok(never) => match never {},
        Err(failure) => failure,
    };
    plan.figures
        .error_number
        .store(error.raw_os_error().unwrap_or(0), Ordering::Relaxed);
    plan.figures
        .failed_step
        .store(step as u32, Ordering::Release);
    system::exit_now(127);
}

fn become_the_program(plan: &Plan<'_>) -> Result<std::convert::Infallible, (Step, io::Error)> {
    let at = |step: Step| move |error: io::Error| (step, error);
    for (descriptor, standard) in plan.streams.iter().zip(0..) {
        system::duplicate_to(*descriptor, standard).map_err(at(Step::Streams))?;
    }
    rustix::process::setsid()
        .map_err(io::Error::from)
        .map_err(at(Step::Streams))?;
    rustix::process::umask(Mode::from_raw_mode(0o022));
    rustix::process::chdir(SCRATCH)
        .map_err(io::Error::from)
        .map_err(at(Step::Scratch))?;
    if plan.process_files && plan.user.is_some() {
        prefer_as_victim().map_err(at(Step::Victim))?;
    }
    if plan.process_files && plan.user.is_none() {
        // In a user namespace the program keeps the judge's user, who may own files below /proc/sys.
        let flags = MountFlags::BIND
            | MountFlags::RDONLY
            | MountFlags::NOSUID
            | MountFlags::NODEV
            | MountFlags::NOEXEC;
        rustix::mount::mount_remount(c"/proc", flags, c"")
            .map_err(io::Error::from)
            .map_err(at(Step::ProcessFiles))?;
    }
    limit_resources(plan).map_err(at(Step::Limits))?;
    if plan.fixed_layout {
        // Where a container forbids it, the program is measured as it lies.
        layout::fix_self();
    }
    if let Some(user) = plan.user {
        become_user(user).map_err(at(Step::User))?;
    }
    rustix::thread::set_capabilities(
        None,
        CapabilitySets {
            effective: CapabilitySet::empty(),
            permitted: CapabilitySet::empty(),
            inheritable: CapabilitySet::empty(),
        },
    )
    .map_err(io::Error::from)
    .map_err(at(Step::Capabilities))?;
    rustix::thread::set_no_new_privs(true)
        .map_err(io::Error::from)
        .map_err(at(Step::Filter))?;
    if let Some(rules) = plan.landlock {
        landlock::restrict_self(rules).map_err(at(Step::Landlock))?;
    }
    system::close_from(3).map_err(at(Step::Streams))?;
    system::install_filter(plan.filter).map_err(at(Step::Filter))?;
    #[allow(unsafe_code)]
    // SAFETY: the plan's maker keeps both lists null-terminated and alive.
    let error = unsafe { system::execute(plan.program, plan.arguments, plan.environment) };
    Err((Step::Execute, error))
}

/// The out-of-memory killer shall take the program, not the zygote. (In a user namespace this process may not open the file; it
/// inherits the score.)
fn prefer_as_victim() -> io::Result<()> {
    let file = rustix::fs::open(c"/proc/self/oom_score_adj", OFlags::WRONLY, Mode::empty())?;
    rustix::io::write(file, super::init::VICTIM)?;
    Ok(())
}

fn limit_resources(plan: &Plan<'_>) -> io::Result<()> {
    // The watch kills at the millisecond; this is the net below it, for each process.
    rlimit::set(libc::RLIMIT_CPU, plan.cpu_seconds, plan.cpu_seconds + 1)?;
    rlimit::set(libc::RLIMIT_STACK, plan.stack, plan.stack)?;
    rlimit::set(libc::RLIMIT_NPROC, plan.processes, plan.processes)?;
    rlimit::set(libc::RLIMIT_NOFILE, DESCRIPTORS, DESCRIPTORS)?;
    rlimit::set(libc::RLIMIT_CORE, 0, 0)?;
    rlimit::set(libc::RLIMIT_MEMLOCK, 65536, 65536)?;
    rlimit::set(libc::RLIMIT_MSGQUEUE, 65536, 65536)
}

fn become_user(user: u32) -> io::Result<()> {
    let uid = rustix::process::Uid::from_raw(user);
    let gid = rustix::process::Gid::from_raw(user);
    rustix::thread::set_thread_res_gid(gid, gid, gid)?;
    rustix::thread::set_thread_res_uid(uid, uid, uid)?;
    Ok(())
}
