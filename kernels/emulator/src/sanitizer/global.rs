//! Global memory during a launch, watched.

use super::Deed;
use crate::machine::trouble::Rival;
use std::collections::HashMap;

/// What is remembered of the last read or write of a piece of memory.
#[derive(Clone, Copy, Default)]
struct Stamp {
    /// The launch in which it was; 0 if never.
    launch: u32,
    block: u32,
    /// The time, by the launch's clock.
    time: u32,
    pc: u32,
    thread: u16,
    is_strong: bool,
}

/// A piece of memory: a word, or a byte where something smaller than words was ever accessed.
#[derive(Clone, Copy, Default)]
struct Cell {
    write: Stamp,
    /// The latest read, and the latest before it that it does not know of: of more readers, one at least is not the writer,
    /// and a writer who knows of both has met the others as well, as a rule.
    reads: [Stamp; 2],
}

/// Words that a warp accesses together as a rule: 128 bytes, at a multiple of that.
const ROW: usize = 32;

/// What is known of a row.
#[derive(Clone, Copy, Default)]
struct Row {
    /// The launch that `is_whole` is said of: in any other nothing is known, and all may begin anew.
    launch: u32,
    /// Whether all accesses were to the row as a whole, lane by lane: what is known of one word, which stands here, then holds
    /// for all of them, with the thread of each as much higher as it lies behind the first.
    is_whole: bool,
    cell: Cell,
}

/// The pieces of a buffer.
#[derive(Default)]
struct Shadow {
    rows: Vec<Row>,
    cells: Vec<Cell>,
    is_by_bytes: bool,
}

impl Shadow {
    #[inline(always)]
    fn prepare(&mut self, length: u64) {
        if self.rows.is_empty() {
            self.rows = vec![Row::default(); length.div_ceil(4 * ROW as u64) as usize];
        }
    }

    /// The pieces that an access of a buffer of so many bytes covers in a launch.
    #[inline(always)]
    fn cover(&mut self, launch: u32, length: u64, byte: u64, size: u64) -> std::ops::Range<usize> {
        self.prepare(length);
        if self.cells.is_empty() {
            self.cells = vec![Cell::default(); length.div_ceil(4) as usize];
        }
        if size < 4 && !self.is_by_bytes {
            for index in 0..self.rows.len() {
                self.take_apart(launch, index);
            }
            self.is_by_bytes = true;
            self.cells = self.cells.iter().flat_map(|cell| [*cell; 4]).collect();
        }
        let (first, last) = (byte as usize, (byte + size) as usize);
        if self.is_by_bytes {
            return first..last;
        }
        self.take_apart(launch, first / (4 * ROW));
        if last > (first / (4 * ROW) + 1) * 4 * ROW {
            self.take_apart(launch, (last - 1) / (4 * ROW));
        }
        first / 4..last.div_ceil(4)
    }

    /// From now on the words of a row are known one by one.
    #[inline(always)]
    fn take_apart(&mut self, launch: u32, index: usize) {
        let row = &mut self.rows[index];
        if row.launch != launch {
            (row.launch, row.is_whole) = (launch, false);
        } else if std::mem::take(&mut row.is_whole) {
            let row = *row;
            let cells = self.cells[index * ROW..].iter_mut().take(ROW);
            for (lane, cell) in cells.enumerate() {
                *cell = row.cell;
                for stamp in std::iter::once(&mut cell.write).chain(&mut cell.reads) {
                    stamp.thread = stamp.thread.wrapping_add(lane as u16);
                }
            }
        }
    }
}

/// Global memory, watched.
#[derive(Default)]
pub(crate) struct GlobalWatch {
    /// What is known of each buffer that a launch touched.
    shadows: Vec<Shadow>,
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
        self.shadows.resize_with(buffers, Shadow::default);
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
    fn is_concurrent(&self, stamp: &Stamp, who: Who) -> bool {
        stamp.launch == self.launch
            && stamp.block != who.block
            && !self.knows(who.block, stamp.block, stamp.time)
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
        for place in self.shadows[index].cover(self.launch, length, byte, size) {
            let cell = self.shadows[index].cells[place];
            self.hold(&cell, who, deed)?;
            self.shadows[index].cells[place] = self.after(cell, who, deed);
        }
        Ok(())
    }

    /// Looks at an access by all lanes of a warp, of which `who` is the first, each to the word behind the one before it. False
    /// if there is anything to look at more closely; then nothing is remembered.
    #[inline(always)]
    pub(crate) fn access_row(
        &mut self,
        (index, length): (usize, u64),
        byte: u64,
        who: Who,
        is_write: bool,
    ) -> bool {
        let shadow = &mut self.shadows[index];
        shadow.prepare(length);
        let place = byte as usize / (4 * ROW);
        if !byte.is_multiple_of(4 * ROW as u64) || shadow.is_by_bytes {
            return false;
        }
        let mut row = shadow.rows[place];
        if row.launch != self.launch {
            row = Row {
                launch: self.launch,
                is_whole: true,
                cell: Cell::default(),
            };
        }
        let deed = if is_write { Deed::Write } else { Deed::Read };
        if !row.is_whole || self.hold(&row.cell, who, deed).is_err() {
            return false;
        }
        row.cell = self.after(row.cell, who, deed);
        self.shadows[index].rows[place] = row;
        true
    }

    /// What an access to a piece of memory races with.
    #[inline(always)]
    fn hold(&self, cell: &Cell, who: Who, deed: Deed) -> Result<(), Rival> {
        let is_strong = deed == Deed::Strong;
        if !(deed == Deed::SameWrite || is_strong && cell.write.is_strong)
            && self.is_concurrent(&cell.write, who)
        {
            return Err(rival(&cell.write, true));
        }
        if matches!(deed, Deed::Write | Deed::Strong) {
            let mut reads = cell.reads.iter();
            if let Some(read) = reads.find(|read| self.is_concurrent(read, who)) {
                return Err(rival(read, false));
            }
        }
        Ok(())
    }

    /// What is remembered of a piece of memory after an access.
    #[inline(always)]
    fn after(&self, mut cell: Cell, who: Who, deed: Deed) -> Cell {
        let stamp = Stamp {
            launch: self.launch,
            block: who.block,
            time: self.time,
            pc: who.pc,
            thread: who.thread as u16,
            is_strong: deed == Deed::Strong,
        };
        if deed == Deed::Read {
            if self.is_concurrent(&cell.reads[0], who) {
                cell.reads[1] = cell.reads[0];
            }
            cell.reads[0] = stamp;
        } else {
            if deed != Deed::SameWrite {
                // Whoever knows of this write knows of the reads before it.
                cell.reads = Default::default();
            }
            cell.write = stamp;
        }
        cell
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
