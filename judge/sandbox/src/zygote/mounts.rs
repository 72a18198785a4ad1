//! The mounts that a command brings along, kept from run to run while they stay the same.
//!
//! ```text
//! host namespace  --copy of the mount at the source-->  sandbox namespace, attached at the target
//! ```
//! The zygote keeps a descriptor of the namespace in which the host's tree is visible, goes there to copy, and comes back.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::mount::{UnmountFlags, unmount};
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

use super::root;
use crate::wire::MountRequest;

/// The command's mounts as they stand.
pub(super) struct Mounts {
    host: OwnedFd,
    sandbox: OwnedFd,
    current: Vec<MountRequest>,
    /// Targets in the order in which they were attached.
    attached: Vec<PathBuf>,
    /// What was made to attach them to, in order.
    made: Vec<PathBuf>,
}

impl Mounts {
    pub(super) fn new(host: OwnedFd, sandbox: OwnedFd) -> Mounts {
        Mounts {
            host,
            sandbox,
            current: Vec::new(),
            attached: Vec::new(),
            made: Vec::new(),
        }
    }

    /// Makes the mounts be these.
    pub(super) fn arrange(&mut self, wanted: &[MountRequest]) -> Result<(), String> {
        if self.current == wanted {
            return Ok(());
        }
        let words = |what: &str| {
            let what = what.to_owned();
            move |error: io::Error| format!("{what}: {error}")
        };
        self.current.clear();
        root::set_writable(true).map_err(words("make the root writable"))?;
        let result = self.replace(wanted);
        root::set_writable(false).map_err(words("make the root read-only"))?;
        result?;
        self.current = wanted.to_vec();
        Ok(())
    }

    fn replace(&mut self, wanted: &[MountRequest]) -> Result<(), String> {
        while let Some(target) = self.attached.pop() {
            unmount(&target, UnmountFlags::DETACH)
                .map_err(|error| format!("unmount {}: {error}", target.display()))?;
        }
        while let Some(path) = self.made.pop() {
            // A place that another mount's folder still needs stays.
            let _ = fs::remove_dir(&path).or_else(|_| fs::remove_file(&path));
        }
        let trees = self.copy_from_host(wanted)?;
        for (tree, mount) in trees.iter().zip(wanted) {
            let target = Path::new(OsStr::from_bytes(&mount.target));
            let missing: Vec<_> = target
                .ancestors()
                .take_while(|path| fs::symlink_metadata(path).is_err())
                .collect();
            self.made
                .extend(missing.into_iter().rev().map(Path::to_path_buf));
            root::attach(tree, target, mount.folder)
                .map_err(|error| format!("{}: {error}", describe(mount)))?;
            self.attached.push(target.to_path_buf());
        }
        Ok(())
    }

    fn copy_from_host(&self, wanted: &[MountRequest]) -> Result<Vec<OwnedFd>, String> {
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        enter(&self.host).map_err(|error| format!("go to the host's mount namespace: {error}"))?;
        let copies = wanted
            .iter()
            .map(|mount| {
                root::read_only_copy(Path::new(OsStr::from_bytes(&mount.source)))
                    .map_err(|error| format!("{}: {error}", describe(mount)))
            })
            .collect();
        enter(&self.sandbox)
            .map_err(|error| format!("come back from the host's mount namespace: {error}"))?;
        copies
    }
}

fn enter(namespace: &OwnedFd) -> io::Result<()> {
    Ok(move_into_link_name_space(
        std::os::fd::AsFd::as_fd(namespace),
        Some(LinkNameSpaceType::Mount),
    )?)
}

fn describe(mount: &MountRequest) -> String {
    let (source, target) = (
        OsStr::from_bytes(&mount.source),
        OsStr::from_bytes(&mount.target),
    );
    format!(
        "show {} at {}",
        Path::new(source).display(),
        Path::new(target).display()
    )
}
