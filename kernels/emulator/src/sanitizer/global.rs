//! Global memory during a launch, watched.

use super::Deed;
use crate::machine::trouble::Rival;
use std::collections::HashMap;

/// What is remembered of the last read or write of a word.
#[derive(Clone, Copy, Default)]
struct Stamp {
    /// The launch in which it was; 0 if never.
    launch: u32,
    block: u32,
    /// The time, by the launch's clock.
    time: u32,
    pc: u32,
    thread: u16,
    bytes: u8,
    is_strong: bool,
}

/// A word.
#[derive(Clone, Copy, Default)]
struct Cell {
    write: Stamp,
    /// The latest read, and the latest before it that it does not know of: of more readers, one at least is not the writer,
    /// and a writer who knows of both has met the others as well, as a rule.
    reads: [Stamp; 2],
}

/// Global memory, watched.
#[derive(Default)]
pub(crate) struct GlobalWatch {
    /// The words of each buffer that a launch touched.
    cells: Vec<Vec<Cell>>,
    launch: u32,
    /// Ticks whenever a block makes its past visible.
    time: u32,
    /// Up to which time each block knows what each other did; absent if it knows nothing.
    known: HashMap<u32, HashMap<u32, u32>>,
    /// When each block last made its past visible.
    released: HashMap<u32, u32>,
    /// What atomic places pass on.
    passed: HashMap<u64, HashMap<u32, u32>>,
}

/// Who accesses: his block, thread and step.
#[derive(Clone, Copy)]
pub(crate) struct Who {
    pub(crate) block: u32,
    pub(crate) thread: u32,
    pub(crate) pc: u32,
}

impl GlobalWatch {
    /// Begins a launch over so many buffers.
    pub(crate) fn begin(&mut self, buffers: usize) {
        self.launch += 1;
        self.time = 1;
        self.known.clear();
        self.released.clear();
        self.passed.clear();
        self.cells.resize_with(buffers, Vec::new);
    }

    /// A block makes its past visible to those who see what it writes atomically from now on.
    pub(crate) fn fence(&mut self, block: u32) {
        self.released.insert(block, self.time);
        self.time += 1;
    }

    /// A block touches an atomic place: it learns what others left there, and leaves what it released.
    pub(crate) fn touch_atomically(&mut self, block: u32, address: u64) {
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
    fn is_concurrent(&self, stamp: &Stamp, who: Who, bytes: u8) -> bool {
        stamp.launch == self.launch
            && stamp.block != who.block
            && stamp.bytes & bytes != 0
            && !self.knows(who.block, stamp.block, stamp.time)
    }

    /// Looks at an access of up to four bytes of a word of a buffer of so many bytes; what it races with.
    #[inline(always)]
    pub(crate) fn access(
        &mut self,
        buffer: (usize, u64),
        byte: u64,
        bytes: u8,
        who: Who,
        deed: Deed,
    ) -> Result<(), Rival> {
        let (index, length) = buffer;
        if self.cells[index].is_empty() {
            self.cells[index] = vec![Cell::default(); length.div_ceil(4) as usize];
        }
        let place = (byte / 4) as usize;
        let cell = self.cells[index][place];
        let is_strong = deed == Deed::Strong;
        if !(deed == Deed::SameWrite || is_strong && cell.write.is_strong)
            && self.is_concurrent(&cell.write, who, bytes)
        {
            return Err(rival(&cell.write, true));
        }
        if matches!(deed, Deed::Write | Deed::Strong) {
            let mut reads = cell.reads.iter();
            if let Some(read) = reads.find(|read| self.is_concurrent(read, who, bytes)) {
                return Err(rival(read, false));
            }
        }
        let stamp = Stamp {
            launch: self.launch,
            block: who.block,
            time: self.time,
            pc: who.pc,
            thread: who.thread as u16,
            bytes,
            is_strong,
        };
        let hides_another = self.is_concurrent(&cell.reads[0], who, u8::MAX);
        let cell = &mut self.cells[index][place];
        match deed {
            Deed::Read => {
                if hides_another {
                    cell.reads[1] = cell.reads[0];
                }
                cell.reads[0] = stamp;
            }
            Deed::Write | Deed::SameWrite | Deed::Strong => {
                if deed != Deed::SameWrite {
                    // Whoever knows of this write knows of the reads before it.
                    cell.reads = Default::default();
                }
                if cell.write.launch == self.launch && cell.write.block == who.block {
                    cell.write = Stamp {
                        bytes: bytes | cell.write.bytes,
                        ..stamp
                    };
                } else {
                    cell.write = stamp;
                }
            }
        }
        Ok(())
    }
}

fn rival(stamp: &Stamp, is_write: bool) -> Rival {
    let (block, thread) = (Some(stamp.block), Some(stamp.thread.into()));
    Rival {
        block,
        thread,
        pc: stamp.pc,
        is_write,
    }
}
