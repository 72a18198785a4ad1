//! The read-only root that programs see, built once: system folders of the host, a few files of `/etc`, bare devices.
//!
//! ```text
//! /            a small file system in memory, read-only once built
//! /usr ...     the host's, read-only; /bin, /lib and the like as the host has them
//! /etc         what the dynamic linker, the alternatives and Java need; stand-ins for passwd and group
//! /dev         null zero full random urandom; fd stdin stdout stderr; shm is /tmp
//! /proc        the run's own processes          (mounted by init)
//! /scratch /tmp  empty, limited, writable       (mounted by the zygote when it has to)
//! ```

use std::ffi::CString;
use std::fs;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::fs::{CWD, FileType, Mode, OFlags};
use rustix::mount::{
    MountFlags, MountPropagationFlags, MoveMountFlags, OpenTreeFlags, UnmountFlags, mount,
    mount_bind_recursive, mount_change, move_mount, open_tree, unmount,
};

use super::system;

/// Attributes of every mount that programs see.
pub(super) const READ_ONLY: u64 =
    libc::MOUNT_ATTR_RDONLY | libc::MOUNT_ATTR_NOSUID | libc::MOUNT_ATTR_NODEV;

/// Where the root is built: any folder that every Linux has, hidden in the zygote's namespace alone.
const SITE: &str = "/tmp";

/// Folders of programs and libraries; on most systems all but the first are links into it.
const SYSTEM: [&str; 8] = [
    "usr",
    "bin",
    "sbin",
    "lib",
    "lib32",
    "lib64",
    "nix/store",
    "gnu/store",
];

/// Files and folders of `/etc` that programs need to start.
const CONFIGURATION: [&str; 3] = ["ld.so.cache", "alternatives", "fpc.cfg"];

const DEVICES: [&str; 5] = ["null", "zero", "full", "random", "urandom"];

/// A step that failed, in words that follow "could not".
pub(super) type Failure = (String, io::Error);

pub(super) fn failed<E: Into<io::Error>>(step: impl Into<String>) -> impl FnOnce(E) -> Failure {
    move |error| (step.into(), error.into())
}

/// Builds the root and moves into it; the host's tree is gone from this mount namespace then. Gives a descriptor of the
/// namespace. `keep_proc`: in a user namespace a fresh `/proc` may only be mounted where an old one is visible.
pub(super) fn build(user: u32, keep_proc: bool) -> Result<OwnedFd, Failure> {
    let site = Path::new(SITE);
    mount_change(
        c"/",
        MountPropagationFlags::PRIVATE | MountPropagationFlags::REC,
    )
    .map_err(failed("make the sandbox's mounts private"))?;
    let options = c"size=16m,nr_inodes=4096,mode=755";
    mount(
        c"tmpfs",
        site,
        c"tmpfs",
        // Devices are made in it; programs may not make any.
        MountFlags::NOSUID,
        options,
    )
    .map_err(failed("mount a file system in memory for the root"))?;
    let folder =
        |name: &str| fs::create_dir_all(site.join(name)).map_err(failed(format!("make /{name}")));
    for name in ["etc", "dev", "proc", "tmp", "scratch", "host"] {
        folder(name)?;
    }
    for name in SYSTEM {
        show_system_folder(site, name).map_err(failed(format!("show /{name}")))?;
    }
    for name in CONFIGURATION
        .map(String::from)
        .into_iter()
        .chain(java_configuration())
    {
        let (source, target) = (Path::new("/etc").join(&name), site.join("etc").join(&name));
        if source.exists() {
            show(&source, &target).map_err(failed(format!("show /etc/{name}")))?;
        }
    }
    let passwd = format!("root:x:0:0::/:/bin/sh\nprogram:x:{user}:{user}::/scratch:/bin/sh\n");
    fs::write(site.join("etc/passwd"), passwd).map_err(failed("write /etc/passwd"))?;
    fs::write(
        site.join("etc/group"),
        format!("root:x:0:\nprogram:x:{user}:\n"),
    )
    .map_err(failed("write /etc/group"))?;
    build_devices(site).map_err(failed("show /dev"))?;
    if keep_proc {
        // Where even this fails, runs go without /proc.
        let _ = mount_bind_recursive("/proc", site.join("proc"));
    }
    enter(site)
}

fn show_system_folder(site: &Path, name: &str) -> io::Result<()> {
    let (source, target) = (Path::new("/").join(name), site.join(name));
    match fs::symlink_metadata(&source) {
        Ok(metadata) if metadata.is_symlink() => {
            std::os::unix::fs::symlink(fs::read_link(&source)?, target)
        }
        Ok(metadata) if metadata.is_dir() => show(&source, &target),
        _ => Ok(()),
    }
}

fn java_configuration() -> Vec<String> {
    let Ok(entries) = fs::read_dir("/etc") else {
        return Vec::new();
    };
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.filter(|name| name.starts_with("java")).collect()
}

fn build_devices(site: &Path) -> io::Result<()> {
    let devices = site.join("dev");
    for name in DEVICES {
        let (host, inside) = (Path::new("/dev").join(name), devices.join(name));
        // Every mount costs each run a little, so a device of our own is better where we may make one.
        if make_device(&host, &inside).is_ok() {
            continue;
        }
        let tree = open_tree(CWD, host, clone_flags())?;
        let attributes = libc::MOUNT_ATTR_NOSUID | libc::MOUNT_ATTR_NOEXEC;
        system::set_mount_attributes(tree.as_fd(), attributes, 0, false)?;
        attach(&tree, &inside, false)?;
    }
    for (name, target) in [
        ("fd", "/proc/self/fd"),
        ("stdin", "/proc/self/fd/0"),
        ("stdout", "/proc/self/fd/1"),
        ("stderr", "/proc/self/fd/2"),
        ("shm", "/tmp"),
    ] {
        std::os::unix::fs::symlink(target, devices.join(name))?;
    }
    Ok(())
}

/// Fails in user namespaces, even where the file itself can be made: there it cannot be opened.
fn make_device(host: &Path, inside: &Path) -> io::Result<()> {
    let number = rustix::fs::stat(host)?.st_rdev;
    rustix::fs::mknodat(
        CWD,
        inside,
        FileType::CharacterDevice,
        Mode::from_raw_mode(0o666),
        number,
    )?;
    let result = rustix::fs::chmod(inside, Mode::from_raw_mode(0o666)).map_err(io::Error::from);
    let result = result.and_then(|()| fs::File::open(inside).map(drop));
    if result.is_err() {
        fs::remove_file(inside)?;
    }
    result
}

fn enter(site: &Path) -> Result<OwnedFd, Failure> {
    rustix::process::chdir(site).map_err(failed("go to the new root"))?;
    rustix::process::pivot_root(c".", c"host").map_err(failed("change to the new root"))?;
    let namespace = rustix::fs::open(c"/host/proc/self/ns/mnt", OFlags::CLOEXEC, Mode::empty())
        .map_err(failed("open the mount namespace"))?;
    unmount(c"/host", UnmountFlags::DETACH).map_err(failed("detach the host's tree"))?;
    rustix::process::chdir(c"/").map_err(failed("go to the new root"))?;
    fs::remove_dir("/host").map_err(failed("remove the old root's place"))?;
    set_writable(false).map_err(failed("make the root read-only"))?;
    Ok(namespace)
}

/// Makes the root's own file system writable for a moment, or read-only again.
pub(super) fn set_writable(writable: bool) -> io::Result<()> {
    let root = rustix::fs::open(c"/", OFlags::PATH | OFlags::CLOEXEC, Mode::empty())?;
    let (set, clear) = if writable {
        (0, libc::MOUNT_ATTR_RDONLY)
    } else {
        (libc::MOUNT_ATTR_RDONLY | libc::MOUNT_ATTR_NOSUID, 0)
    };
    system::set_mount_attributes(root.as_fd(), set, clear, false)
}

/// What this namespace mounts stays in it; what the host mounts or unmounts later is seen here too, so that nothing of the
/// host is kept busy.
pub(super) fn follow_host() -> io::Result<()> {
    Ok(mount_change(
        c"/",
        MountPropagationFlags::DOWNSTREAM | MountPropagationFlags::REC,
    )?)
}

fn clone_flags() -> OpenTreeFlags {
    OpenTreeFlags::OPEN_TREE_CLONE | OpenTreeFlags::OPEN_TREE_CLOEXEC
}

/// An unattached read-only copy of the mount at a host path, which must be visible in the caller's namespace.
pub(super) fn read_only_copy(source: &Path) -> io::Result<OwnedFd> {
    let tree = open_tree(CWD, source, clone_flags() | OpenTreeFlags::AT_RECURSIVE)?;
    system::set_mount_attributes(tree.as_fd(), READ_ONLY, 0, true)?;
    Ok(tree)
}

/// Attaches a mount; makes the file or folder to attach it to.
pub(super) fn attach(tree: &OwnedFd, target: &Path, folder: bool) -> io::Result<()> {
    if folder {
        fs::create_dir_all(target)?;
    } else {
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        if fs::symlink_metadata(target).is_err() {
            fs::File::create(target)?;
        }
    }
    let target = CString::new(target.as_os_str().as_bytes())?;
    Ok(move_mount(
        tree,
        c"",
        CWD,
        target,
        MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH,
    )?)
}

fn show(source: &Path, target: &Path) -> io::Result<()> {
    attach(
        &read_only_copy(source)?,
        target,
        fs::metadata(source)?.is_dir(),
    )
}
