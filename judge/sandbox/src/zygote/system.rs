//! The system calls that rustix does not have, each with the smallest safe face.
#![allow(unsafe_code)]

use std::ffi::CStr;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

use rustix::process::Signal;

pub(super) fn check(result: libc::c_long) -> io::Result<libc::c_long> {
    if result < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(result)
    }
}

/// Sets mount attributes (`MOUNT_ATTR_*`) of the mount at a descriptor, and of all below it.
pub(super) fn set_mount_attributes(
    mount: BorrowedFd<'_>,
    set: u64,
    clear: u64,
    recursive: bool,
) -> io::Result<()> {
    let attributes = libc::mount_attr {
        attr_set: set,
        attr_clr: clear,
        propagation: 0,
        userns_fd: 0,
    };
    let flags = libc::AT_EMPTY_PATH | if recursive { libc::AT_RECURSIVE } else { 0 };
    // SAFETY: the path is an empty string and the structure lives through the call, with its true size.
    check(unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            mount.as_raw_fd(),
            c"".as_ptr(),
            flags,
            &raw const attributes,
            size_of::<libc::mount_attr>(),
        )
    })
    .map(drop)
}

/// Closes every descriptor from `first` on.
pub(super) fn close_from(first: RawFd) -> io::Result<()> {
    // SAFETY: callers hold no OwnedFd above `first` that they use again: this process either just started or executes next.
    check(unsafe { libc::syscall(libc::SYS_close_range, first, libc::c_uint::MAX, 0) }).map(drop)
}

/// Makes `from` also the descriptor `to`, which stays open over an exec.
pub(super) fn duplicate_to(from: RawFd, to: RawFd) -> io::Result<()> {
    // SAFETY: numbers only.
    check(unsafe { libc::dup2(from, to) }.into()).map(drop)
}

/// What waiting for a process tells.
#[derive(Clone, Copy)]
pub(super) struct Waited {
    pub(super) process: i32,
    pub(super) status: i32,
    /// CPU time of it and of those that it waited for.
    pub(super) cpu: u64,
    /// The largest resident set of it or of one of those, in KiB.
    pub(super) resident: u64,
}

/// Waits for a child, or for any child (-1), of whatever kind.
pub(super) fn wait(process: i32) -> io::Result<Waited> {
    let mut status = 0;
    // SAFETY: rusage is plain numbers, for which zero is valid; both pointers live through the call.
    let (waited, usage) = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        (
            libc::wait4(process, &raw mut status, libc::__WALL, &raw mut usage),
            usage,
        )
    };
    check(waited.into())?;
    let resident = u64::try_from(usage.ru_maxrss).unwrap_or(0);
    Ok(Waited {
        process: waited,
        status,
        cpu: time(usage.ru_utime) + time(usage.ru_stime),
        resident,
    })
}

/// Whether there is any child, alive or not waited for yet, of whatever kind.
pub(super) fn has_children() -> bool {
    let flags = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT | libc::__WALL;
    // SAFETY: siginfo_t is plain numbers and pointers that nobody follows, for which zero is valid; it lives through the call.
    let result = unsafe {
        let mut information: libc::siginfo_t = std::mem::zeroed();
        libc::waitid(libc::P_ALL, 0, &raw mut information, flags)
    };
    result == 0
}

/// CPU time in nanoseconds, and largest resident set in KiB, of all children that were waited for.
pub(super) fn children_usage() -> (u64, u64) {
    // SAFETY: as in wait().
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_CHILDREN, &raw mut usage);
        usage
    };
    (
        time(usage.ru_utime) + time(usage.ru_stime),
        u64::try_from(usage.ru_maxrss).unwrap_or(0),
    )
}

fn time(value: libc::timeval) -> u64 {
    u64::try_from(value.tv_sec).unwrap_or(0) * 1_000_000_000
        + u64::try_from(value.tv_usec).unwrap_or(0) * 1000
}

/// Kills every process of this process namespace but init, which is the caller.
pub(super) fn kill_all() {
    // SAFETY: numbers only; in the namespace of its own that init has, -1 reaches nothing else.
    unsafe { libc::kill(-1, libc::SIGKILL) };
}

/// Kills as [`kill_all`] does when SIGTERM comes: a killed init could no longer count.
pub(super) fn kill_all_on_terminate() -> io::Result<()> {
    extern "C" fn handler(_signal: i32) {
        kill_all();
    }
    // SAFETY: sigaction is plain numbers, for which zero is valid; the handler only calls the system. Handlers of this
    // process are its own, though memory is shared, and the program's process gets the default on execution.
    check(
        unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            action.sa_sigaction = handler as extern "C" fn(i32) as usize;
            libc::sigaction(libc::SIGTERM, &raw const action, std::ptr::null_mut())
        }
        .into(),
    )
    .map(drop)
}

/// Every signal back to its default action: what is ignored would be ignored in the program too.
pub(super) fn default_signals() {
    for signal in 1..=64 {
        // SAFETY: the default action is no handler; errors (SIGKILL, SIGSTOP, the C library's own) are of no matter.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
    // SAFETY: sigset_t is plain numbers, for which zero is valid; the pointers live through the calls.
    unsafe {
        let mut none: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&raw mut none);
        libc::sigprocmask(libc::SIG_SETMASK, &raw const none, std::ptr::null_mut());
    }
}

/// Installs a seccomp filter for the caller, without the slow mitigations that old kernels add to filtered processes.
pub(super) fn install_filter(program: &libc::sock_fprog) -> io::Result<()> {
    // SAFETY: the program points to as many instructions as it says (its maker's promise), which the kernel checks.
    check(unsafe {
        libc::syscall(
            libc::SYS_seccomp,
            libc::SECCOMP_SET_MODE_FILTER,
            libc::SECCOMP_FILTER_FLAG_SPEC_ALLOW,
            std::ptr::from_ref(program),
        )
    })
    .map(drop)
}

/// A stack for a process that shares the zygote's memory.
pub(super) struct Stack(Box<[StackPage]>);

#[repr(align(4096))]
#[derive(Clone)]
struct StackPage {
    _bytes: [u8; 4096],
}

impl Stack {
    pub(super) fn new() -> Stack {
        Stack(vec![StackPage { _bytes: [0; 4096] }; 16].into_boxed_slice())
    }

    fn top(&mut self) -> *mut libc::c_void {
        self.0.as_mut_ptr_range().end.cast()
    }
}

/// Makes a process that shares this one's memory and begins with `main(argument)` on `stack`. Gives its number, and a
/// descriptor of it if the flags have CLONE_PIDFD.
///
/// # Safety
/// `main` must not allocate, unwind or touch what the caller changes meanwhile; stack and argument must live until the
/// process has ended or executed.
pub(super) unsafe fn spawn<T>(
    main: extern "C" fn(*mut libc::c_void) -> i32,
    stack: &mut Stack,
    flags: i32,
    argument: *const T,
) -> io::Result<(i32, Option<OwnedFd>)> {
    let mut descriptor: RawFd = -1;
    let argument = argument.cast_mut().cast();
    // SAFETY: the stack's top is aligned to a page; the rest is the caller's promise.
    let process = unsafe {
        libc::clone(
            main,
            stack.top(),
            libc::CLONE_VM | libc::SIGCHLD | flags,
            argument,
            &raw mut descriptor,
        )
    };
    check(process.into())?;
    // SAFETY: with CLONE_PIDFD the kernel has just stored a new descriptor, which nothing else owns.
    let descriptor =
        (flags & libc::CLONE_PIDFD != 0).then(|| unsafe { OwnedFd::from_raw_fd(descriptor) });
    Ok((process, descriptor))
}

/// Makes a process with a copy of this one's memory inside a cgroup of the unified hierarchy, which then runs
/// `main(argument)`. Gives its number and a descriptor of it.
///
/// # Safety
/// `main` must not allocate or unwind; the caller has no other threads.
pub(super) unsafe fn spawn_into<T>(
    main: extern "C" fn(*mut libc::c_void) -> i32,
    cgroup: BorrowedFd<'_>,
    flags: i32,
    argument: *const T,
) -> io::Result<(i32, OwnedFd)> {
    const CLONE_INTO_CGROUP: u64 = 0x2_0000_0000;
    let mut descriptor: RawFd = -1;
    // SAFETY: clone_args is plain numbers, for which zero is valid.
    let mut arguments: libc::clone_args = unsafe { std::mem::zeroed() };
    arguments.flags =
        u64::from(flags.cast_unsigned()) | CLONE_INTO_CGROUP | libc::CLONE_PIDFD as u64;
    arguments.pidfd = (&raw mut descriptor) as u64;
    arguments.exit_signal = libc::SIGCHLD as u64;
    arguments.cgroup = u64::from(cgroup.as_raw_fd().cast_unsigned());
    // SAFETY: like fork: the child goes on with a copy of this memory, and by the caller's promise only calls the system.
    let process = check(unsafe {
        libc::syscall(
            libc::SYS_clone3,
            &raw const arguments,
            size_of::<libc::clone_args>(),
        )
    })?;
    if process == 0 {
        let code = main(argument.cast_mut().cast());
        exit_now(code);
    }
    // SAFETY: the kernel has just stored a new descriptor, which nothing else owns.
    let descriptor = unsafe { OwnedFd::from_raw_fd(descriptor) };
    Ok((
        i32::try_from(process).map_err(io::Error::other)?,
        descriptor,
    ))
}

/// Ends the process at once: no destructors, no buffers, which it may share with another.
pub(super) fn exit_now(code: i32) -> ! {
    // SAFETY: never returns and touches no memory.
    unsafe { libc::_exit(code) }
}

/// Replaces the process; returns only on failure. Both lists end with a null pointer.
///
/// # Safety
/// The lists are null-terminated arrays of pointers to null-terminated strings.
pub(super) unsafe fn execute(
    program: &CStr,
    arguments: *const *const libc::c_char,
    environment: *const *const libc::c_char,
) -> io::Error {
    // SAFETY: the caller's promise.
    unsafe { libc::execve(program.as_ptr(), arguments, environment) };
    io::Error::last_os_error()
}

/// Sends a signal to a child that has not been waited for.
pub(super) fn signal(process: impl AsFd, signal: Signal) {
    // The process may have ended meanwhile, which is as good.
    let _ = rustix::process::pidfd_send_signal(process, signal);
}
