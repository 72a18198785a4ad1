//! Asynchronous copies, and the barriers in shared memory that wait for them.
//!
//! An `mbarrier` is 64 bits of shared memory: the phase, the bytes that the phase still waits for (less than none if they came
//! before they were expected), the arrivals that it still waits for, and those that each phase begins with. PTX leaves the
//! layout open.
//!
//! ```text
//! bit 63   61 60        40 39       20 19        0
//!     phase     bytes       pending     expected
//! ```

use super::access::{Way, addresses, sectors};
use super::compute::Operands;
use super::copies::Copy;
use super::registers::{Class, lanes_of};
use super::room::Room;
use super::trouble::{Outcome, Trouble};
use super::warp::Warp;
use super::worker::Worker;
use crate::fault::FaultKind;
use crate::program::step::{Base, Mbarrier, Order};
use crate::sanitizer::Deed;
use crate::syntax::Space;

const COUNT_BITS: u32 = 20;
const COUNT: u64 = (1 << COUNT_BITS) - 1;
const BYTE_BITS: u32 = 21;
const PHASE: u32 = 2 * COUNT_BITS + BYTE_BITS;

/// The contents of an `mbarrier`.
#[derive(Clone, Copy)]
struct Phase {
    number: u64,
    bytes: i64,
    pending: u64,
    expected: u64,
}

impl Phase {
    fn of(bits: u64) -> Self {
        Phase {
            number: bits >> PHASE,
            bytes: (bits << (64 - PHASE)) as i64 >> (64 - BYTE_BITS),
            pending: bits >> COUNT_BITS & COUNT,
            expected: bits & COUNT,
        }
    }

    /// Its bits, after the next phase began if nothing is waited for any longer.
    fn settled(mut self) -> u64 {
        if self.pending == 0 && self.bytes == 0 {
            (self.number, self.pending) = (self.number + 1, self.expected);
        }
        self.bits()
    }

    fn bits(self) -> u64 {
        let bytes = (self.bytes as u64) & ((1 << BYTE_BITS) - 1);
        self.number << PHASE
            | bytes << (2 * COUNT_BITS)
            | (self.pending & COUNT) << COUNT_BITS
            | self.expected & COUNT
    }
}

impl<const WATCH: bool> Worker<'_, WATCH> {
    /// Begins the copies of the lanes of a mask: to shared memory at `a`, from global memory at `b`.
    pub(super) fn start_copies(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        operands: &Operands,
        bytes: u8,
        has_source_size: bool,
        now: u32,
    ) -> Outcome {
        let from = Operands {
            a: operands.b,
            ..*operands
        };
        let sources = addresses(warp, &from, Base::Wide);
        self.pass_sectors(sectors(&sources, now, bytes.into()));
        let program = self.program;
        // Where shared memory is: a register of either class, and an offset, stand in the list.
        let list = &program.lists[operands.e as usize..];
        let (class, offset) = (list[0], list[1]);
        let mut targets = [0; 32];
        for lane in lanes_of(now) {
            let base = match class {
                0 => warp.registers.narrow(operands.a)[lane].into(),
                _ => warp.registers.wide(operands.a)[lane],
            };
            let at = base.wrapping_add(offset as i32 as i64 as u64);
            let at = if class == 0 {
                at & u64::from(u32::MAX)
            } else {
                at
            };
            targets[lane] = super::address::resolve(at).1;
        }
        let (passes, conflicts) = super::access::wavefronts(&targets, now, bytes.into());
        let traffic = &mut self.tally.traffic[self.pc as usize];
        traffic.wavefronts += passes;
        traffic.conflicts += conflicts;
        for lane in lanes_of(now) {
            let read = match has_source_size {
                true => warp.registers.narrow(operands.c)[lane].min(bytes.into()) as u8,
                false => bytes,
            };
            let (at, size) = (sources[lane], u64::from(bytes));
            if read > 0 {
                match self.memory.find(at, read.into(), size, false) {
                    Ok(_) => self.tally.touch(at, 1), // aligned as it is, it lies in one sector
                    Err(miss) => {
                        return Err(self.miss(
                            miss,
                            Way::Load,
                            Space::Global,
                            lane,
                            at,
                            read.into(),
                            room,
                        ));
                    }
                }
                if WATCH {
                    let mut place = at;
                    while place < at + u64::from(read) {
                        let piece = 4.min(at + u64::from(read) - place);
                        self.watch_global(room, warp.id, lane, place, piece, Deed::Read)?;
                        place += 4;
                    }
                }
            }
            self.check(
                room,
                warp,
                Space::Shared,
                Way::Store,
                lane,
                targets[lane],
                size,
            )?;
            let shared = targets[lane] as u32;
            warp.copies.start(Copy {
                lane: lane as u8,
                bytes,
                read,
                shared,
                global: at,
                pc: self.pc,
            });
            if WATCH {
                room.pending
                    .push((shared.into(), u64::from(shared) + size, warp.id));
            }
        }
        Ok(())
    }

    /// Makes the copies happen that lanes wait for: all but those of their latest `pending` groups.
    pub(super) fn wait_for_copies(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        now: u32,
        pending: u32,
    ) -> Outcome {
        let due = match pending {
            u32::MAX => warp.copies.wait_all(now),
            pending => warp.copies.wait(now, pending),
        };
        self.finish(warp, room, due)
    }

    fn finish(&mut self, warp: &mut Warp, room: &mut Room, due: Vec<Copy>) -> Outcome {
        for copy in due {
            let mut bytes = [0; 16];
            let (start, size) = (copy.shared as usize, usize::from(copy.bytes));
            if copy.read > 0 {
                match self.memory.find(copy.global, copy.read.into(), 1, false) {
                    Ok((buffer, byte)) => buffer.read(byte, &mut bytes[..usize::from(copy.read)]),
                    Err(miss) => {
                        let lane = usize::from(copy.lane);
                        return Err(self.miss(
                            miss,
                            Way::Load,
                            Space::Global,
                            lane,
                            copy.global,
                            copy.read.into(),
                            room,
                        ));
                    }
                }
            }
            if WATCH {
                let range = (
                    u64::from(copy.shared),
                    u64::from(copy.shared) + size as u64,
                    warp.id,
                );
                if let Some(place) = room.pending.iter().position(|pending| *pending == range) {
                    room.pending.swap_remove(place);
                }
                let here = std::mem::replace(&mut self.pc, copy.pc);
                let lane = usize::from(copy.lane);
                let outcome =
                    self.watch_shared(room, warp.id, lane, range.0, size as u64, Deed::Write);
                self.pc = here;
                outcome?;
            }
            room.shared[start..start + size].copy_from_slice(&bytes[..size]);
        }
        Ok(())
    }

    /// Works on barriers in shared memory: their addresses stand in `a`.
    pub(super) fn mbarrier(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        operands: &Operands,
        kind: Mbarrier,
        now: u32,
    ) -> Outcome {
        if kind == Mbarrier::PendingCount {
            for lane in lanes_of(now) {
                let state = warp.registers.wide(operands.a)[lane];
                let pending = state >> COUNT_BITS & COUNT;
                warp.registers
                    .set_bits(Class::Narrow, operands.d, lane, pending);
            }
            return Ok(());
        }
        let program = self.program;
        let class = program.lists[operands.e as usize];
        let base = if class == 0 { Base::Narrow } else { Base::Wide };
        self.mbarrier_at(warp, room, operands, kind, base, now)
    }

    fn mbarrier_at(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        operands: &Operands,
        kind: Mbarrier,
        base: Base,
        now: u32,
    ) -> Outcome {
        let strong = Order {
            is_strong: true,
            acquires: true,
            releases: true,
        };
        let mut places = addresses(warp, operands, base);
        for lane in lanes_of(now) {
            places[lane] = super::address::resolve(places[lane]).1;
        }
        if let Mbarrier::CopyArrive { .. } = kind {
            // The copies so far happen now: later than this they may not be seen to happen.
            self.wait_for_copies(warp, room, now, u32::MAX)?;
        }
        self.order(warp.id, room, Space::Shared, &places, now, strong, true);
        for lane in lanes_of(now) {
            let at = places[lane];
            self.check(room, warp, Space::Shared, Way::Atomic, lane, at, 8)?;
            let old = self.peek(room, warp, Space::Shared, lane, at, 8);
            let phase = Phase::of(old);
            let argument = |slot: u32| u64::from(warp.registers.narrow(slot)[lane]);
            let new = match kind {
                Mbarrier::Initialise => {
                    let count = argument(operands.b);
                    let first = Phase {
                        number: 0,
                        bytes: 0,
                        pending: count,
                        expected: count,
                    };
                    first.bits()
                }
                Mbarrier::Invalidate => 0,
                Mbarrier::Arrive {
                    has_count,
                    expects,
                    drops,
                    has_state,
                    ..
                } => {
                    let count = if has_count { argument(operands.b) } else { 1 };
                    if count > phase.pending {
                        let detail = format!(
                            "mbarrier: {count} arrive where {} are awaited",
                            phase.pending
                        );
                        return Err(Trouble::at_lane(FaultKind::Deadlock, lane, detail));
                    }
                    let bytes = if expects {
                        argument(operands.b) as i64
                    } else {
                        0
                    };
                    let dropped = if drops { count } else { 0 };
                    if has_state {
                        warp.registers.set_bits(Class::Wide, operands.d, lane, old);
                    }
                    let after = Phase {
                        bytes: phase.bytes + bytes,
                        pending: phase.pending - count,
                        expected: phase.expected.saturating_sub(dropped),
                        ..phase
                    };
                    after.settled()
                }
                Mbarrier::Transfer { is_complete } => {
                    let bytes = argument(operands.b) as i64;
                    let change = if is_complete { -bytes } else { bytes };
                    let after = Phase {
                        bytes: phase.bytes + change,
                        ..phase
                    };
                    if is_complete {
                        after.settled()
                    } else {
                        after.bits()
                    }
                }
                Mbarrier::Test { is_parity } => {
                    let is_complete = match is_parity {
                        true => phase.number & 1 != argument(operands.b) & 1,
                        false => warp.registers.wide(operands.b)[lane] >> PHASE != phase.number,
                    };
                    warp.registers
                        .set_bits(Class::Predicate, operands.d, lane, is_complete.into());
                    old
                }
                Mbarrier::CopyArrive { is_counted } => {
                    // Counted with those that the phase expects, the arrival was not foreseen: it adds one and takes one.
                    let after = Phase {
                        pending: phase.pending.wrapping_sub(u64::from(is_counted)),
                        ..phase
                    };
                    after.settled()
                }
                Mbarrier::PendingCount => unreachable!("done above"),
            };
            if WATCH {
                self.watch_any(room, warp, Space::Shared, lane, at, 8, Deed::Strong, strong)?;
            }
            self.progress += u64::from(new != old);
            self.poke(room, warp, Space::Shared, lane, at, 8, new);
        }
        if let Mbarrier::Test { .. } = kind {
            // Others must arrive before the answer changes.
            self.polls += super::warp::PATIENCE / 4;
        }
        self.order(warp.id, room, Space::Shared, &places, now, strong, false);
        Ok(())
    }

    /// Copies many bytes between shared memory at `a` and global memory at `b`, as many as `c` says, and tells the `mbarrier` of
    /// the list where shared memory is the target.
    pub(super) fn copy_bulk(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        operands: &Operands,
        is_load: bool,
        now: u32,
    ) -> Outcome {
        let (mut sectors, mut passes) = (0, 0);
        for lane in lanes_of(now) {
            let shared = super::address::resolve(warp.registers.wide(operands.a)[lane]).1;
            let global = warp.registers.wide(operands.b)[lane];
            let bytes = u64::from(warp.registers.narrow(operands.c)[lane]);
            if !bytes.is_multiple_of(16) {
                let detail = format!("a bulk copy of {bytes} bytes, not a multiple of 16");
                return Err(Trouble::at_lane(FaultKind::Misaligned, lane, detail));
            }
            let (from, to) = match is_load {
                true => ((Space::Global, global), (Space::Shared, shared)),
                false => ((Space::Shared, shared), (Space::Global, global)),
            };
            sectors += bytes.div_ceil(32);
            passes += bytes.div_ceil(128);
            for place in (0..bytes).step_by(16) {
                let (from, to) = ((from.0, from.1 + place), (to.0, to.1 + place));
                self.check(room, warp, from.0, Way::Load, lane, from.1, 16)?;
                self.check(room, warp, to.0, Way::Store, lane, to.1, 16)?;
                for word in (0..16).step_by(4) {
                    let (from, to) = ((from.0, from.1 + word), (to.0, to.1 + word));
                    let plain = Order::PLAIN;
                    self.watch_any(room, warp, from.0, lane, from.1, 4, Deed::Read, plain)?;
                    let bits = self.peek(room, warp, from.0, lane, from.1, 4);
                    let old = self.peek(room, warp, to.0, lane, to.1, 4);
                    let deed = super::access::write_deed(old == bits, false);
                    self.watch_any(room, warp, to.0, lane, to.1, 4, deed, plain)?;
                    self.poke(room, warp, to.0, lane, to.1, 4, bits);
                }
            }
        }
        self.pass_sectors(sectors);
        self.tally.traffic[self.pc as usize].wavefronts += passes;
        self.progress += 1;
        if is_load {
            let barrier = Operands {
                a: self.program.lists[operands.e as usize],
                b: operands.c,
                immediate: 0,
                ..*operands
            };
            let kind = Mbarrier::Transfer { is_complete: true };
            self.mbarrier_at(warp, room, &barrier, kind, Base::Wide, now)?;
        }
        Ok(())
    }
}
