//! The file systems of a run that it may write to, `/scratch` and `/tmp`: in memory, limited in bytes and in files, empty when it
//! begins.
//!
//! Most programs write nothing there, and to make both is a sixth of what isolating a run takes. So they stay for the next run as
//! long as nothing tells them from new ones. What a run changed in any way goes with that run.

use std::ffi::CStr;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::fs::{AtFlags, CWD, StatxFlags, StatxTimestamp, listxattr, statfs, statx};
use rustix::mount::{
    FsMountFlags, FsOpenFlags, MountAttrFlags, MoveMountFlags, UnmountFlags, fsconfig_create,
    fsconfig_set_string, fsmount, fsopen, move_mount, unmount,
};

/// Where programs start, and the other folder.
pub(super) const SCRATCH: &CStr = c"/scratch";
const TEMPORARY: &CStr = c"/tmp";

/// Both file systems as they stand in the zygote's namespace, of which each run has a copy.
#[derive(Default)]
pub(super) struct Scratch {
    folders: Option<Folders>,
    /// Whether a run may have changed them since they were last looked at.
    is_in_use: bool,
}

struct Folders {
    bytes: u64,
    scratch: Folder,
    temporary: Folder,
    /// Landlock's rules, which name them.
    rules: Option<OwnedFd>,
}

/// What makes Landlock's rules for writable places, if there is Landlock.
pub(super) type Rules<'a> = dyn Fn(&[BorrowedFd<'_>]) -> io::Result<Option<OwnedFd>> + 'a;

impl Scratch {
    /// Sees to it that both are there, empty, with room for this many bytes each, owned by the user. Gives Landlock's rules.
    pub(super) fn prepare(
        &mut self,
        bytes: u64,
        user: u32,
        rules: &Rules<'_>,
    ) -> io::Result<Option<BorrowedFd<'_>>> {
        let fits = |folders: &Folders| folders.bytes == bytes;
        if self.is_in_use || !self.folders.as_ref().is_some_and(fits) {
            self.remove()?;
            let scratch = Folder::new(SCRATCH, bytes, user)?;
            let temporary = Folder::new(TEMPORARY, bytes, user)?;
            let rules = rules(&[scratch.place.as_fd(), temporary.place.as_fd()])?;
            self.folders = Some(Folders {
                bytes,
                scratch,
                temporary,
                rules,
            });
        }
        self.is_in_use = true;
        let rules = self.folders.as_ref().and_then(|all| all.rules.as_ref());
        Ok(rules.map(AsFd::as_fd))
    }

    /// After a run: keeps what is as if new, and lets go of the rest. Gives the place of `/scratch`, which lasts as long as the
    /// descriptor does, if it is `wanted`.
    pub(super) fn finish(&mut self, wanted: bool) -> io::Result<Option<OwnedFd>> {
        let Some(folders) = &self.folders else {
            return Ok(None);
        };
        let place = wanted.then(|| folders.scratch.place.try_clone());
        let place = place.transpose()?;
        if folders.scratch.is_as_new() && folders.temporary.is_as_new() {
            self.is_in_use = false;
        } else {
            self.remove()?;
        }
        Ok(place)
    }

    fn remove(&mut self) -> io::Result<()> {
        if let Some(folders) = self.folders.take() {
            folders.scratch.detach()?;
            folders.temporary.detach()?;
        }
        Ok(())
    }
}

/// One of them.
struct Folder {
    target: &'static CStr,
    place: OwnedFd,
    new: Option<State>,
}

impl Folder {
    fn new(target: &'static CStr, bytes: u64, user: u32) -> io::Result<Self> {
        let place = file_system(bytes, user)?;
        let flags = MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH;
        move_mount(&place, c"", CWD, target, flags)?;
        Ok(Folder {
            target,
            place,
            new: State::of(target).ok(),
        })
    }

    fn is_as_new(&self) -> bool {
        self.new.is_some() && State::of(self.target).ok() == self.new
    }

    fn detach(self) -> io::Result<()> {
        Ok(unmount(self.target, UnmountFlags::DETACH)?)
    }
}

/// All that a run can change of an empty file system. Whatever it makes, removes or sets moves the time of the last change of the
/// folder. Clocks of file systems tick in milliseconds, and a short run may end within the tick in which the folder was made: so
/// what it can have left there is looked at, too.
#[derive(PartialEq)]
struct State {
    /// Last access, change of what is in it, change of its own.
    times: [(i64, u32); 3],
    owner: (u32, u32),
    mode: u16,
    links: u32,
    size: u64,
    flags: u64,
    /// Bytes of the names of attributes; none where there cannot be any.
    attributes: Option<usize>,
    /// Blocks and files that there is room for.
    room: (u64, u64),
}

impl State {
    fn of(folder: &CStr) -> io::Result<Self> {
        let entry = statx(CWD, folder, AtFlags::empty(), StatxFlags::BASIC_STATS)?;
        let system = statfs(folder)?;
        let time = |time: StatxTimestamp| (time.tv_sec, time.tv_nsec);
        Ok(State {
            times: [entry.stx_atime, entry.stx_mtime, entry.stx_ctime].map(time),
            owner: (entry.stx_uid, entry.stx_gid),
            mode: entry.stx_mode,
            links: entry.stx_nlink,
            size: entry.stx_size,
            flags: entry.stx_attributes.bits(),
            attributes: listxattr(folder, &mut [0_u8; 0]).ok(),
            room: (system.f_bfree, system.f_ffree),
        })
    }
}

/// An unattached, empty file system of this many bytes, owned by the user.
fn file_system(bytes: u64, user: u32) -> io::Result<OwnedFd> {
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
    // Looking into a folder is no change of it.
    let attributes = MountAttrFlags::MOUNT_ATTR_NOSUID
        | MountAttrFlags::MOUNT_ATTR_NODEV
        | MountAttrFlags::MOUNT_ATTR_NOATIME;
    Ok(fsmount(
        &context,
        FsMountFlags::FSMOUNT_CLOEXEC,
        attributes,
    )?)
}
