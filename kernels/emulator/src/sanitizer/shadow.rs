//! What is remembered of the pieces of a buffer in global memory.
//!
//! ```text
//! row       128 bytes, as whole warps access them
//!   sector   32 bytes, as a few lanes access them with several words each
//!     word    4 bytes
//!       byte   once anything smaller than a word was accessed in the buffer
//! ```
//!
//! A row is known as a whole until something touches a part of it, and so is a sector: most never fall apart.

use crate::machine::trouble::Rival;
use crate::memory;

/// Bytes of a row and of a sector.
const ROW: usize = 128;
const SECTOR: usize = memory::SECTOR as usize;

/// What is remembered of the last read or write of a piece.
#[derive(Clone, Copy, Default)]
pub(super) struct Stamp {
    /// The time, by the clock of all launches; 0 if never.
    pub(super) time: u32,
    pub(super) block: u32,
    pub(super) pc: u32,
    /// The thread that accessed the first word.
    pub(super) thread: u16,
    /// Each thread accessed so many words side by side; the logarithm.
    pub(super) words_log: u8,
    pub(super) is_strong: bool,
}

impl Stamp {
    /// The stamp of a part that begins so many words behind.
    #[inline(always)]
    pub(super) fn at(self, word: usize) -> Stamp {
        let thread = self.thread.wrapping_add((word >> self.words_log) as u16);
        Stamp { thread, ..self }
    }

    pub(super) fn rival(&self, is_write: bool) -> Rival {
        Rival {
            block: Some(self.block),
            thread: Some(self.thread.into()),
            pc: self.pc,
            is_write,
        }
    }
}

/// What is remembered of a piece.
#[derive(Clone, Copy, Default)]
pub(super) struct Record {
    pub(super) write: Stamp,
    /// The latest read, and the latest before it that it does not know of: of more readers, one at least is not the writer,
    /// and a writer who knows of both has met the others as well, as a rule.
    pub(super) reads: [Stamp; 2],
}

impl Record {
    fn at(&self, word: usize) -> Record {
        Record {
            write: self.write.at(word),
            reads: self.reads.map(|read| read.at(word)),
        }
    }

    /// Whether there is nothing in it since a time.
    fn is_blank(&self, since: u32) -> bool {
        self.write.time < since && self.reads.iter().all(|read| read.time < since)
    }
}

/// A row or a sector: a line of the processor's cache.
#[derive(Clone, Copy, Default)]
#[repr(align(64))]
struct Group {
    record: Record,
    /// When the launch began in which its parts last became known each by itself.
    parted: u32,
}

impl Group {
    /// From now on its parts, of so many words each, are known each by itself.
    fn part<'p>(&mut self, since: u32, words: usize, parts: impl Iterator<Item = &'p mut Record>) {
        self.parted = since;
        if !self.record.is_blank(since) {
            for (index, part) in parts.enumerate() {
                *part = self.record.at(index * words);
            }
        }
    }
}

/// The pieces of a buffer.
#[derive(Default)]
pub(super) struct Shadow {
    rows: Vec<Group>,
    sectors: Vec<Group>,
    /// Words, or bytes where something smaller than words was ever accessed.
    cells: Vec<Record>,
    is_by_bytes: bool,
}

impl Shadow {
    /// Looks at the pieces of a buffer of so many bytes that an access covers, from the largest that are known as a whole in the
    /// launch that began at `since`: at each one's record, and how many words behind the first it begins.
    #[inline(always)]
    pub(super) fn look<E>(
        &mut self,
        since: u32,
        length: u64,
        byte: u64,
        size: u64,
        mut look: impl FnMut(&mut Record, usize) -> Result<(), E>,
    ) -> Result<(), E> {
        let (first, end) = (byte as usize, (byte + size) as usize);
        self.prepare(since, length, size);
        let mut at = first;
        while at < end {
            let word = (at - first) / 4;
            if self.is_by_bytes {
                look(&mut self.cells[at], word)?;
                at += 1;
            } else if let Some(row) = whole::<ROW>(&mut self.rows, since, at, end) {
                look(row, word)?;
                at += ROW;
            } else {
                self.part_row(since, at / ROW);
                if let Some(sector) = whole::<SECTOR>(&mut self.sectors, since, at, end) {
                    look(sector, word)?;
                    at += SECTOR;
                } else {
                    self.part_sector(since, at / SECTOR);
                    look(&mut self.cells[at / 4], word)?;
                    at += 4;
                }
            }
        }
        Ok(())
    }

    #[inline(always)]
    fn prepare(&mut self, since: u32, length: u64, size: u64) {
        if self.rows.is_empty() {
            self.rows = vec![Group::default(); length.div_ceil(ROW as u64) as usize];
        }
        if size < 4 && !self.is_by_bytes {
            self.go_by_bytes(since);
        }
    }

    #[cold]
    fn go_by_bytes(&mut self, since: u32) {
        for row in 0..self.rows.len() {
            self.part_row(since, row);
        }
        for sector in 0..self.sectors.len() {
            self.part_sector(since, sector);
        }
        self.cells = self.cells.iter().flat_map(|cell| [*cell; 4]).collect();
        self.is_by_bytes = true;
    }

    #[inline(always)]
    fn part_row(&mut self, since: u32, row: usize) {
        const COUNT: usize = ROW / SECTOR;
        if self.rows[row].parted != since {
            self.sectors
                .resize(COUNT * self.rows.len(), Group::default());
            let sectors = self.sectors[COUNT * row..][..COUNT].iter_mut();
            let sectors = sectors.map(|sector| &mut sector.record);
            self.rows[row].part(since, SECTOR / 4, sectors);
        }
    }

    #[inline(always)]
    fn part_sector(&mut self, since: u32, sector: usize) {
        const COUNT: usize = SECTOR / 4;
        if self.sectors[sector].parted != since {
            self.cells
                .resize(COUNT * self.sectors.len(), Record::default());
            let words = self.cells[COUNT * sector..][..COUNT].iter_mut();
            self.sectors[sector].part(since, 1, words);
        }
    }
}

/// The record of the group of so many bytes that begins at one byte and ends at another or before it, if it is known as a whole.
#[inline(always)]
fn whole<const SIZE: usize>(
    groups: &mut [Group],
    since: u32,
    at: usize,
    end: usize,
) -> Option<&mut Record> {
    if !at.is_multiple_of(SIZE) || end - at < SIZE {
        return None;
    }
    let group = &mut groups[at / SIZE];
    (group.parted != since).then_some(&mut group.record)
}
