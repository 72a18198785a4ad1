//! Takes what a program writes, up to a limit.

use std::io;
use std::os::fd::OwnedFd;

use rustix::pipe::{PipeFlags, pipe_with};

use crate::channel::retry;

/// One of the run's streams.
pub(crate) struct Drain {
    pub(crate) pipe: Option<OwnedFd>,
    pub(crate) bytes: Vec<u8>,
    most: u64,
    pub(crate) overflowed: bool,
}

impl Drain {
    /// A drain that keeps at most so many bytes, and the end into which the program writes. With a sink the program
    /// writes there, and nothing is drained.
    pub(crate) fn or_sink(sink: Option<OwnedFd>, most: u64) -> io::Result<(Drain, OwnedFd)> {
        let (pipe, end) = match sink {
            Some(sink) => (None, sink),
            None => {
                let (reader, writer) = pipe()?;
                rustix::io::ioctl_fionbio(&reader, true)?;
                (Some(reader), writer)
            }
        };
        Ok((
            Drain {
                pipe,
                bytes: Vec::new(),
                most,
                overflowed: false,
            },
            end,
        ))
    }

    /// Takes what is there, in at most this many pieces; the pipe does not block.
    pub(crate) fn take(&mut self, buffer: &mut [u8], pieces: usize) -> io::Result<()> {
        for _ in 0..pieces {
            let Some(pipe) = &self.pipe else { break };
            match retry(|| rustix::io::read(pipe, &mut *buffer)) {
                Ok(0) => self.pipe = None,
                Ok(count) => {
                    let room = usize::try_from(self.most).unwrap_or(usize::MAX) - self.bytes.len();
                    self.bytes.extend_from_slice(&buffer[..count.min(room)]);
                    if count > room {
                        // The rest is of no interest, and draining it could take for ever.
                        self.overflowed = true;
                        self.pipe = None;
                    }
                }
                Err(rustix::io::Errno::AGAIN) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

/// A pipe whose writing end any user may open again by its name in `/proc` (`/dev/stdout`).
pub(crate) fn pipe() -> io::Result<(OwnedFd, OwnedFd)> {
    let (reader, writer) = pipe_with(PipeFlags::CLOEXEC)?;
    rustix::fs::fchmod(&writer, rustix::fs::Mode::from_raw_mode(0o666))?;
    Ok((reader, writer))
}
