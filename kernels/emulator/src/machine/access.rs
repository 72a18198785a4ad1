//! Loads and stores.

#![allow(clippy::too_many_arguments)] // an access has this many sides

use super::address;
use super::compute::Operands;
use super::registers::{ALL, Class, WARP, WideLanes, lanes_of};
use super::room::Room;
use super::tally::Traffic;
use super::trouble::{Outcome, Rival, Trouble};
use super::warp::Warp;
use super::worker::Worker;
use crate::fault::FaultKind;
use crate::matrix::Lanes;
use crate::memory::{Buffer, Miss};
use crate::program::step::{Access, Base, Order, Step};
use crate::sanitizer::{Deed, GlobalWho, SharedWho};
use crate::syntax::Space;
use std::hint::black_box;
use std::sync::atomic::Ordering::Relaxed;

/// Whether and how an access changes memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Load,
    Store,
    Atomic,
}

impl Way {
    fn word(self) -> &'static str {
        match self {
            Way::Load => "load",
            Way::Store => "store",
            Way::Atomic => "atomic",
        }
    }
}

/// The address of each lane.
#[inline(always)]
pub(crate) fn addresses(warp: &Warp, operands: &Operands, base: Base) -> WideLanes {
    let mut addresses = [0; WARP];
    match base {
        Base::Wide => {
            let base = warp.registers.wide(operands.a);
            for lane in 0..WARP {
                addresses[lane] = base[lane].wrapping_add(operands.immediate as u64);
            }
        }
        Base::Narrow => {
            let base = warp.registers.narrow(operands.a);
            for lane in 0..WARP {
                addresses[lane] = base[lane].wrapping_add(operands.immediate as u32).into();
            }
        }
        Base::Frame => {
            addresses = [(warp.frame as u64).wrapping_add(operands.immediate as u64); WARP];
        }
    }
    addresses
}

/// How the addresses of a warp lie to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pattern {
    /// All the same.
    Uniform,
    /// One behind the other without gaps.
    Consecutive,
    Other,
}

/// The pattern of a base register, and with it that of the addresses: all have the same offset. Four lanes at a time, because
/// compilers make vectors of that.
macro_rules! pattern {
    ($base:expr, $size:expr, $type:ty) => {{
        const WIDTH: usize = 32 / size_of::<$type>();
        let base: &[$type; WARP] = $base;
        let (mut uniform, mut consecutive) = ([0; WIDTH], [0; WIDTH]);
        for (place, lanes) in base.as_chunks::<WIDTH>().0.iter().enumerate() {
            for lane in 0..WIDTH {
                let distance = lanes[lane].wrapping_sub(base[0]);
                uniform[lane] |= distance;
                consecutive[lane] |= distance ^ ($size * (place * WIDTH + lane) as $type);
            }
        }
        // Kept as a vector up to here: compilers would rather compare lane by lane.
        let any =
            |all: [$type; WIDTH]| black_box(all).into_iter().fold(0, |any, one| any | one) != 0;
        if !any(consecutive) {
            Pattern::Consecutive
        } else if !any(uniform) {
            Pattern::Uniform
        } else {
            Pattern::Other
        }
    }};
}

/// The first lane's address, and how the others' lie to it, if all lanes are there.
#[inline(always)]
fn pattern(warp: &Warp, operands: &Operands, base: Base, mask: u32, size: u8) -> (u64, Pattern) {
    if mask != ALL {
        return (0, Pattern::Other);
    }
    let of_step = |step: u64| match step {
        0 => Pattern::Uniform,
        step if step == u64::from(size) => Pattern::Consecutive,
        _ => Pattern::Other,
    };
    match base {
        Base::Wide => {
            let base = warp.registers.wide(operands.a);
            let first = base[0].wrapping_add(operands.immediate as u64);
            match warp.registers.step_of(Class::Wide, operands.a) {
                Some(step) => (first, of_step(step)),
                None => (first, pattern!(base, u64::from(size), u64)),
            }
        }
        Base::Narrow => {
            let base = warp.registers.narrow(operands.a);
            let first = base[0].wrapping_add(operands.immediate as u32);
            let pattern = match warp.registers.step_of(Class::Narrow, operands.a) {
                Some(step) => of_step(step),
                None => pattern!(base, u32::from(size), u32),
            };
            (first.into(), pattern)
        }
        Base::Frame => (0, Pattern::Other),
    }
}

/// How many 32-byte sectors the lanes of a mask touch, each with `size` bytes.
pub(crate) fn sectors(addresses: &WideLanes, mask: u32, size: u64) -> u64 {
    sectors_here(addresses, mask, size)
}

/// The same, to be compiled for wide vectors where the caller is.
#[inline(always)]
fn sectors_here(addresses: &WideLanes, mask: u32, size: u64) -> u64 {
    if mask == ALL && size.is_power_of_two() {
        // As a rule nothing is misaligned and the lanes follow each other: each then touches one, and new ones are counted.
        let (mut astray, mut falls, mut count) = (0, 0, 1);
        for lane in 1..WARP {
            let (last, this) = (addresses[lane - 1] / 32, addresses[lane] / 32);
            falls |= u64::from(this < last);
            count += u64::from(this != last);
        }
        for address in addresses {
            astray |= address & (size - 1);
        }
        if astray == 0 && falls == 0 {
            return count;
        }
    }
    let mut all = [0; 2 * WARP];
    let mut count = 0;
    for lane in lanes_of(mask) {
        let (first, last) = (
            addresses[lane] / 32,
            addresses[lane].wrapping_add(size - 1) / 32,
        );
        for sector in [first, last] {
            if count == 0 || all[count - 1] != sector {
                all[count] = sector;
                count += 1;
            }
        }
    }
    let all = &mut all[..count];
    all.sort_unstable();
    1 + all.windows(2).filter(|pair| pair[0] != pair[1]).count() as u64
}

/// The passes through shared memory's 32 banks that the lanes of a mask need, and how many of them are due to conflicts.
///
/// Lanes go together as long as they ask for 128 bytes at most: all 32 with up to 4 bytes each, 16 with 8, 8 with 16. Of
/// each such group, a bank serves one 4-byte word a pass; the same word counts once.
pub(crate) fn wavefronts(addresses: &WideLanes, mask: u32, size: u64) -> (u64, u64) {
    wavefronts_here(addresses, mask, size)
}

/// The same, to be compiled for wide vectors where the caller is.
#[inline(always)]
fn wavefronts_here(addresses: &WideLanes, mask: u32, size: u64) -> (u64, u64) {
    let group = match size {
        0..=4 => 32,
        8 => 16,
        _ => 8,
    };
    // Where nothing is misaligned, what a lane asks for is one unit, and units have banks as words have.
    let words = size.div_ceil(4);
    let is_aligned =
        lanes_of(mask).fold(0, |bits, lane| bits | addresses[lane]) & (4 * words - 1) == 0;
    let (unit, units) = if is_aligned || words == 1 {
        (4 * words, 1)
    } else {
        (4, words)
    };
    let (banks, shift) = (128 / unit, unit.trailing_zeros());
    let (mut passes, mut groups) = (0, 0);
    for start in (0..WARP).step_by(group) {
        let members = mask >> start & (ALL >> (32 - group));
        if members == 0 {
            continue;
        }
        groups += 1;
        if units == 1 {
            let asked = lanes_of(members).fold(0_u32, |asked, lane| {
                asked | 1 << (addresses[start + lane] >> shift & (banks - 1))
            });
            if asked.count_ones() == members.count_ones() {
                passes += 1; // no two lanes need the same bank
                continue;
            }
            if let (8, Some(eight)) = (group, addresses[start..].first_chunk()) {
                passes += passes_of_eight(eight, members, shift);
                continue;
            }
        }
        // The units that each bank was asked for, in chains that begin at the bank.
        let (mut heads, mut counts) = ([0_u8; 32], [0_u8; 32]);
        let mut asked = [(0_u32, 0_u8); 33];
        let (mut known, mut most) = (0, 1);
        for lane in lanes_of(members) {
            for offset in 0..units {
                let place = ((addresses[start + lane] >> shift) + offset) as u32;
                let bank = place as usize & (banks as usize - 1);
                let mut link = heads[bank];
                while link != 0 && asked[usize::from(link)].0 != place {
                    link = asked[usize::from(link)].1;
                }
                if link == 0 {
                    known += 1;
                    asked[known] = (place, heads[bank]);
                    heads[bank] = known as u8;
                    counts[bank] += 1;
                    most = most.max(counts[bank]);
                }
            }
        }
        passes += u64::from(most);
    }
    (passes, passes - groups)
}

/// The passes that eight lanes need, each for a unit of so many bits: as many as there are different units in a bank of that
/// width.
#[inline(always)]
fn passes_of_eight(addresses: &[u64; 8], members: u32, shift: u32) -> u64 {
    let mut counts = 0_u64; // a byte a bank
    for lane in 0..8 {
        let place = (addresses[lane] >> shift) as u32;
        // Of those that ask for the same the first counts.
        let mut same = 0;
        for other in 0..8 {
            same |= u32::from((addresses[other] >> shift) as u32 == place) << other;
        }
        let is_first = members >> lane & 1 != 0 && same & members & ((1 << lane) - 1) == 0;
        counts += u64::from(is_first) << (8 * (place % 8));
    }
    counts.to_le_bytes().into_iter().fold(0, u8::max).into()
}

/// The bits of the bytes that an access of up to four bytes covers in its word.
#[inline(always)]
fn bytes_of_word(address: u64, size: u64) -> u8 {
    (((1_u32 << size.min(4)) - 1) << (address & 3)) as u8
}

impl<'l, const WATCH: bool> Worker<'l, WATCH> {
    /// What is wrong with an access.
    #[cold]
    #[allow(clippy::too_many_arguments)] // an access has this many sides
    pub(super) fn miss(
        &self,
        miss: Miss,
        way: Way,
        space: Space,
        lane: usize,
        at: u64,
        size: u64,
        room: &Room,
    ) -> Box<Trouble> {
        let kind = match miss {
            Miss::OutOfBounds => FaultKind::OutOfBounds,
            Miss::Misaligned => FaultKind::Misaligned,
            Miss::Freed => FaultKind::UseAfterFree,
            Miss::ReadOnly => FaultKind::ReadOnly,
        };
        let word = way.word();
        let place = match space {
            Space::Shared => format!("shared memory of {} bytes", room.shared.len()),
            Space::Local => "local memory".to_owned(),
            Space::Constant => "constant memory".to_owned(),
            Space::Parameter => "parameters".to_owned(),
            Space::Generic | Space::Global => match self.memory.owner(at) {
                Some((buffer, byte)) => {
                    format!("{} of {} bytes, at byte {byte}", buffer.name, buffer.bytes)
                }
                None => "no allocation".to_owned(),
            },
        };
        let detail = match miss {
            Miss::OutOfBounds if space == Space::Shared => {
                format!("{word} of {size} bytes at byte {at} is outside of {place}")
            }
            Miss::OutOfBounds => format!("{word} of {size} bytes at {at:#x} is outside of {place}"),
            Miss::Misaligned => {
                format!("{word} of {size} bytes at {at:#x} is not aligned ({place})")
            }
            Miss::Freed => format!("{word} of {size} bytes at {at:#x} after {place} was freed"),
            Miss::ReadOnly => format!("{word} of {size} bytes to {place}, which may only be read"),
        };
        let mut trouble = Trouble::at_lane(kind, lane, detail);
        trouble.access = Some((at, size as u32));
        trouble
    }

    /// A race, or a read of what nobody wrote.
    #[cold]
    #[allow(clippy::too_many_arguments)] // an access has this many sides
    fn found(
        &self,
        kind: FaultKind,
        way: Way,
        space: Space,
        lane: usize,
        at: u64,
        size: u64,
        rival: Option<Rival>,
    ) -> Box<Trouble> {
        let place = match space {
            Space::Shared => format!("byte {at} of shared memory"),
            Space::Local => format!("byte {at} of local memory"),
            _ => match self.memory.owner(at) {
                Some((buffer, byte)) => format!("byte {byte} of {}", buffer.name),
                None => format!("{at:#x}"),
            },
        };
        let word = way.word();
        let detail = match kind {
            FaultKind::Uninitialised => format!("{word} of {place}, which nobody wrote"),
            FaultKind::PendingCopy => format!("{word} of {place}, to which a copy is under way"),
            _ => format!("race: {word} of {place}"),
        };
        let mut trouble = Trouble::at_lane(kind, lane, detail);
        trouble.access = Some((at, size as u32));
        trouble.rival = rival;
        trouble
    }

    /// Looks at an access to shared memory by all lanes of a warp, side by side; whether that was all there is to look at.
    #[inline(always)]
    fn watch_row(&self, room: &mut Room, warp: u32, at: u64, is_write: bool) -> bool {
        let is_pending = !room.pending.is_empty();
        let watch = room.watch.as_mut().filter(|_| !is_pending);
        let who = SharedWho {
            warp,
            lane: 0,
            pc: self.pc,
        };
        watch.is_some_and(|watch| watch.access_words(at, WARP, who, 1, is_write))
    }

    /// Looks at an access to some words of shared memory by one lane; whether that was all there is to look at.
    #[inline(always)]
    pub(super) fn watch_words_of_lane(
        &self,
        room: &mut Room,
        who: SharedWho,
        at: u64,
        words: usize,
        is_write: bool,
    ) -> bool {
        let is_pending = !room.pending.is_empty();
        let watch = room.watch.as_mut().filter(|_| !is_pending);
        watch.is_some_and(|watch| watch.access_words(at, words, who, 0, is_write))
    }

    /// Looks at an access to global memory by all lanes of a warp, side by side; whether that was all there is to look at.
    #[inline(always)]
    fn watch_global_row(&mut self, room: &Room, warp: u32, at: u64, is_write: bool) -> bool {
        let (index, byte) = address::buffer_at(at);
        let buffer = &self.memory.buffers[index];
        let who = GlobalWho {
            block: room.number,
            thread: warp * 32,
            pc: self.pc,
        };
        if let Some(written) = &buffer.written {
            if is_write {
                written.add_range(byte, byte + 128);
            } else if written.first_missing(byte, byte + 128).is_some() {
                return false;
            }
        }
        self.watch
            .access_row((index, buffer.bytes), byte, who, is_write)
    }

    /// Looks at an access to shared memory.
    #[inline(always)]
    pub(super) fn watch_shared(
        &mut self,
        room: &mut Room,
        warp: u32,
        lane: usize,
        at: u64,
        size: u64,
        deed: Deed,
    ) -> Outcome {
        if !WATCH {
            return Ok(());
        }
        let pc = self.pc;
        if !room.pending.is_empty()
            && let Some(_copy) = room
                .pending
                .iter()
                .find(|(start, end, _)| *start < at + size && at < *end)
        {
            let way = if deed == Deed::Read {
                Way::Load
            } else {
                Way::Store
            };
            return Err(self.found(
                FaultKind::PendingCopy,
                way,
                Space::Shared,
                lane,
                at,
                size,
                None,
            ));
        }
        let Some(watch) = &mut room.watch else {
            return Ok(());
        };
        let mut byte = at;
        while byte < at + size {
            let bytes = bytes_of_word(byte, size);
            if deed == Deed::Read && !watch.is_written(byte, bytes) {
                return Err(self.found(
                    FaultKind::Uninitialised,
                    Way::Load,
                    Space::Shared,
                    lane,
                    byte,
                    size,
                    None,
                ));
            }
            if let Err(rival) = watch.access(byte, bytes, SharedWho { warp, lane, pc }, deed) {
                let way = match deed {
                    Deed::Read => Way::Load,
                    Deed::Strong => Way::Atomic,
                    _ => Way::Store,
                };
                return Err(self.found(
                    FaultKind::SharedRace,
                    way,
                    Space::Shared,
                    lane,
                    byte,
                    size,
                    Some(rival),
                ));
            }
            byte += 4;
        }
        Ok(())
    }

    /// Looks at an access to global memory.
    #[inline(always)]
    pub(super) fn watch_global(
        &mut self,
        room: &Room,
        warp: u32,
        lane: usize,
        at: u64,
        size: u64,
        deed: Deed,
    ) -> Outcome {
        if !WATCH {
            return Ok(());
        }
        let (index, byte) = address::buffer_at(at);
        let buffer = &self.memory.buffers[index];
        let who = GlobalWho {
            block: room.number,
            thread: warp * 32 + lane as u32,
            pc: self.pc,
        };
        if deed == Deed::Read {
            if let Some(written) = &buffer.written
                && let Some(missing) = written.first_missing(byte, byte + size)
            {
                let at = at - byte + missing;
                return Err(self.found(
                    FaultKind::Uninitialised,
                    Way::Load,
                    Space::Global,
                    lane,
                    at,
                    size,
                    None,
                ));
            }
        } else if let Some(written) = &buffer.written {
            written.add_range(byte, byte + size);
        }
        if let Err(rival) = self
            .watch
            .access((index, buffer.bytes), byte, size, who, deed)
        {
            let way = match deed {
                Deed::Read => Way::Load,
                Deed::Strong => Way::Atomic,
                _ => Way::Store,
            };
            let kind = FaultKind::GlobalRace;
            return Err(self.found(kind, way, Space::Global, lane, at, size, Some(rival)));
        }
        Ok(())
    }

    /// A plain 32-bit load from shared memory.
    #[inline(always)]
    pub(super) fn load_shared(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        step: &Step,
        base: Base,
        mask: u32,
    ) -> Outcome {
        let operands = &step.operands;
        let (at, pattern) = pattern(warp, operands, base, mask, 4);
        let length = room.shared.len() as u64;
        if at % 4 == 0 {
            match pattern {
                Pattern::Uniform if at < length && length - at >= 4 => {
                    self.pass_shared(1, 0);
                    // All lanes are of one warp and read one word: to the watch they are one.
                    self.watch_shared(room, warp.id, 0, at, 4, Deed::Read)?;
                    let value = word_at(&room.shared, at);
                    warp.registers.overwrite(step.writes);
                    warp.registers.set_narrow(operands.d, ALL, &[value; WARP]);
                    warp.registers.note_level(step.writes);
                    return Ok(());
                }
                Pattern::Consecutive if at < length && length - at >= 128 => {
                    self.pass_shared(1, 0);
                    if WATCH && !self.watch_row(room, warp.id, at, false) {
                        for lane in 0..WARP {
                            let at = at + 4 * lane as u64;
                            self.watch_shared(room, warp.id, lane, at, 4, Deed::Read)?;
                        }
                    }
                    warp.registers.overwrite(step.writes);
                    *warp.registers.narrow_mut(operands.d) = row_at(&room.shared, at);
                    return Ok(());
                }
                _ => {}
            }
        }
        warp.registers.prepare(step.reads, step.writes, mask == ALL);
        let addresses = addresses(warp, operands, base);
        self.check_shared(&addresses, mask, 4, 4, Way::Load, room)?;
        let (passes, conflicts) = wavefronts(&addresses, mask, 4);
        self.pass_shared(passes, conflicts);
        if WATCH {
            for lane in lanes_of(mask) {
                self.watch_shared(room, warp.id, lane, addresses[lane], 4, Deed::Read)?;
            }
        }
        let values = warp.registers.narrow_mut(operands.d);
        for lane in lanes_of(mask) {
            values[lane] = word_at(&room.shared, addresses[lane]);
        }
        Ok(())
    }

    /// A plain 32-bit store to shared memory.
    #[inline(always)]
    pub(super) fn store_shared(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        step: &Step,
        base: Base,
        mask: u32,
    ) -> Outcome {
        let operands = &step.operands;
        let (at, pattern) = pattern(warp, operands, base, mask, 4);
        let length = room.shared.len() as u64;
        if at % 4 == 0 && pattern == Pattern::Consecutive && at < length && length - at >= 128 {
            self.pass_shared(1, 0);
            warp.registers.settle_one(Class::Narrow, operands.b);
            let values = *warp.registers.narrow(operands.b);
            if WATCH && !self.watch_row(room, warp.id, at, true) {
                for lane in 0..WARP {
                    let at = at + 4 * lane as u64;
                    let deed = write_deed(word_at(&room.shared, at) == values[lane], false);
                    self.watch_shared(room, warp.id, lane, at, 4, deed)?;
                }
            }
            let bytes = &mut room.shared[at as usize..at as usize + 128];
            for (value, bytes) in values.iter().zip(bytes.as_chunks_mut::<4>().0) {
                *bytes = value.to_le_bytes();
            }
            return Ok(());
        }
        warp.registers.prepare(step.reads, step.writes, mask == ALL);
        let addresses = addresses(warp, operands, base);
        self.check_shared(&addresses, mask, 4, 4, Way::Store, room)?;
        let (passes, conflicts) = wavefronts(&addresses, mask, 4);
        self.pass_shared(passes, conflicts);
        let values = *warp.registers.narrow(operands.b);
        for lane in lanes_of(mask) {
            let at = addresses[lane];
            if WATCH {
                let deed = write_deed(word_at(&room.shared, at) == values[lane], false);
                self.watch_shared(room, warp.id, lane, at, 4, deed)?;
            }
            room.shared[at as usize..at as usize + 4].copy_from_slice(&values[lane].to_le_bytes());
        }
        Ok(())
    }

    #[inline(always)]
    pub(super) fn check_shared(
        &self,
        addresses: &WideLanes,
        mask: u32,
        size: u64,
        alignment: u64,
        way: Way,
        room: &Room,
    ) -> Outcome {
        let length = room.shared.len() as u64;
        let lanes = WARP - mask.leading_zeros() as usize;
        if lanes > 0 && mask == ALL >> (WARP - lanes) && size <= length {
            let is_bad = |at: u64| u64::from(at > length - size) | at & (alignment - 1);
            let bad = addresses[..lanes].iter();
            if bad.fold(0, |bad, at| bad | is_bad(*at)) == 0 {
                return Ok(());
            }
        }
        for lane in lanes_of(mask) {
            let at = addresses[lane];
            let miss = if at >= length || length - at < size {
                Miss::OutOfBounds
            } else if at & (alignment - 1) != 0 {
                Miss::Misaligned
            } else {
                continue;
            };
            return Err(self.miss(miss, way, Space::Shared, lane, at, size, room));
        }
        Ok(())
    }

    /// A plain 32-bit load from global memory.
    #[inline(always)]
    pub(super) fn load_global(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        step: &Step,
        mask: u32,
    ) -> Outcome {
        let operands = &step.operands;
        let (at, pattern) = pattern(warp, operands, Base::Wide, mask, 4);
        let memory = self.memory;
        if pattern == Pattern::Consecutive
            && let Ok((buffer, byte)) = memory.find(at, 128, 4, false)
        {
            self.pass_sectors((byte + 127) / 32 - byte / 32 + 1);
            buffer.touched.add_range(byte / 32, (byte + 127) / 32 + 1);
            if WATCH && !self.watch_global_row(room, warp.id, at, false) {
                for lane in 0..WARP {
                    let at = at + 4 * lane as u64;
                    self.watch_global(room, warp.id, lane, at, 4, Deed::Read)?;
                }
            }
            let words = &buffer.words()[(byte / 4) as usize..][..WARP];
            warp.registers.overwrite(step.writes);
            let values = warp.registers.narrow_mut(operands.d);
            for (value, word) in values.iter_mut().zip(words) {
                *value = word.load(Relaxed);
            }
            return Ok(());
        }
        warp.registers.prepare(step.reads, step.writes, mask == ALL);
        let addresses = addresses(warp, operands, Base::Wide);
        self.pass_sectors(sectors(&addresses, mask, 4));
        let mut values = *warp.registers.narrow(operands.d);
        for lane in lanes_of(mask) {
            match memory.find(addresses[lane], 4, 4, false) {
                Ok((buffer, byte)) => {
                    buffer.touched.add(byte / 32);
                    if WATCH {
                        self.watch_global(room, warp.id, lane, addresses[lane], 4, Deed::Read)?;
                    }
                    values[lane] = buffer.load(byte, 4) as u32;
                }
                Err(miss) => {
                    return Err(self.miss(
                        miss,
                        Way::Load,
                        Space::Global,
                        lane,
                        addresses[lane],
                        4,
                        room,
                    ));
                }
            }
        }
        *warp.registers.narrow_mut(operands.d) = values;
        Ok(())
    }

    /// A plain 32-bit store to global memory.
    #[inline(always)]
    pub(super) fn store_global(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        step: &Step,
        mask: u32,
    ) -> Outcome {
        let operands = &step.operands;
        let (at, pattern) = pattern(warp, operands, Base::Wide, mask, 4);
        let memory = self.memory;
        if pattern == Pattern::Consecutive
            && let Ok((buffer, byte)) = memory.find(at, 128, 4, true)
            && (!WATCH || self.watch_global_row(room, warp.id, at, true))
        {
            self.pass_sectors((byte + 127) / 32 - byte / 32 + 1);
            buffer.touched.add_range(byte / 32, (byte + 127) / 32 + 1);
            let words = &buffer.words()[(byte / 4) as usize..][..WARP];
            warp.registers.settle_one(Class::Narrow, operands.b);
            for (value, word) in warp.registers.narrow(operands.b).iter().zip(words) {
                word.store(*value, Relaxed);
            }
            return Ok(());
        }
        warp.registers.prepare(step.reads, step.writes, mask == ALL);
        let addresses = addresses(warp, operands, Base::Wide);
        self.pass_sectors(sectors(&addresses, mask, 4));
        let values = *warp.registers.narrow(operands.b);
        for lane in lanes_of(mask) {
            match memory.find(addresses[lane], 4, 4, true) {
                Ok((buffer, byte)) => {
                    buffer.touched.add(byte / 32);
                    if WATCH {
                        let deed = write_deed(buffer.load(byte, 4) as u32 == values[lane], false);
                        self.watch_global(room, warp.id, lane, addresses[lane], 4, deed)?;
                    }
                    buffer.store(byte, 4, values[lane].into());
                }
                Err(miss) => {
                    return Err(self.miss(
                        miss,
                        Way::Store,
                        Space::Global,
                        lane,
                        addresses[lane],
                        4,
                        room,
                    ));
                }
            }
        }
        Ok(())
    }

    #[inline(always)]
    pub(super) fn pass_shared(&mut self, passes: u64, conflicts: u64) {
        let traffic = self.traffic();
        traffic.requests += 1;
        traffic.wavefronts += passes;
        traffic.conflicts += conflicts;
    }

    #[inline(always)]
    pub(super) fn pass_sectors(&mut self, sectors: u64) {
        let traffic = self.traffic();
        traffic.requests += 1;
        traffic.sectors += sectors;
    }

    #[inline(always)]
    fn traffic(&mut self) -> &mut Traffic {
        &mut self.tally.traffic[self.pc as usize]
    }

    /// Any load or store: of any space, width and count.
    #[inline(always)]
    pub(super) fn access(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        operands: &Operands,
        access: Access,
        mask: u32,
        way: Way,
    ) -> Outcome {
        let mut addresses = addresses(warp, operands, access.base);
        let width = u64::from(access.size) * u64::from(access.count);
        // Lanes may mean different spaces; each space is an access of its own.
        let mut rest = mask;
        while rest != 0 {
            let first = rest.trailing_zeros() as usize;
            let (space, now) = match access.space {
                Space::Generic => {
                    let (space, _) = address::resolve(addresses[first]);
                    let same =
                        lanes_of(rest).filter(|&lane| address::resolve(addresses[lane]).0 == space);
                    (space, same.fold(0, |mask, lane| mask | 1 << lane))
                }
                space => (space, rest),
            };
            rest &= !now;
            if access.space == Space::Generic && space != Space::Global {
                for lane in lanes_of(now) {
                    addresses[lane] = address::resolve(addresses[lane]).1;
                }
            }
            if way == Way::Load && matches!(space, Space::Parameter | Space::Constant) {
                let same = lanes_of(now).filter(|&lane| addresses[lane] == addresses[first]);
                let same = same.fold(0, |mask, lane| mask | 1 << lane);
                self.load_for_all(warp, room, operands, access, space, addresses[first], same)?;
                rest |= now & !same;
                continue;
            }
            if access.is_counted {
                match space {
                    Space::Shared => {
                        let (passes, conflicts) = wavefronts_here(&addresses, now, width);
                        self.pass_shared(passes, conflicts);
                    }
                    Space::Local => self.pass_sectors(local_sectors(&addresses, now, width)),
                    Space::Global => self.pass_sectors(sectors_here(&addresses, now, width)),
                    _ => {}
                }
            }
            let is_words =
                access.size == 4 && access.class == Class::Narrow && !access.order.is_strong;
            if is_words && matches!(space, Space::Shared | Space::Global) {
                if WATCH {
                    self.watch_words(warp, room, operands, access, space, &addresses, now, way)?;
                }
                match access.count {
                    1 => self.move_words::<1>(warp, room, operands, space, &addresses, now, way)?,
                    2 => self.move_words::<2>(warp, room, operands, space, &addresses, now, way)?,
                    _ => self.move_words::<4>(warp, room, operands, space, &addresses, now, way)?,
                }
                continue;
            }
            self.order(warp.id, room, space, &addresses, now, access.order, true);
            for lane in lanes_of(now) {
                self.access_lane(
                    warp,
                    room,
                    operands,
                    access,
                    space,
                    lane,
                    addresses[lane],
                    way,
                )?;
            }
            self.order(warp.id, room, space, &addresses, now, access.order, false);
        }
        Ok(())
    }

    /// Looks at plain loads or stores of one word or several in shared or global memory, before they happen.
    #[inline(always)]
    fn watch_words(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        operands: &Operands,
        access: Access,
        space: Space,
        addresses: &WideLanes,
        mask: u32,
        way: Way,
    ) -> Outcome {
        let count = usize::from(access.count);
        let width = 4 * count as u64;
        let program = self.program;
        let single = [operands.b];
        let slots = match count {
            1 => &single[..],
            _ => &program.lists[operands.e as usize..][..count],
        };
        for lane in lanes_of(mask) {
            let at = addresses[lane];
            self.check(room, warp, space, way, lane, at, width)?;
            // As a whole first, and word by word where anything is wrong.
            let who = SharedWho {
                warp: warp.id,
                lane,
                pc: self.pc,
            };
            let is_write = way != Way::Load;
            let is_fine = match space {
                Space::Shared => self.watch_words_of_lane(room, who, at, count, is_write),
                _ if is_write => false,
                _ => self
                    .watch_global(room, warp.id, lane, at, width, Deed::Read)
                    .is_ok(),
            };
            if is_fine {
                continue;
            }
            for (word, slot) in slots.iter().enumerate() {
                let at = at + 4 * word as u64;
                let deed = if way == Way::Load {
                    Deed::Read
                } else {
                    let old = self.peek(room, warp, space, lane, at, 4);
                    write_deed(old == warp.registers.narrow(*slot)[lane].into(), false)
                };
                match space {
                    Space::Shared => self.watch_shared(room, warp.id, lane, at, 4, deed)?,
                    _ => self.watch_global(room, warp.id, lane, at, 4, deed)?,
                }
            }
        }
        Ok(())
    }

    /// Loads or stores of one word or several in shared or global memory.
    #[inline(always)]
    fn move_words<const COUNT: usize>(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        operands: &Operands,
        space: Space,
        addresses: &WideLanes,
        mask: u32,
        way: Way,
    ) -> Outcome {
        let width = 4 * COUNT as u64;
        let program = self.program;
        let single = [if way == Way::Load {
            operands.d
        } else {
            operands.b
        }];
        let slots = match COUNT {
            1 => &single[..],
            _ => &program.lists[operands.e as usize..][..COUNT],
        };
        let memory = self.memory;
        let mut rows = [[0_u32; COUNT]; WARP];
        if way != Way::Load {
            for (word, slot) in slots.iter().enumerate() {
                let values = warp.registers.narrow(*slot);
                for lane in 0..WARP {
                    rows[lane][word] = values[lane];
                }
            }
        }
        if space == Space::Shared {
            self.check_shared(addresses, mask, width, width, way, room)?;
            for lane in lanes_of(mask) {
                let at = addresses[lane] as usize;
                let bytes = room.shared[at..at + width as usize].as_chunks_mut::<4>().0;
                for (bytes, word) in bytes.iter_mut().zip(&mut rows[lane]) {
                    match way {
                        Way::Load => *word = u32::from_le_bytes(*bytes),
                        _ => *bytes = word.to_le_bytes(),
                    }
                }
            }
        } else if let Some(buffer) = self.common_buffer(addresses, mask, width, way) {
            let mut last = u64::MAX;
            for lane in 0..WARP {
                let (_, byte) = address::buffer_at(addresses[lane]);
                if byte / 32 != last {
                    last = byte / 32; // aligned as it is, it lies in one sector
                    buffer.touched.add(last);
                }
                let words = &buffer.words()[(byte / 4) as usize..][..COUNT];
                for (place, word) in words.iter().zip(&mut rows[lane]) {
                    match way {
                        Way::Load => *word = place.load(Relaxed),
                        _ => place.store(*word, Relaxed),
                    }
                }
            }
        } else {
            for lane in lanes_of(mask) {
                let at = addresses[lane];
                let (buffer, byte) = match memory.find(at, width, width, way != Way::Load) {
                    Ok(found) => found,
                    Err(miss) => return Err(self.miss(miss, way, space, lane, at, width, room)),
                };
                buffer.touched.add(byte / 32); // aligned as it is, it lies in one sector
                let words = &buffer.words()[(byte / 4) as usize..][..COUNT];
                for (place, word) in words.iter().zip(&mut rows[lane]) {
                    match way {
                        Way::Load => *word = place.load(Relaxed),
                        _ => place.store(*word, Relaxed),
                    }
                }
            }
        }
        if way == Way::Load {
            for (word, slot) in slots
                .iter()
                .enumerate()
                .filter(|(_, slot)| **slot != u32::MAX)
            {
                let mut values = [0; WARP];
                for lane in 0..WARP {
                    values[lane] = rows[lane][word];
                }
                warp.registers.set_narrow(*slot, mask, &values);
            }
        }
        Ok(())
    }

    /// The buffer that all lanes access, if nothing is wrong with any of these accesses.
    #[inline(always)]
    fn common_buffer(
        &self,
        addresses: &WideLanes,
        mask: u32,
        size: u64,
        way: Way,
    ) -> Option<&'l Buffer> {
        let (mut least, mut most, mut bits) = (u64::MAX, 0, 0);
        for &at in addresses {
            least = least.min(at);
            most = most.max(at);
            bits |= at;
        }
        let is_together = least >> address::BUFFER_BITS == most >> address::BUFFER_BITS;
        if mask != ALL || !is_together || bits & (size - 1) != 0 {
            return None;
        }
        let is_write = way != Way::Load;
        let (buffer, _) = self.memory.find(most, size, size, is_write).ok()?;
        Some(buffer)
    }

    /// A load of what cannot change, by lanes that want the same.
    fn load_for_all(
        &mut self,
        warp: &mut Warp,
        room: &Room,
        operands: &Operands,
        access: Access,
        space: Space,
        at: u64,
        mask: u32,
    ) -> Outcome {
        let (size, count) = (usize::from(access.size), usize::from(access.count));
        let lane = mask.trailing_zeros() as usize;
        self.check(
            room,
            warp,
            space,
            Way::Load,
            lane,
            at,
            (size * count) as u64,
        )?;
        let program = self.program;
        for element in 0..count {
            let slot = match count {
                1 => operands.d,
                _ => program.lists[operands.e as usize + element],
            };
            let bits = self.peek(room, warp, space, lane, at + (element * size) as u64, size);
            let bits = extended(access, bits);
            match access.class {
                _ if slot == u32::MAX => {}
                Class::Narrow => warp.registers.set_narrow(slot, mask, &[bits as u32; WARP]),
                _ => warp.registers.set_wide(slot, mask, &[bits; WARP]),
            }
            if mask == ALL && slot != u32::MAX {
                warp.registers
                    .note_level(super::lines::set_of(access.class, slot));
            }
        }
        Ok(())
    }

    /// What an ordered access makes known: before it happens what it releases, and then what it learns.
    #[allow(clippy::too_many_arguments)] // an access has this many sides
    pub(super) fn order(
        &mut self,
        warp: u32,
        room: &mut Room,
        space: Space,
        addresses: &WideLanes,
        mask: u32,
        order: Order,
        is_before: bool,
    ) {
        if !order.is_strong {
            return;
        }
        if is_before {
            self.polls += 1;
        }
        if !WATCH {
            return;
        }
        if is_before && order.releases {
            self.fence(warp, room);
        }
        for lane in lanes_of(mask) {
            match space {
                Space::Shared => {
                    if let Some(watch) = &mut room.watch {
                        watch.touch_atomically(warp, addresses[lane] & !3);
                    }
                }
                Space::Global => self
                    .watch
                    .touch_atomically(room.number, addresses[lane] & !3),
                _ => {}
            }
        }
    }

    /// Everything that a warp's block did so far is visible to whom it tells so.
    pub(super) fn fence(&mut self, warp: u32, room: &mut Room) {
        if WATCH {
            if let Some(watch) = &mut room.watch {
                watch.fence(warp);
            }
            self.watch.fence(room.number);
        }
    }

    fn access_lane(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        operands: &Operands,
        access: Access,
        space: Space,
        lane: usize,
        at: u64,
        way: Way,
    ) -> Outcome {
        let (size, count) = (usize::from(access.size), usize::from(access.count));
        let width = (size * count) as u64;
        self.check(room, warp, space, way, lane, at, width)?;
        let program = self.program;
        for element in 0..count {
            let slot = match count {
                1 => match way {
                    Way::Load => operands.d,
                    _ => operands.b,
                },
                _ => program.lists[operands.e as usize + element],
            };
            let at = at + (element * size) as u64;
            if way == Way::Load {
                self.watch_any(
                    room,
                    warp,
                    space,
                    lane,
                    at,
                    size as u64,
                    Deed::Read,
                    access.order,
                )?;
                let bits = self.peek(room, warp, space, lane, at, size);
                let bits = extended(access, bits);
                if slot != u32::MAX {
                    warp.registers.set_bits(access.class, slot, lane, bits);
                }
            } else {
                let bits = warp.registers.bits(access.class, slot, lane);
                let bits = if size == 8 {
                    bits
                } else {
                    bits & ((1 << (8 * size)) - 1)
                };
                let is_strong = access.order.is_strong;
                let is_same =
                    (WATCH || is_strong) && self.peek(room, warp, space, lane, at, size) == bits;
                self.progress += u64::from(is_strong && !is_same);
                let deed = write_deed(is_same, false);
                self.watch_any(room, warp, space, lane, at, size as u64, deed, access.order)?;
                self.poke(room, warp, space, lane, at, size, bits);
            }
        }
        Ok(())
    }

    /// Whether an access may happen.
    pub(super) fn check(
        &mut self,
        room: &Room,
        warp: &mut Warp,
        space: Space,
        way: Way,
        lane: usize,
        at: u64,
        size: u64,
    ) -> Outcome {
        let is_write = way != Way::Load;
        let limit = match space {
            Space::Generic | Space::Global => {
                return match self.memory.find(at, size, size.max(1), is_write) {
                    Ok((buffer, byte)) => {
                        buffer.touched.add(byte / 32);
                        if size > 1 {
                            buffer.touched.add((byte + size - 1) / 32);
                        }
                        Ok(())
                    }
                    Err(miss) => Err(self.miss(miss, way, Space::Global, lane, at, size, room)),
                };
            }
            Space::Shared => room.shared.len() as u64,
            Space::Local => (warp.local.len() * 4) as u64,
            Space::Constant => self.launch.constants.len() as u64,
            Space::Parameter => self.launch.parameters.len() as u64,
        };
        let miss = if at >= limit || limit - at < size {
            Miss::OutOfBounds
        } else if at & (size - 1) != 0 {
            Miss::Misaligned
        } else if is_write && matches!(space, Space::Constant | Space::Parameter) {
            Miss::ReadOnly
        } else {
            return Ok(());
        };
        Err(self.miss(miss, way, space, lane, at, size, room))
    }

    /// Looks at an access to any space.
    pub(super) fn watch_any(
        &mut self,
        room: &mut Room,
        warp: &mut Warp,
        space: Space,
        lane: usize,
        at: u64,
        size: u64,
        deed: Deed,
        order: Order,
    ) -> Outcome {
        if !WATCH {
            return Ok(());
        }
        let is_read = deed == Deed::Read;
        match space {
            Space::Shared => {
                if order.is_strong {
                    if is_read {
                        let bytes = bytes_of_word(at, size);
                        let is_written = room
                            .watch
                            .as_ref()
                            .is_none_or(|watch| watch.is_written(at, bytes));
                        if !is_written {
                            return Err(self.found(
                                FaultKind::Uninitialised,
                                Way::Load,
                                space,
                                lane,
                                at,
                                size,
                                None,
                            ));
                        }
                        return Ok(()); // what others write at the same time is what such a read is for
                    }
                    return self.watch_shared(room, warp.id, lane, at, size, Deed::Strong);
                }
                self.watch_shared(room, warp.id, lane, at, size, deed)
            }
            Space::Global | Space::Generic => {
                if order.is_strong && is_read {
                    return Ok(()); // as in shared memory
                }
                let deed = if order.is_strong { Deed::Strong } else { deed };
                self.watch_global(room, warp.id, lane, at, size, deed)
            }
            Space::Local => {
                let word = (at / 4) as usize;
                if warp.local_written.len() <= word + 1 {
                    warp.local_written.resize(word + 2, [0; 4]);
                }
                for byte in at..at + size {
                    let lanes = &mut warp.local_written[(byte / 4) as usize][(byte % 4) as usize];
                    if is_read && *lanes >> lane & 1 == 0 {
                        return Err(self.found(
                            FaultKind::Uninitialised,
                            Way::Load,
                            space,
                            lane,
                            at,
                            size,
                            None,
                        ));
                    }
                    if !is_read {
                        *lanes |= 1 << lane;
                    }
                }
                Ok(())
            }
            Space::Constant | Space::Parameter => Ok(()),
        }
    }

    /// Whether what an atomic instruction reads was ever written.
    pub(super) fn watch_written(
        &self,
        room: &Room,
        _warp: &Warp,
        space: Space,
        lane: usize,
        at: u64,
        size: u64,
    ) -> Outcome {
        let is_written = match space {
            Space::Shared => room.watch.as_ref().is_none_or(|watch| {
                (at..at + size)
                    .step_by(4)
                    .all(|word| watch.is_written(word, bytes_of_word(word, size)))
            }),
            Space::Global => {
                let (index, byte) = address::buffer_at(at);
                let written = self.memory.buffers[index].written.as_ref();
                written.is_none_or(|written| written.first_missing(byte, byte + size).is_none())
            }
            _ => true,
        };
        if is_written {
            return Ok(());
        }
        Err(self.found(
            FaultKind::Uninitialised,
            Way::Atomic,
            space,
            lane,
            at,
            size,
            None,
        ))
    }

    /// Up to eight bytes of any space, at a place that was checked.
    #[inline]
    pub(super) fn peek(
        &self,
        room: &Room,
        warp: &Warp,
        space: Space,
        lane: usize,
        at: u64,
        size: usize,
    ) -> u64 {
        let of_bytes = |bytes: &[u8]| {
            let mut value = [0; 8];
            value[..size].copy_from_slice(&bytes[at as usize..at as usize + size]);
            u64::from_le_bytes(value)
        };
        match space {
            Space::Shared => of_bytes(&room.shared),
            Space::Constant => of_bytes(&self.launch.constants),
            Space::Parameter => of_bytes(&self.launch.parameters),
            Space::Local => {
                let word = (at / 4) as usize;
                let value = warp.local[word].0[lane];
                match size {
                    8 => u64::from(value) | u64::from(warp.local[word + 1].0[lane]) << 32,
                    4 => value.into(),
                    _ => u64::from(value >> (8 * (at & 3))) & ((1 << (8 * size)) - 1),
                }
            }
            Space::Generic | Space::Global => {
                let (index, byte) = address::buffer_at(at);
                self.memory.buffers[index].load(byte, size)
            }
        }
    }

    /// Writes up to eight bytes of any space, at a place that was checked.
    #[inline]
    pub(super) fn poke(
        &self,
        room: &mut Room,
        warp: &mut Warp,
        space: Space,
        lane: usize,
        at: u64,
        size: usize,
        bits: u64,
    ) {
        match space {
            Space::Shared => {
                room.shared[at as usize..at as usize + size]
                    .copy_from_slice(&bits.to_le_bytes()[..size]);
            }
            Space::Local => {
                let word = (at / 4) as usize;
                let place = &mut warp.local[word].0[lane];
                match size {
                    8 => {
                        *place = bits as u32;
                        warp.local[word + 1].0[lane] = (bits >> 32) as u32;
                    }
                    4 => *place = bits as u32,
                    _ => {
                        let mask = ((1_u32 << (8 * size)) - 1) << (8 * (at & 3));
                        *place = *place & !mask | ((bits as u32) << (8 * (at & 3))) & mask;
                    }
                }
            }
            Space::Generic | Space::Global => {
                let (index, byte) = address::buffer_at(at);
                self.memory.buffers[index].store(byte, size, bits);
            }
            Space::Constant | Space::Parameter => {}
        }
    }
}

/// What a load makes of the bits in memory: signed numbers get their sign.
fn extended(access: Access, bits: u64) -> u64 {
    match (access.is_signed, access.size) {
        (true, 1) => bits as i8 as u64,
        (true, 2) => bits as i16 as u64,
        (true, 4) => bits as i32 as u64,
        _ => bits,
    }
}

/// What a write is to those who watch.
#[inline(always)]
pub(super) fn write_deed(is_same: bool, is_strong: bool) -> Deed {
    match (is_strong, is_same) {
        (true, _) => Deed::Strong,
        (_, true) => Deed::SameWrite,
        _ => Deed::Write,
    }
}

/// Sectors of local memory: its words lie interleaved by lanes, so that the lanes of a warp at one address are neighbours.
fn local_sectors(addresses: &WideLanes, mask: u32, size: u64) -> u64 {
    let mut all: Vec<u64> = lanes_of(mask)
        .flat_map(|lane| {
            (0..size.div_ceil(4))
                .map(move |word| (addresses[lane] / 4 + word) * 4 + lane as u64 / 8)
        })
        .collect();
    all.sort_unstable();
    all.dedup();
    all.len() as u64
}

#[inline(always)]
fn word_at(shared: &[u8], at: u64) -> u32 {
    let bytes = shared[at as usize..]
        .first_chunk()
        .expect("the range was checked");
    u32::from_le_bytes(*bytes)
}

/// The words of 128 bytes.
#[inline(always)]
fn row_at(shared: &[u8], at: u64) -> Lanes {
    let bytes: [u8; 128] = *shared[at as usize..]
        .first_chunk()
        .expect("the range was checked");
    let mut words = [0; WARP];
    for (word, bytes) in words.iter_mut().zip(bytes.as_chunks::<4>().0) {
        *word = u32::from_le_bytes(*bytes);
    }
    words
}
