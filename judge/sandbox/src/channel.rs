//! The channel between a slot and its zygote: messages with file descriptors over a stream socket.
//!
//! ```text
//! | length of the body: u32 | kind: u8 | body ... |     descriptors travel with the first bytes
//! ```

use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, ReturnFlags,
    SendAncillaryBuffer, SendAncillaryMessage, SendFlags, SocketFlags, SocketType, recvmsg,
    sendmsg, socketpair,
};

/// A message carries at most this many descriptors.
const MOST_DESCRIPTORS: usize = 4;

/// No message is longer: arguments and environment together are far smaller.
const LONGEST_BODY: usize = 64 << 20;

const HEADER: usize = 5;

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    /// To the zygote: enter the namespaces.
    Setup = 1,
    /// To the zygote: run this.
    Run,
    /// To the zygote: kill the run that is on; without one it means nothing.
    Kill,
    /// From the zygote: done; the figures are on the board.
    Done,
    /// From the zygote: it could not be done; the body says what.
    Failed,
}

/// A received message.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) kind: Kind,
    pub(crate) body: Vec<u8>,
    pub(crate) descriptors: Vec<OwnedFd>,
}

/// One end of the channel.
#[derive(Debug)]
pub(crate) struct Channel(OwnedFd);

impl Channel {
    pub(crate) fn pair() -> io::Result<(Channel, OwnedFd)> {
        let (ours, theirs) = socketpair(
            AddressFamily::UNIX,
            SocketType::STREAM,
            SocketFlags::CLOEXEC,
            None,
        )?;
        Ok((Channel(ours), theirs))
    }

    pub(crate) fn from_descriptor(descriptor: OwnedFd) -> Channel {
        Channel(descriptor)
    }

    pub(crate) fn send(
        &self,
        kind: Kind,
        body: &[u8],
        descriptors: &[BorrowedFd<'_>],
    ) -> io::Result<()> {
        let mut header = [0; HEADER];
        header[..4].copy_from_slice(
            &u32::try_from(body.len())
                .map_err(io::Error::other)?
                .to_le_bytes(),
        );
        header[4] = kind as u8;
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_DESCRIPTORS))];
        let mut ancillary = SendAncillaryBuffer::new(&mut space);
        if !descriptors.is_empty() && !ancillary.push(SendAncillaryMessage::ScmRights(descriptors))
        {
            return Err(io::Error::other("too many descriptors in one message"));
        }
        let total = HEADER + body.len();
        let mut sent = retry(|| {
            sendmsg(
                &self.0,
                &[IoSlice::new(&header), IoSlice::new(body)],
                &mut ancillary,
                SendFlags::NOSIGNAL,
            )
        })?;
        while sent < total {
            let rest = if sent < HEADER {
                &header[sent..]
            } else {
                &body[sent - HEADER..]
            };
            sent += retry(|| rustix::net::send(&self.0, rest, SendFlags::NOSIGNAL))?;
        }
        Ok(())
    }

    /// The next message; none when the other end is closed.
    pub(crate) fn receive(&self) -> io::Result<Option<Message>> {
        let mut header = [0; HEADER];
        let mut descriptors = Vec::new();
        let mut got = 0;
        while got < HEADER {
            let mut space =
                [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_DESCRIPTORS))];
            let mut ancillary = RecvAncillaryBuffer::new(&mut space);
            let part = retry(|| {
                recvmsg(
                    &self.0,
                    &mut [IoSliceMut::new(&mut header[got..])],
                    &mut ancillary,
                    RecvFlags::CMSG_CLOEXEC,
                )
            });
            let part = match part {
                Ok(part) => part,
                Err(rustix::io::Errno::CONNRESET) => return Ok(None),
                Err(error) => return Err(error.into()),
            };
            if part.flags.contains(ReturnFlags::CTRUNC) {
                return Err(io::Error::other(
                    "descriptors were lost: is the limit of open files (ulimit -n) too low?",
                ));
            }
            for message in ancillary.drain() {
                if let RecvAncillaryMessage::ScmRights(rights) = message {
                    descriptors.extend(rights);
                }
            }
            if part.bytes == 0 {
                return if got == 0 {
                    Ok(None)
                } else {
                    Err(io::ErrorKind::UnexpectedEof.into())
                };
            }
            got += part.bytes;
        }
        let kind = match header[4] {
            1 => Kind::Setup,
            2 => Kind::Run,
            3 => Kind::Kill,
            4 => Kind::Done,
            5 => Kind::Failed,
            other => {
                return Err(io::Error::other(format!(
                    "a message of unknown kind {other}"
                )));
            }
        };
        let length = u32::from_le_bytes([header[0], header[1], header[2], header[3]]) as usize;
        if length > LONGEST_BODY {
            return Err(io::Error::other(format!("a message of {length} bytes")));
        }
        let mut body = vec![0; length];
        let mut got = 0;
        while got < length {
            match retry(|| rustix::io::read(&self.0, &mut body[got..]))? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                more => got += more,
            }
        }
        Ok(Some(Message {
            kind,
            body,
            descriptors,
        }))
    }
}

impl AsFd for Channel {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// Repeats a call that a signal interrupted.
pub(crate) fn retry<T>(mut call: impl FnMut() -> rustix::io::Result<T>) -> rustix::io::Result<T> {
    loop {
        match call() {
            Err(rustix::io::Errno::INTR) => {}
            result => return result,
        }
    }
}
