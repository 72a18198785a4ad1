//! Loads and stores.
//!
//! ```text
//! mod.rs        any of them: of any space, width, count and order
//! word.rs       of 32 bits, as most are
//! apart.rs      of 32 bits at places that follow no pattern
//! words.rs      of several words a lane
//! place.rs      up to eight bytes of any space
//! offsets.rs    addresses of 32 bits inside of a piece of memory, to be asked eight lanes at once
//! check.rs      whether an access may happen
//! watch.rs      what the sanitizer is told
//! runs.rs       of several lanes at once
//! traffic.rs    sectors, and passes through banks
//! ```

#![allow(clippy::too_many_arguments)] // an access has this many sides

mod apart;
mod check;
mod offsets;
mod place;
mod runs;
mod traffic;
mod watch;
mod word;
mod words;

use offsets::Offsets;
pub(super) use runs::{Run, watch_shared_run};
pub(super) use traffic::{passes_of_eight, sectors, wavefronts};
pub(super) use watch::write_deed;

use super::address;
use super::compute::Operands;
use super::registers::{ALL, Class, WARP, WideLanes, lanes_of};
use super::room::Room;
use super::trouble::Outcome;
use super::warp::Warp;
use super::worker::Worker;
use crate::program::step::{Access, Base};
use crate::sanitizer::Deed;
use crate::syntax::Space;
use traffic::local_sectors;

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

impl<const WATCH: bool> Worker<'_, WATCH> {
    /// Any load or store: of any space, width and count.
    #[inline(always)]
    pub(in crate::machine) fn access(
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
            if access.is_counted {
                match space {
                    Space::Shared => {
                        let (passes, conflicts) = wavefronts(&addresses, now, width);
                        self.pass_shared(passes, conflicts);
                    }
                    Space::Local => self.pass_sectors(local_sectors(&addresses, now, width)),
                    Space::Global => self.pass_sectors(sectors(&addresses, now, width)),
                    _ => {}
                }
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
