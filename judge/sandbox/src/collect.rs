//! Copies the regular files of a scratch folder to the host after a run.
//!
//! All processes of the run have ended, so nothing changes underneath; but its names, links, devices and pipes are the
//! program's, and so none but regular files and folders is opened, links never followed, and depth, number and bytes limited.

use std::fs;
use std::io::{self, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::{Dir, FileType, Mode, OFlags, fstat, openat};

use crate::Error;

const DEEPEST: u32 = 32;
const MOST_FILES: u32 = 100_000;

/// What may still be copied.
struct Allowance {
    bytes: u64,
    files: u32,
}

/// Why the files were not collected, or not all.
enum Failure {
    /// The run left more bytes, files or folders in folders than it may: its own fault.
    TooMuch,
    /// The host could not read or write them.
    Host(io::Error),
}

impl<E: Into<io::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Failure::Host(error.into())
    }
}

/// Copies what is below `scratch` into `target`, at most `bytes` of it. False: the run left more than it may.
pub(crate) fn collect(scratch: &OwnedFd, target: &Path, bytes: u64) -> Result<bool, Error> {
    match try_to_collect(scratch, target, bytes) {
        Ok(()) => Ok(true),
        Err(Failure::TooMuch) => Ok(false),
        Err(Failure::Host(error)) => {
            let step = format!("collect the run's files in {}", target.display());
            Err(Error::system(step, error))
        }
    }
}

fn try_to_collect(scratch: &OwnedFd, target: &Path, bytes: u64) -> Result<(), Failure> {
    // The descriptor is only a place; reading it takes opening.
    let folder = openat(scratch, c".", folder_flags(), Mode::empty())?;
    fs::create_dir_all(target)?;
    copy_folder(
        &folder,
        target,
        0,
        &mut Allowance {
            bytes,
            files: MOST_FILES,
        },
    )
}

fn folder_flags() -> OFlags {
    OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC
}

fn copy_folder(
    folder: &OwnedFd,
    target: &Path,
    depth: u32,
    left: &mut Allowance,
) -> Result<(), Failure> {
    if depth > DEEPEST {
        return Err(Failure::TooMuch);
    }
    for entry in Dir::read_from(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if name.to_bytes() == b"." || name.to_bytes() == b".." {
            continue;
        }
        let to = target.join(std::ffi::OsStr::from_bytes(name.to_bytes()));
        match entry.file_type() {
            FileType::Directory => {
                // What the program made unreadable stays behind.
                let Ok(inner) = openat(folder, name, folder_flags(), Mode::empty()) else {
                    continue;
                };
                fs::create_dir_all(&to)?;
                copy_folder(&inner, &to, depth + 1, left)?;
            }
            FileType::RegularFile => {
                let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
                let Ok(file) = openat(folder, name, flags, Mode::empty()) else {
                    continue;
                };
                copy_file(file, &to, left)?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn copy_file(file: OwnedFd, to: &Path, left: &mut Allowance) -> Result<(), Failure> {
    let status = fstat(file.as_fd())?;
    if FileType::from_raw_mode(status.st_mode) != FileType::RegularFile {
        return Ok(());
    }
    left.files = left.files.checked_sub(1).ok_or(Failure::TooMuch)?;
    // A file may be far longer than what it holds; none of that is copied to find out.
    if u64::try_from(status.st_size).is_ok_and(|size| size > left.bytes) {
        return Err(Failure::TooMuch);
    }
    // No special bits, and no surprises for the one who cleans up.
    let mode = if status.st_mode & 0o111 == 0 {
        0o644
    } else {
        0o755
    };
    match fs::remove_file(to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let mut copy = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(to)?;
    let copied = io::copy(
        &mut fs::File::from(file).take(left.bytes.saturating_add(1)),
        &mut copy,
    )?;
    left.bytes = left.bytes.checked_sub(copied).ok_or(Failure::TooMuch)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_pipes_stay_behind_and_files_come_with_plain_modes() {
        let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let at = |name: &str| from.path().join(name);
        fs::create_dir(at("inner")).unwrap();
        fs::write(at("inner/a.txt"), "a").unwrap();
        fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o700)
            .open(at("tool"))
            .unwrap();
        std::os::unix::fs::symlink("/etc/passwd", at("link")).unwrap();
        std::os::unix::fs::symlink("/etc", at("folder-link")).unwrap();
        rustix::fs::mknodat(rustix::fs::CWD, at("pipe"), FileType::Fifo, Mode::RUSR, 0).unwrap();
        let scratch = OwnedFd::from(fs::File::open(from.path()).unwrap());
        assert!(collect(&scratch, to.path(), 100).unwrap());
        let mut names: Vec<_> = fs::read_dir(to.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        assert_eq!(names, ["inner", "tool"]);
        assert_eq!(
            fs::read_to_string(to.path().join("inner/a.txt")).unwrap(),
            "a"
        );
        let mode =
            std::os::unix::fs::MetadataExt::mode(&fs::metadata(to.path().join("tool")).unwrap());
        assert_eq!(mode & 0o7777, 0o755);
    }

    #[test]
    fn more_than_allowed_is_told_from_a_fault_of_the_host() {
        let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let scratch = OwnedFd::from(fs::File::open(from.path()).unwrap());
        let file = from.path().join("file");
        fs::write(&file, [0; 100]).unwrap();
        assert!(collect(&scratch, to.path(), 100).unwrap());
        assert!(collect(&scratch, &file, 100).is_err(), "not a folder");
        fs::write(&file, [0; 101]).unwrap();
        assert!(!collect(&scratch, to.path(), 100).unwrap());
        fs::File::create(&file).unwrap().set_len(1 << 40).unwrap();
        assert!(!collect(&scratch, to.path(), 100).unwrap());
    }
}
