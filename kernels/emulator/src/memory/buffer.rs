//! One allocation.

use super::Bits;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// The bytes that travel together between memory and cache.
pub(crate) const SECTOR: u64 = 32;

/// An allocation in global memory. Kernels may race on it: its words are atomics, so that a race is no worse here than there.
pub(crate) struct Buffer {
    /// How faults name it.
    pub(crate) name: String,
    /// Its length in bytes.
    pub(crate) bytes: u64,
    words: Box<[AtomicU32]>,
    pub(crate) is_freed: bool,
    pub(crate) is_read_only: bool,
    /// The bytes that were written, where somebody watches.
    pub(crate) written: Option<Bits>,
}

impl Buffer {
    /// A buffer of zeros, which count as not written.
    pub(crate) fn new(name: String, bytes: u64, is_watched: bool) -> Self {
        Buffer {
            name,
            bytes,
            words: (0..bytes.div_ceil(4)).map(|_| AtomicU32::new(0)).collect(),
            is_freed: false,
            is_read_only: false,
            written: is_watched.then(|| Bits::new(bytes)),
        }
    }

    /// Gives the memory back, but keeps name and length for those who come too late.
    pub(crate) fn free(&mut self) {
        self.is_freed = true;
        self.words = Box::default();
        self.written = None;
    }

    /// All words.
    #[inline(always)]
    pub(crate) fn words(&self) -> &[AtomicU32] {
        &self.words
    }

    /// Asks for a byte, which is read soon, or for none if it lies behind the last.
    #[inline(always)]
    pub(crate) fn fetch(&self, byte: usize) {
        crate::vector::fetch(self.words.as_ptr().wrapping_byte_add(byte));
    }

    /// Up to four words, side by side; zeros where there are fewer.
    #[inline(always)]
    pub(crate) fn words_at<const COUNT: usize>(&self, byte: usize) -> [u32; 4] {
        let mut words = [0; 4];
        let places = &self.words[byte / 4..][..COUNT];
        for (word, place) in words.iter_mut().zip(places) {
            *word = place.load(Relaxed);
        }
        words
    }

    /// Sets the first of four words, side by side.
    #[inline(always)]
    pub(crate) fn set_words_at<const COUNT: usize>(&self, byte: usize, words: [u32; 4]) {
        let places = &self.words[byte / 4..][..COUNT];
        for (word, place) in words.iter().zip(places) {
            place.store(*word, Relaxed);
        }
    }

    /// Up to eight bytes, at a multiple of their number.
    #[inline(always)]
    pub(crate) fn load(&self, byte: u64, size: usize) -> u64 {
        let word = (byte / 4) as usize;
        let value = self.words[word].load(Relaxed);
        match size {
            4 => value.into(),
            8 => u64::from(value) | u64::from(self.words[word + 1].load(Relaxed)) << 32,
            2 => u64::from(value >> (8 * (byte & 2)) & 0xFFFF),
            _ => u64::from(value >> (8 * (byte & 3)) & 0xFF),
        }
    }

    /// Up to eight bytes, at a multiple of their number.
    #[inline(always)]
    pub(crate) fn store(&self, byte: u64, size: usize, value: u64) {
        let word = (byte / 4) as usize;
        match size {
            4 => self.words[word].store(value as u32, Relaxed),
            8 => {
                self.words[word].store(value as u32, Relaxed);
                self.words[word + 1].store((value >> 32) as u32, Relaxed);
            }
            _ => {
                let (mask, shift) = match size {
                    2 => (0xFFFF, 8 * (byte & 2)),
                    _ => (0xFF, 8 * (byte & 3)),
                };
                let _ = self.words[word].fetch_update(Relaxed, Relaxed, |old| {
                    Some(old & !(mask << shift) | (value as u32 & mask) << shift)
                }); // the update never declines
            }
        }
    }

    /// Copies bytes out.
    pub(crate) fn read(&self, start: u64, bytes: &mut [u8]) {
        let mut at = start;
        let mut rest = bytes;
        while !rest.is_empty() {
            let word = self.words[(at / 4) as usize].load(Relaxed).to_le_bytes();
            let from = (at % 4) as usize;
            let count = rest.len().min(4 - from);
            let (now, later) = rest.split_at_mut(count);
            now.copy_from_slice(&word[from..from + count]);
            (rest, at) = (later, at + count as u64);
        }
    }

    /// Copies bytes in.
    pub(crate) fn write(&self, start: u64, bytes: &[u8]) {
        let mut at = start;
        let mut rest = bytes;
        while !rest.is_empty() {
            let place = &self.words[(at / 4) as usize];
            let mut word = place.load(Relaxed).to_le_bytes();
            let from = (at % 4) as usize;
            let count = rest.len().min(4 - from);
            let (now, later) = rest.split_at(count);
            word[from..from + count].copy_from_slice(now);
            place.store(u32::from_le_bytes(word), Relaxed);
            (rest, at) = (later, at + count as u64);
        }
        if let Some(written) = &self.written {
            written.add_range(start, start + bytes.len() as u64);
        }
    }

    /// Fills bytes, and counts them as not written.
    pub(crate) fn poison(&self, start: u64, bytes: u64, value: u8) {
        let mut at = start;
        let block = [value; 256];
        while at < start + bytes {
            let count = (start + bytes - at).min(256);
            self.write(at, &block[..count as usize]);
            at += count;
        }
        if let Some(written) = &self.written {
            written.remove_range(start, start + bytes);
        }
    }
}
