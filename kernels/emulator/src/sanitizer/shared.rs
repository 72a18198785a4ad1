//! The shared memory of a block, watched.

use super::Deed;
use super::stamp::{ALL_BYTES, Format, Stamp};
use crate::machine::trouble::Rival;
use crate::memory::Bits;

/// The shared memory of a block, watched.
///
/// A barrier of the whole block begins a phase. Clocks never go back, and all show the same time when a phase begins: what has an
/// earlier one happened before it.
pub(crate) struct SharedWatch {
    /// Of each word the last write.
    writes: Vec<Stamp>,
    /// Of each word the latest read, and the latest before it by another warp: of more, one at least is not the writer's own.
    reads: [Vec<Stamp>; 2],
    /// The bytes that were ever written.
    written: Bits,
    format: Format,
    /// When the phase began.
    start: u64,
    warps: usize,
    /// The clock of each warp.
    clocks: Vec<u64>,
    /// Row by row, what each warp knows of the others' clocks in this phase.
    known: Vec<u64>,
    /// The clock at which each warp last made its past visible to whom it may concern; 0 if not in this phase.
    released: Vec<u64>,
    /// For each word that was touched atomically in a phase: when that began, and where stands what it passes on.
    places: Vec<(u64, u32)>,
    /// What atomic places pass on: a row each.
    passed: Vec<u64>,
}

/// Who accesses: his warp, lane and step.
#[derive(Clone, Copy)]
pub(crate) struct Who {
    pub(crate) warp: u32,
    pub(crate) lane: usize,
    pub(crate) pc: u32,
}

/// What is the same for all words that a warp accesses in one step.
#[derive(Clone, Copy)]
pub(crate) struct Glance {
    /// The least stamp of the phase.
    least: Stamp,
    /// The stamp of the first lane.
    stamp: Stamp,
}

impl SharedWatch {
    /// Of so many bytes and warps, for a program of so many steps.
    pub(crate) fn new(bytes: usize, warps: usize, steps: usize) -> Self {
        let words = bytes.div_ceil(4);
        SharedWatch {
            writes: vec![Stamp::default(); words],
            reads: [vec![Stamp::default(); words], vec![Stamp::default(); words]],
            written: Bits::new(bytes as u64),
            format: Format::new(steps),
            start: 1,
            warps,
            clocks: vec![1; warps],
            known: vec![0; warps * warps],
            released: vec![0; warps],
            places: vec![(0, 0); words],
            passed: Vec::new(),
        }
    }

    /// Forgets everything: a new block begins.
    pub(crate) fn reset(&mut self) {
        self.written.clear();
        self.begin_phase();
    }

    /// All warps meet at a barrier.
    pub(crate) fn begin_phase(&mut self) {
        let latest = self.clocks.iter().max().copied().unwrap_or(0);
        self.start = latest + 1;
        if self.start > self.format.end_of_time() / 2 {
            self.begin_time();
        }
        self.clocks.fill(self.start);
        self.known.fill(0);
        self.released.fill(0);
        self.passed.clear();
    }

    /// Sets all clocks back, and forgets what was read and written.
    #[cold]
    fn begin_time(&mut self) {
        self.start = 1;
        let [latest, before] = &mut self.reads;
        for stamps in [&mut self.writes, latest, before] {
            stamps.fill(Stamp::default());
        }
        self.places.fill((0, 0));
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
        }
        for &warp in warps {
            self.tick(warp);
        }
    }

    /// The lanes of a warp synchronise.
    pub(crate) fn tick(&mut self, warp: u32) {
        let clock = &mut self.clocks[warp as usize];
        *clock += 1;
        if *clock == self.format.end_of_time() {
            // There is room for very many of these; then it is as if all had met.
            self.begin_phase();
        }
    }

    /// A warp makes its past visible to those who see what it writes atomically from now on.
    pub(crate) fn fence(&mut self, warp: u32) {
        self.released[warp as usize] = self.clocks[warp as usize];
        self.tick(warp);
    }

    /// A warp touches an atomic place: it learns what others left there, and leaves what it released.
    pub(crate) fn touch_atomically(&mut self, warp: u32, address: u64) {
        let warps = self.warps;
        let Some((phase, place)) = self.places.get_mut((address / 4) as usize) else {
            return; // outside: the access itself will say so
        };
        if *phase != self.start {
            (*phase, *place) = (self.start, self.passed.len() as u32);
            self.passed.resize(self.passed.len() + warps, 0);
        }
        let place = *place as usize;
        let passed = &mut self.passed[place..place + warps];
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

    /// The stamp of an access now.
    #[inline(always)]
    fn stamp(&self, who: Who, is_strong: bool, bytes: u8) -> Stamp {
        let clock = self.clocks[who.warp as usize];
        self.format
            .stamp(clock, who.pc, (who.warp, who.lane), is_strong, bytes)
    }

    /// The least stamp of this phase.
    #[inline(always)]
    fn least(&self) -> Stamp {
        self.format.least(self.start)
    }

    /// Whether a stamp's access may be concurrent to what a warp does now.
    #[inline(always)]
    fn is_concurrent(&self, stamp: Stamp, who: Who, bytes: u8) -> bool {
        if stamp < self.least() || stamp.bytes() & bytes == 0 {
            return false;
        }
        let time = self.format.time(stamp);
        if stamp.warp() == who.warp {
            // Lanes that execute the same step together are told apart by nobody.
            let is_other = stamp.lane() != who.lane && self.format.step(stamp) != who.pc;
            is_other && time == self.clocks[who.warp as usize]
        } else {
            self.known[who.warp as usize * self.warps + stamp.warp() as usize] < time
        }
    }

    /// Looks at an access to up to four bytes of a word; what it races with.
    #[inline(always)]
    pub(crate) fn access(
        &mut self,
        address: u64,
        size: u64,
        who: Who,
        deed: Deed,
    ) -> Result<(), Rival> {
        let word = (address / 4) as usize;
        let bytes = (((1 << size) - 1) << (address % 4)) as u8;
        let (write, reads) = (
            self.writes[word],
            [self.reads[0][word], self.reads[1][word]],
        );
        let is_strong = deed == Deed::Strong;
        let conflicts = |stamp: Stamp| {
            !(is_strong && stamp.is_strong()) && self.is_concurrent(stamp, who, bytes)
        };
        if deed != Deed::SameWrite && conflicts(write) {
            return Err(self.rival(write, true));
        }
        if matches!(deed, Deed::Write | Deed::Strong)
            && let Some(read) = reads.into_iter().find(|read| conflicts(*read))
        {
            return Err(self.rival(read, false));
        }
        let stamp = self.stamp(who, is_strong, bytes);
        if deed == Deed::Read {
            if reads[0] >= self.least() && !reads[0].has_warp_of(stamp) {
                self.reads[1][word] = reads[0];
            }
            self.reads[0][word] = stamp;
            return Ok(());
        }
        let is_same_step =
            write >= self.least() && write.has_warp_of(stamp) && self.format.step(write) == who.pc;
        self.writes[word] = if is_same_step {
            // Its first lane stands for all of them.
            let (place, bytes) = ((who.warp, write.lane()), write.bytes() | bytes);
            let clock = self.clocks[who.warp as usize];
            self.format
                .stamp(clock, who.pc, place, write.is_strong(), bytes)
        } else {
            stamp
        };
        self.written.add_range(address, address + size);
        Ok(())
    }

    /// Begins to look at what a warp accesses in a step.
    #[inline(always)]
    pub(crate) fn glance(&self, warp: u32, pc: u32) -> Glance {
        let lane = 0;
        Glance {
            least: self.least(),
            stamp: self.stamp(Who { warp, lane, pc }, false, ALL_BYTES),
        }
    }

    /// Looks at a plain access to words side by side, of which a lane and those behind it have two to the power of `words_log`
    /// each. False if there is anything to look at more closely; then nothing is remembered.
    #[inline(always)]
    pub(crate) fn access_words(
        &mut self,
        Glance { least, stamp }: Glance,
        address: u64,
        words: usize,
        (lane, words_log): (usize, u8),
        is_write: bool,
    ) -> bool {
        let first = (address / 4) as usize;
        let end = address + 4 * words as u64;
        let writes = &mut self.writes[first..][..words];
        let [latest, before] = &mut self.reads;
        let (latest, before) = (&mut latest[first..][..words], &mut before[first..][..words]);
        let stamp = stamp.lanes_on(lane);
        // No branches inside of these loops: compilers make vectors of them.
        let leads = |stamps: &[Stamp]| {
            let leads = stamps.iter().map(|stamp| stamp.lead(least));
            leads.fold(0, |all, lead| all | lead)
        };
        if is_write {
            if leads(writes) | leads(latest) | leads(before) < 0 {
                return false;
            }
            for (word, write) in writes.iter_mut().enumerate() {
                *write = stamp.lanes_on(word >> words_log);
            }
            self.written.add_range(address, end);
            return true;
        }
        if leads(writes) < 0 || self.written.first_missing(address, end).is_some() {
            return false;
        }
        for word in 0..words {
            let (last, old) = (latest[word], before[word]);
            let is_other = (last.lead(least) < 0) & !last.has_warp_of(stamp);
            before[word] = if is_other { last } else { old };
            latest[word] = stamp.lanes_on(word >> words_log);
        }
        true
    }

    /// Whether all of some bytes were ever written.
    #[inline(always)]
    pub(crate) fn is_written(&self, address: u64, size: u64) -> bool {
        let end = address + size;
        self.written.first_missing(address, end).is_none()
    }

    fn rival(&self, stamp: Stamp, is_write: bool) -> Rival {
        Rival {
            block: None,
            thread: Some(stamp.warp() * 32 + stamp.lane() as u32),
            pc: self.format.step(stamp),
            is_write,
        }
    }
}
