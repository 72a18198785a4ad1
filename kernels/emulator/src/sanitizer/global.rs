//! Global memory during a launch, watched.

use super::Deed;
use super::shadow::{Record, Shadow, Stamp};
use crate::machine::trouble::Rival;
use std::collections::HashMap;

/// Global memory, watched.
#[derive(Default)]
pub(crate) struct GlobalWatch {
    /// What is known of each buffer that a launch touched.
    shadows: Vec<Shadow>,
    past: Past,
}

/// What the blocks of a launch know of each other.
#[derive(Default)]
struct Past {
    /// When the launch began.
    start: u32,
    /// Ticks whenever a launch begins or a block makes its past visible.
    time: u32,
    /// Up to which time each block knows what each other did; absent if it knows nothing.
    known: HashMap<u32, HashMap<u32, u32>>,
    /// When each block last made its past visible.
    released: HashMap<u32, u32>,
    /// What atomic places pass on.
    passed: HashMap<u64, HashMap<u32, u32>>,
}

/// Who accesses: his block, thread and step. Of words side by side the first is this thread's, and the threads behind it have the
/// others: two to the power of `words_log` each, at a multiple of their size.
#[derive(Clone, Copy)]
pub(crate) struct Who {
    pub(crate) block: u32,
    pub(crate) thread: u32,
    pub(crate) words_log: u8,
    pub(crate) pc: u32,
}

impl GlobalWatch {
    /// Begins a launch over so many buffers.
    pub(crate) fn begin(&mut self, buffers: usize) {
        if self.past.time > u32::MAX / 2 {
            *self = GlobalWatch::default();
        }
        let start = self.past.time + 1;
        self.past = Past {
            start,
            time: start,
            ..Past::default()
        };
        self.shadows.resize_with(buffers, Shadow::default);
    }

    /// A block makes its past visible to those who see what it writes atomically from now on.
    pub(crate) fn fence(&mut self, block: u32) {
        self.past.released.insert(block, self.past.time);
        self.past.time += 1;
    }

    /// A block touches an atomic place: it learns what others left there, and leaves what it released.
    pub(crate) fn touch_atomically(&mut self, block: u32, address: u64) {
        self.past.touch_atomically(block, address);
    }

    /// Looks at an access to some bytes of a buffer, given by its number and length; what it races with.
    #[inline(always)]
    pub(crate) fn access(
        &mut self,
        (index, length): (usize, u64),
        byte: u64,
        size: u64,
        who: Who,
        deed: Deed,
    ) -> Result<(), Rival> {
        let past = &self.past;
        let stamp = Stamp {
            time: past.time,
            block: who.block,
            pc: who.pc,
            thread: who.thread as u16,
            words_log: who.words_log,
            is_strong: deed == Deed::Strong,
        };
        let shadow = &mut self.shadows[index];
        shadow.look(past.start, length, byte, size, |record, word| {
            past.hold(record, who.block, deed)?;
            past.note(record, stamp.at(word), deed);
            Ok(())
        })
    }
}

impl Past {
    fn touch_atomically(&mut self, block: u32, address: u64) {
        let passed = self.passed.entry(address).or_default();
        if passed.keys().any(|&other| other != block) {
            let known = self.known.entry(block).or_default();
            for (&other, &time) in &*passed {
                let place = known.entry(other).or_default();
                *place = (*place).max(time);
            }
        }
        if let Some(&released) = self.released.get(&block) {
            if let Some(known) = self.known.get(&block) {
                for (&other, &time) in known {
                    let place = passed.entry(other).or_default();
                    *place = (*place).max(time);
                }
            }
            let place = passed.entry(block).or_default();
            *place = (*place).max(released);
        }
    }

    fn knows(&self, block: u32, other: u32, time: u32) -> bool {
        let known = self.known.get(&block).and_then(|known| known.get(&other));
        known.is_some_and(|&known| known >= time)
    }

    /// Whether a stamp's access may be concurrent to what a block does now.
    #[inline(always)]
    fn is_concurrent(&self, stamp: &Stamp, block: u32) -> bool {
        stamp.time >= self.start
            && stamp.block != block
            && !self.knows(block, stamp.block, stamp.time)
    }

    /// What an access to a piece of memory races with.
    #[inline(always)]
    fn hold(&self, record: &Record, block: u32, deed: Deed) -> Result<(), Rival> {
        let is_strong = deed == Deed::Strong;
        if !(deed == Deed::SameWrite || is_strong && record.write.is_strong)
            && self.is_concurrent(&record.write, block)
        {
            return Err(record.write.rival(true));
        }
        if matches!(deed, Deed::Write | Deed::Strong) {
            let mut reads = record.reads.iter();
            if let Some(read) = reads.find(|read| self.is_concurrent(read, block)) {
                return Err(read.rival(false));
            }
        }
        Ok(())
    }

    /// Remembers an access to a piece of memory.
    #[inline(always)]
    fn note(&self, record: &mut Record, stamp: Stamp, deed: Deed) {
        if deed == Deed::Read {
            if self.is_concurrent(&record.reads[0], stamp.block) {
                record.reads[1] = record.reads[0];
            }
            record.reads[0] = stamp;
            return;
        }
        if deed != Deed::SameWrite {
            // Whoever knows of this write knows of the reads before it.
            record.reads = Default::default();
        }
        record.write = stamp;
    }
}
