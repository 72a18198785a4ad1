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
use crate::{memory, vector};

/// Bytes of a row and of a sector.
const ROW: usize = 128;
const SECTOR: usize = memory::SECTOR as usize;

/// Sectors of a row, and words of a sector.
const SECTORS: usize = ROW / SECTOR;
const WORDS: usize = SECTOR / 4;

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

    /// Tells the parts of its piece, of so many words each, what it says of them.
    fn hand_down(&self, since: u32, words: usize, parts: &mut [Record]) {
        let [latest, before] = self.reads;
        if [self.write, latest, before]
            .iter()
            .all(|stamp| stamp.time < since)
        {
            return; // nothing: parts that are older say the same
        }
        for (index, part) in parts.iter_mut().enumerate() {
            *part = self.at(index * words);
        }
    }
}

/// What is known of a row: a line of the processor's cache.
#[derive(Clone, Copy, Default)]
#[repr(align(64))]
struct Row {
    record: Record,
    /// When the launch began in which its sectors were known each by itself; in any other it is known as a whole.
    parted: u32,
    /// The sectors whose words are known each by itself: a bit each.
    with_words: u8,
}

/// The pieces of a buffer.
#[derive(Default)]
pub(super) struct Shadow {
    rows: Vec<Row>,
    sectors: Vec<Record>,
    /// Words, or bytes where something smaller than words was ever accessed.
    cells: Vec<Record>,
    is_by_bytes: bool,
}

impl Shadow {
    /// Looks at the pieces of a buffer of so many bytes that an access covers, as large as they are known in the launch that
    /// began at `since`: at each one's record, and how many words behind the first it begins.
    #[inline(always)]
    pub(super) fn look<E>(
        &mut self,
        since: u32,
        length: u64,
        byte: u64,
        size: u64,
        mut look: impl FnMut(&mut Record, usize) -> Result<(), E>,
    ) -> Result<(), E> {
        self.prepare(since, length, size);
        let (first, end) = (byte as usize, (byte + size) as usize);
        let mut at = first;
        while at < end {
            let (record, size) = self.piece(since, at, end);
            look(record, (at - first) / 4)?;
            at += size;
        }
        Ok(())
    }

    #[inline(always)]
    fn prepare(&mut self, since: u32, length: u64, size: u64) {
        if self.rows.is_empty() {
            let rows = length.div_ceil(ROW as u64) as usize;
            self.rows = vec![Row::default(); rows];
        }
        if size < 4 && !self.is_by_bytes {
            self.go_by_bytes(since);
        }
    }

    /// The largest piece that begins at one byte and does not go beyond another: its record, and its size in bytes.
    #[inline(always)]
    fn piece(&mut self, since: u32, at: usize, end: usize) -> (&mut Record, usize) {
        if self.is_by_bytes {
            return (&mut self.cells[at], 1);
        }
        let (row, sector) = (at / ROW, at / SECTOR);
        let covers = |size: usize| at.is_multiple_of(size) && end - at >= size;
        if self.rows[row].parted != since {
            if covers(ROW) {
                return (&mut self.rows[row].record, ROW);
            }
            self.part_row(since, row);
        }
        if self.rows[row].with_words >> (sector % SECTORS) & 1 == 0 {
            if covers(SECTOR) {
                // A loop often takes the next one soon.
                vector::fetch(self.sectors.as_ptr().wrapping_add(sector + 1));
                return (&mut self.sectors[sector], SECTOR);
            }
            self.part_sector(since, sector);
        }
        (&mut self.cells[at / 4], 4)
    }

    /// From now on the sectors of a row are known each by itself.
    fn part_row(&mut self, since: u32, row: usize) {
        self.sectors
            .resize(SECTORS * self.rows.len(), Record::default());
        let sectors = &mut self.sectors[SECTORS * row..][..SECTORS];
        let row = &mut self.rows[row];
        (row.parted, row.with_words) = (since, 0);
        row.record.hand_down(since, WORDS, sectors);
    }

    /// From now on the words of a sector are known each by itself.
    fn part_sector(&mut self, since: u32, sector: usize) {
        self.rows[sector / SECTORS].with_words |= 1 << (sector % SECTORS);
        self.cells
            .resize(WORDS * self.sectors.len(), Record::default());
        let words = &mut self.cells[WORDS * sector..][..WORDS];
        self.sectors[sector].hand_down(since, 1, words);
    }

    #[cold]
    fn go_by_bytes(&mut self, since: u32) {
        for word in 0..ROW / 4 * self.rows.len() {
            self.piece(since, 4 * word, 4 * word + 4);
        }
        self.cells = self.cells.iter().flat_map(|cell| [*cell; 4]).collect();
        self.is_by_bytes = true;
    }
}
