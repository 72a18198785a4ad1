//! The fresh file systems of a run: in memory, limited in bytes and in files, and gone with the run.

use std::io;
use std::os::fd::OwnedFd;

use rustix::mount::{
    FsMountFlags, FsOpenFlags, MountAttrFlags, fsconfig_create, fsconfig_set_string, fsmount,
    fsopen,
};

/// An unattached, empty file system of this many bytes, owned by the user.
pub(super) fn file_system(bytes: u64, user: u32) -> io::Result<OwnedFd> {
    let context = fsopen(c"tmpfs", FsOpenFlags::FSOPEN_CLOEXEC)?;
    // Zero would mean no limit.
    let bytes = bytes.max(4096);
    // Every file costs kernel memory beside its bytes.
    let files = bytes / 4096 + 1024;
    let user = user.to_string();
    fsconfig_set_string(&context, c"size", bytes.to_string().as_str())?;
    fsconfig_set_string(&context, c"nr_inodes", files.to_string().as_str())?;
    fsconfig_set_string(&context, c"mode", c"700")?;
    fsconfig_set_string(&context, c"uid", user.as_str())?;
    fsconfig_set_string(&context, c"gid", user.as_str())?;
    fsconfig_create(&context)?;
    let attributes = MountAttrFlags::MOUNT_ATTR_NOSUID | MountAttrFlags::MOUNT_ATTR_NODEV;
    Ok(fsmount(
        &context,
        FsMountFlags::FSMOUNT_CLOEXEC,
        attributes,
    )?)
}
