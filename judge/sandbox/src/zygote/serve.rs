//! The zygote's life: prepare once, then serve run after run until the judge closes the channel.

use std::io;
use std::os::fd::{AsFd, FromRawFd, OwnedFd};

use rustix::fs::{Mode, OFlags};
use rustix::process::DumpableBehavior;
use rustix::thread::{CapabilitySet, UnshareFlags};

use super::mounts::Mounts;
use super::root::{self, Failure, failed};
use super::run::Runner;
use super::scratch::Scratch;
use super::system;
use crate::board::Board;
use crate::channel::{Channel, Kind};
use crate::landlock::Landlock;
use crate::seccomp;
use crate::wire::{Request, Setup, Usage, Users};

/// Serves on the channel at standard input; gives the exit code.
pub(super) fn serve() -> i32 {
    match try_to_serve() {
        Ok(()) => 0,
        Err(error) => {
            // The judge sees the closed channel; this is for the one who debugs it.
            eprintln!("judge's sandbox helper: {error}");
            1
        }
    }
}

fn try_to_serve() -> io::Result<()> {
    system::close_from(3)?;
    #[allow(unsafe_code)]
    // SAFETY: the judge put the channel there; nothing else in this young process uses the number.
    let channel = unsafe { OwnedFd::from_raw_fd(0) };
    // Away from the number that the program's standard input gets.
    let moved = rustix::io::fcntl_dupfd_cloexec(&channel, 10)?;
    std::mem::forget(channel);
    let channel = Channel::from_descriptor(moved);

    let Some(message) = channel.receive()? else {
        return Ok(());
    };
    let setup = Setup::decode(&message.body)?;
    let mut runner = match prepare(&setup, message.descriptors, &channel) {
        Ok(runner) => runner,
        Err((step, error)) => {
            return channel.send(Kind::Failed, format!("{step}: {error}").as_bytes(), &[]);
        }
    };
    channel.send(Kind::Done, &[], &[])?;

    while let Some(message) = channel.receive()? {
        // A Kill may come when its run has just ended: it means nothing then.
        if message.kind != Kind::Run {
            continue;
        }
        let request = Request::decode(&message.body)?;
        match runner.run(&request, message.descriptors, &channel) {
            Ok(scratch) => {
                let scratch: Vec<_> = scratch.iter().map(AsFd::as_fd).collect();
                channel.send(Kind::Done, &[], &scratch)?;
            }
            Err(reason) => channel.send(Kind::Failed, reason.as_bytes(), &[])?,
        }
    }
    Ok(())
}

fn prepare(setup: &Setup, descriptors: Vec<OwnedFd>, channel: &Channel) -> Result<Runner, Failure> {
    let mut descriptors = descriptors.into_iter();
    let missing =
        || failed("receive the judge's descriptors")(io::Error::from(io::ErrorKind::UnexpectedEof));
    let board = descriptors.next().ok_or_else(missing)?;
    let board = Board::map(board).map_err(failed("map the board"))?;
    let usage = if setup.usage == Usage::None {
        None
    } else {
        Some(descriptors.next().ok_or_else(missing)?)
    };
    let cgroup = if setup.into_cgroup {
        Some(descriptors.next().ok_or_else(missing)?)
    } else {
        None
    };

    system::default_signals();
    // A group of its own: what the terminal sends to the judge shall not reach the runs.
    rustix::process::setsid().map_err(failed("start a session"))?;
    rustix::process::umask(Mode::from_raw_mode(0o022));
    // Programs of the same user could look into init through /proc otherwise.
    rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable)
        .map_err(failed("become undumpable"))?;
    if let Some(cpu) = setup.cpu {
        crate::pin::pin_self(cpu as usize).map_err(failed(format!("pin the slot to CPU {cpu}")))?;
    }

    let (user, group) = (rustix::process::getuid(), rustix::process::getgid());
    let user_namespace = setup.users != Users::Own;
    if setup.users != Users::Judges {
        rustix::thread::set_thread_groups(&[]).map_err(failed("drop supplementary groups"))?;
    }
    if user_namespace {
        // Alone first, so that a refusal names the cause.
        unshare(UnshareFlags::NEWUSER).map_err(failed("make a user namespace"))?;
    }
    let mut badness = None;
    match setup.users {
        Users::Own => {}
        Users::Mapped => {
            let mapped = channel
                .send(Kind::Done, &[], &[])
                .and_then(|()| channel.receive());
            mapped.map_err(failed("have users mapped into the namespace"))?;
        }
        Users::Judges => {
            let file = map_user(setup.user, user.as_raw(), group.as_raw())
                .map_err(failed("map the user into the namespace"))?;
            badness = Some(file);
        }
    }
    rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable)
        .map_err(failed("become undumpable"))?;
    enter_namespaces()?;
    drop_bounding_capabilities();
    rustix::system::sethostname(b"sandbox").map_err(failed("name the sandbox's machine"))?;
    root::follow_host().map_err(failed("make the mounts private"))?;
    let host = rustix::fs::open(c"/proc/self/ns/mnt", OFlags::CLOEXEC, Mode::empty())
        .map_err(failed("open the host's mount namespace"))?;
    unshare(UnshareFlags::NEWNS).map_err(failed("make a mount namespace"))?;
    let sandbox = root::build(setup.user, user_namespace)?;
    let open = |path| rustix::fs::open(path, OFlags::PATH | OFlags::CLOEXEC, Mode::empty());

    Ok(Runner {
        board,
        usage: usage.map(|file| (file, setup.usage)),
        cgroup,
        mounts: Mounts::new(host, sandbox),
        scratch: Scratch::default(),
        user: setup.user,
        changes_user: setup.users != Users::Judges,
        badness,
        process_files: true,
        process_files_tried: false,
        landlock: Landlock::detect(),
        root: open(c"/").map_err(failed("open the new root"))?,
        devices: open(c"/dev").map_err(failed("open the new /dev"))?,
        filter: seccomp::filter(setup.usage == Usage::None),
        init_stack: system::Stack::new(),
        child_stack: system::Stack::new(),
    })
}

/// No program that is executed from here on can gain a capability, whatever its file says.
fn drop_bounding_capabilities() {
    for number in 0..64 {
        if let Some(capability) = CapabilitySet::from_bits(1 << number) {
            // Capabilities that the kernel does not know are errors of no matter.
            let _ = rustix::thread::remove_capability_from_bounding_set(capability);
        }
    }
}

fn unshare(flags: UnshareFlags) -> io::Result<()> {
    #[allow(unsafe_code)]
    // SAFETY: this process has one thread and does not unshare its descriptors.
    unsafe {
        rustix::thread::unshare_unsafe(flags)?;
    }
    Ok(())
}

fn enter_namespaces() -> Result<(), Failure> {
    let flags = UnshareFlags::NEWNS
        | UnshareFlags::NEWNET
        | UnshareFlags::NEWIPC
        | UnshareFlags::NEWUTS
        | UnshareFlags::NEWCGROUP;
    unshare(flags).map_err(failed(
        "make mount, network, IPC, UTS and cgroup namespaces",
    ))
}

/// The one user and group of the namespace are the judge's own. Gives the file of the zygote's out-of-memory score, which
/// undumpable processes may not open.
fn map_user(inside: u32, user: u32, group: u32) -> io::Result<OwnedFd> {
    // Undumpable processes may not write their own maps.
    rustix::process::set_dumpable_behavior(DumpableBehavior::Dumpable)?;
    std::fs::write("/proc/self/setgroups", "deny")?;
    std::fs::write("/proc/self/uid_map", format!("{inside} {user} 1"))?;
    std::fs::write("/proc/self/gid_map", format!("{inside} {group} 1"))?;
    Ok(rustix::fs::open(
        c"/proc/self/oom_score_adj",
        OFlags::WRONLY | OFlags::CLOEXEC,
        Mode::empty(),
    )?)
}
