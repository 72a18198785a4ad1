//! All buffers.

use super::Buffer;
use crate::machine::address;

/// Why an address is not that of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Miss {
    OutOfBounds,
    Misaligned,
    Freed,
    ReadOnly,
}

/// Global memory.
#[derive(Default)]
pub(crate) struct GlobalMemory {
    pub(crate) buffers: Vec<Buffer>,
}

impl GlobalMemory {
    /// Adds a buffer; its address.
    pub(crate) fn add(&mut self, buffer: Buffer) -> u64 {
        self.buffers.push(buffer);
        address::of_buffer(self.buffers.len() - 1)
    }

    /// The buffer and the byte in it, if `size` bytes there may be read (or written), at a multiple of `alignment`.
    #[inline(always)]
    pub(crate) fn find(
        &self,
        at: u64,
        size: u64,
        alignment: u64,
        is_write: bool,
    ) -> Result<(&Buffer, u64), Miss> {
        let (index, byte) = address::buffer_at(at);
        let buffer = self.buffers.get(index).ok_or(Miss::OutOfBounds)?;
        if buffer.is_freed {
            return Err(Miss::Freed);
        }
        if byte + size > buffer.bytes {
            return Err(Miss::OutOfBounds);
        }
        if byte & (alignment - 1) != 0 {
            return Err(Miss::Misaligned);
        }
        if is_write && buffer.is_read_only {
            return Err(Miss::ReadOnly);
        }
        Ok((buffer, byte))
    }

    /// The buffer that an address belongs to, and how many bytes behind its first the address is.
    pub(crate) fn owner(&self, at: u64) -> Option<(&Buffer, i64)> {
        let (index, byte) = address::buffer_at(at);
        if let Some(buffer) = self.buffers.get(index)
            && byte < 1 << (address::BUFFER_BITS - 1)
        {
            return Some((buffer, byte as i64));
        }
        // A little before a buffer is the end of the terabyte before it.
        let next = self.buffers.get(index.wrapping_add(1))?;
        Some((next, byte as i64 - (1 << address::BUFFER_BITS)))
    }
}
