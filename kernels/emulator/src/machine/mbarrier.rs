//! Barriers in shared memory, which asynchronous copies tell that they are done.
//!
//! An `mbarrier` is 64 bits of shared memory: the phase, the bytes that the phase still waits for (less than none if they came
//! before they were expected), the arrivals that it still waits for, and those that each phase begins with. PTX leaves the
//! layout open.
//!
//! ```text
//! bit 63   61 60        40 39       20 19        0
//!     phase     bytes       pending     expected
//! ```

use super::access::{Way, addresses};
use super::compute::Operands;
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

    pub(super) fn mbarrier_at(
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
}
