//! Standard input as a descriptor: a sealed file in memory, so that a program can open it again (`/dev/stdin`) and seek,
//! but neither change it nor find a path of the host behind it.

use std::fs::File;
use std::io::{self, Seek, Write};
use std::os::fd::{AsRawFd, OwnedFd};
use std::sync::Arc;

use rustix::fs::{MemfdFlags, Mode, OFlags, SealFlags, fcntl_add_seals, memfd_create, open};

use crate::Input;

/// Makes inputs, and keeps the last bytes for the next run on them.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    kept: Option<(Arc<[u8]>, OwnedFd)>,
}

impl Inputs {
    pub(crate) fn descriptor(&mut self, input: Input) -> io::Result<OwnedFd> {
        match input {
            Input::Empty => Ok(open(
                c"/dev/null",
                OFlags::RDONLY | OFlags::CLOEXEC,
                Mode::empty(),
            )?),
            Input::Bytes(bytes) => {
                let kept = match self.kept.take() {
                    Some(kept) if Arc::ptr_eq(&kept.0, &bytes) => kept,
                    _ => {
                        let file = sealed(|file| file.write_all(&bytes))?;
                        (bytes, file)
                    }
                };
                let reader = read_only(&kept.1);
                self.kept = Some(kept);
                reader
            }
            Input::File(mut file) => {
                if !file.metadata()?.is_file() {
                    return Ok(file.into());
                }
                file.rewind()?;
                read_only(&sealed(|copy| io::copy(&mut file, copy).map(drop))?)
            }
        }
    }
}

fn sealed(fill: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<OwnedFd> {
    let mut file = File::from(memfd_create(
        "input",
        MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING,
    )?);
    fill(&mut file)?;
    fcntl_add_seals(
        &file,
        SealFlags::WRITE | SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL,
    )?;
    Ok(file.into())
}

/// The same file opened anew: its own position, and no right to write.
fn read_only(file: &OwnedFd) -> io::Result<OwnedFd> {
    let path = format!("/proc/self/fd/{}", file.as_raw_fd());
    Ok(open(path, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn each_run_reads_kept_bytes_from_the_beginning_and_cannot_write_them() {
        let bytes: Arc<[u8]> = Arc::from(&b"abc"[..]);
        let mut inputs = Inputs::default();
        for _ in 0..2 {
            let mut file = File::from(inputs.descriptor(Input::Bytes(bytes.clone())).unwrap());
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            assert_eq!(text, "abc");
            assert!(file.write_all(b"x").is_err());
            let again = format!("/proc/self/fd/{}", file.as_raw_fd());
            let mut writer = std::fs::OpenOptions::new().write(true).open(again).unwrap();
            assert!(writer.write_all(b"x").is_err(), "it is sealed");
        }
    }

    #[test]
    fn a_file_is_read_from_its_beginning_whatever_its_position() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"hello").unwrap();
        let mut copy = File::from(Inputs::default().descriptor(Input::File(file)).unwrap());
        let mut text = String::new();
        copy.read_to_string(&mut text).unwrap();
        assert_eq!(text, "hello");
    }
}
