//! Plain loads and stores of 32 bits: the most frequent ones, and here those whose addresses follow a pattern.

use super::watch::write_deed;
use super::{Run, watch_shared_run};
use crate::machine::compute::Operands;
use crate::machine::registers::{ALL, Class, WARP};
use crate::machine::room::Room;
use crate::machine::trouble::Outcome;
use crate::machine::warp::Warp;
use crate::machine::worker::Worker;
use crate::matrix::Lanes;
use crate::program::step::{Base, Step};
use crate::sanitizer::Deed;
use std::hint::black_box;
use std::sync::atomic::Ordering::Relaxed;

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

impl<const WATCH: bool> Worker<'_, WATCH> {
    /// A plain 32-bit load from shared memory.
    #[inline(always)]
    pub(in crate::machine) fn load_shared<const WIDE: bool>(
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
                    let glance = self.glance(room, warp.id);
                    if WATCH && !watch_shared_run(room, glance, Run::row(at), false) {
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
        crate::machine::vectors::apart::<WATCH, WIDE>(self, warp, room, step, mask)
    }

    /// A plain 32-bit store to shared memory.
    #[inline(always)]
    pub(in crate::machine) fn store_shared<const WIDE: bool>(
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
            let glance = self.glance(room, warp.id);
            if WATCH && !watch_shared_run(room, glance, Run::row(at), true) {
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
        crate::machine::vectors::apart::<WATCH, WIDE>(self, warp, room, step, mask)
    }

    /// A plain 32-bit load from global memory.
    #[inline(always)]
    pub(in crate::machine) fn load_global<const WIDE: bool>(
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
            self.tally.touch(at, 128);
            if WATCH && !self.watch_global_run(room, warp.id, Run::row(at), false) {
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
        crate::machine::vectors::apart::<WATCH, WIDE>(self, warp, room, step, mask)
    }

    /// A plain 32-bit store to global memory.
    #[inline(always)]
    pub(in crate::machine) fn store_global<const WIDE: bool>(
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
            && (!WATCH || self.watch_global_run(room, warp.id, Run::row(at), true))
        {
            self.pass_sectors((byte + 127) / 32 - byte / 32 + 1);
            self.tally.touch(at, 128);
            let words = &buffer.words()[(byte / 4) as usize..][..WARP];
            warp.registers.settle_one(Class::Narrow, operands.b);
            for (value, word) in warp.registers.narrow(operands.b).iter().zip(words) {
                word.store(*value, Relaxed);
            }
            return Ok(());
        }
        crate::machine::vectors::apart::<WATCH, WIDE>(self, warp, room, step, mask)
    }
}

#[inline(always)]
pub(super) fn word_at(shared: &[u8], at: u64) -> u32 {
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
