//! The shared memory of a block, watched.

use super::Deed;
use crate::machine::trouble::Rival;

/// What is remembered of the last read or write of a word.
#[derive(Clone, Copy, Default)]
struct Stamp {
    /// The phase in which it was; 0 if never.
    phase: u32,
    clock: u32,
    pc: u32,
    warp: u8,
    lane: u8,
    /// The bytes of the word.
    bytes: u8,
    is_strong: bool,
}

/// A word.
#[derive(Clone, Copy, Default)]
struct Cell {
    write: Stamp,
    /// The latest reads of two warps: of more, one at least is not the writer's own.
    reads: [Stamp; 2],
    /// The bytes that were ever written.
    written: u8,
}

/// The shared memory of a block, watched.
pub(crate) struct SharedWatch {
    cells: Vec<Cell>,
    phase: u32,
    warps: usize,
    /// The clock of each warp.
    clocks: Vec<u32>,
    /// Row by row, what each warp knows of the others' clocks in this phase.
    known: Vec<u32>,
    /// The clock at which each warp last made its past visible to whom it may concern.
    released: Vec<u32>,
    /// For each word that was touched atomically in a phase: the phase, and where stands what it passes on.
    places: Vec<(u32, u32)>,
    /// What atomic places pass on: a row each.
    passed: Vec<u32>,
}

/// Who accesses: his warp, lane and step.
#[derive(Clone, Copy)]
pub(crate) struct Who {
    pub(crate) warp: u32,
    pub(crate) lane: usize,
    pub(crate) pc: u32,
}

impl SharedWatch {
    pub(crate) fn new(bytes: usize, warps: usize) -> Self {
        SharedWatch {
            cells: vec![Cell::default(); bytes.div_ceil(4)],
            phase: 1,
            warps,
            clocks: vec![1; warps],
            known: vec![0; warps * warps],
            released: vec![0; warps],
            places: vec![(0, 0); bytes.div_ceil(4)],
            passed: Vec::new(),
        }
    }

    /// Forgets everything: a new block begins.
    pub(crate) fn reset(&mut self) {
        self.cells.fill(Cell::default());
        self.places.fill((0, 0));
        self.begin_phase();
        self.phase = 1;
    }

    /// All warps meet at a barrier.
    pub(crate) fn begin_phase(&mut self) {
        self.phase += 1;
        self.known.fill(0);
        self.released.fill(0);
        self.passed.clear();
    }

    /// Some warps meet at a barrier, each of a list.
    pub(crate) fn meet(&mut self, warps: &[u32]) {
        let mut all = vec![0; self.warps];
        for &warp in warps {
            let row = warp as usize * self.warps;
            for (other, known) in all.iter_mut().enumerate() {
                *known = self.known[row + other].max(*known);
            }
            all[warp as usize] = all[warp as usize].max(self.clocks[warp as usize]);
        }
        for &warp in warps {
            let row = warp as usize * self.warps;
            self.known[row..row + self.warps].copy_from_slice(&all);
            self.clocks[warp as usize] += 1;
        }
    }

    /// The lanes of a warp synchronise.
    pub(crate) fn tick(&mut self, warp: u32) {
        self.clocks[warp as usize] += 1;
    }

    /// A warp makes its past visible to those who see what it writes atomically from now on.
    pub(crate) fn fence(&mut self, warp: u32) {
        self.released[warp as usize] = self.clocks[warp as usize];
        self.clocks[warp as usize] += 1;
    }

    /// A warp touches an atomic place: it learns what others left there, and leaves what it released.
    pub(crate) fn touch_atomically(&mut self, warp: u32, address: u64) {
        let warps = self.warps;
        let Some((phase, start)) = self.places.get_mut((address / 4) as usize) else {
            return; // outside: the access itself will say so
        };
        if *phase != self.phase {
            (*phase, *start) = (self.phase, self.passed.len() as u32);
            self.passed.resize(self.passed.len() + warps, 0);
        }
        let start = *start as usize;
        let passed = &mut self.passed[start..start + warps];
        let row = warp as usize * warps;
        let known = &mut self.known[row..row + warps];
        let has_released = self.released[warp as usize] != 0;
        for (known, passed) in known.iter_mut().zip(passed.iter_mut()) {
            *known = (*known).max(*passed);
            if has_released {
                *passed = *known;
            }
        }
        passed[warp as usize] = passed[warp as usize].max(self.released[warp as usize]);
    }

    /// Whether a stamp's access may be concurrent to what a warp does now.
    #[inline(always)]
    fn is_concurrent(&self, stamp: &Stamp, who: Who, bytes: u8) -> bool {
        if stamp.phase != self.phase || stamp.bytes & bytes == 0 {
            return false;
        }
        if u32::from(stamp.warp) == who.warp {
            // Lanes that execute the same step together are told apart by nobody.
            let is_other = usize::from(stamp.lane) != who.lane && stamp.pc != who.pc;
            is_other && stamp.clock == self.clocks[who.warp as usize]
        } else {
            self.known[who.warp as usize * self.warps + usize::from(stamp.warp)] < stamp.clock
        }
    }

    /// Looks at an access of up to four bytes of a word; what it races with.
    #[inline(always)]
    pub(crate) fn access(
        &mut self,
        address: u64,
        bytes: u8,
        who: Who,
        deed: Deed,
    ) -> Result<(), Rival> {
        let cell = self.cells[(address / 4) as usize];
        let is_strong = deed == Deed::Strong;
        let conflicts = |stamp: &Stamp| {
            !(is_strong && stamp.is_strong) && self.is_concurrent(stamp, who, bytes)
        };
        if deed != Deed::SameWrite && conflicts(&cell.write) {
            return Err(rival(&cell.write, true));
        }
        if matches!(deed, Deed::Write | Deed::Strong)
            && let Some(read) = cell.reads.iter().find(|read| conflicts(read))
        {
            return Err(rival(read, false));
        }
        let stamp = Stamp {
            phase: self.phase,
            clock: self.clocks[who.warp as usize],
            pc: who.pc,
            warp: who.warp as u8,
            lane: who.lane as u8,
            bytes,
            is_strong,
        };
        let cell = &mut self.cells[(address / 4) as usize];
        match deed {
            Deed::Read => {
                if cell.reads[0].phase == stamp.phase && cell.reads[0].warp != stamp.warp {
                    cell.reads[1] = cell.reads[0];
                }
                cell.reads[0] = stamp;
            }
            Deed::Write | Deed::SameWrite | Deed::Strong => {
                if cell.write.phase == stamp.phase
                    && cell.write.warp == stamp.warp
                    && cell.write.pc == stamp.pc
                {
                    cell.write.bytes |= bytes;
                    cell.write.clock = stamp.clock;
                } else {
                    cell.write = stamp;
                }
                cell.written |= bytes;
            }
        }
        Ok(())
    }

    /// Looks at an access to words one behind the other: all by one lane, or each by the lane so much behind that of the word
    /// before it. False if there is anything to look at more closely; then nothing is remembered.
    #[inline(always)]
    pub(crate) fn access_words(
        &mut self,
        address: u64,
        words: usize,
        who: Who,
        lane_step: u8,
        is_write: bool,
    ) -> bool {
        let Who { warp, lane, pc } = who;
        let phase = self.phase;
        let cells = &mut self.cells[(address / 4) as usize..][..words];
        let is_plain = |cell: &Cell| match is_write {
            false => cell.written == 15 && cell.write.phase != phase,
            true => cell.write.phase != phase && cell.reads.iter().all(|read| read.phase != phase),
        };
        if !cells.iter().all(is_plain) {
            return false;
        }
        let clock = self.clocks[warp as usize];
        for (index, cell) in cells.iter_mut().enumerate() {
            let (warp, lane) = (warp as u8, lane as u8 + index as u8 * lane_step);
            let stamp = Stamp {
                phase,
                clock,
                pc,
                warp,
                lane,
                bytes: 15,
                is_strong: false,
            };
            if is_write {
                cell.write = stamp;
                cell.written = 15;
            } else {
                if cell.reads[0].phase == phase && cell.reads[0].warp != warp {
                    cell.reads[1] = cell.reads[0];
                }
                cell.reads[0] = stamp;
            }
        }
        true
    }

    /// Whether bytes of a word were ever written.
    #[inline(always)]
    pub(crate) fn is_written(&self, address: u64, bytes: u8) -> bool {
        bytes & !self.cells[(address / 4) as usize].written == 0
    }
}

fn rival(stamp: &Stamp, is_write: bool) -> Rival {
    let thread = u32::from(stamp.warp) * 32 + u32::from(stamp.lane);
    Rival {
        block: None,
        thread: Some(thread),
        pc: stamp.pc,
        is_write,
    }
}
