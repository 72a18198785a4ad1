//! What the sanitizer is told of an access, and what it finds.

#![allow(clippy::too_many_arguments)] // an access has this many sides

use super::{Run, Way};
use crate::fault::FaultKind;
use crate::machine::address;
use crate::machine::registers::{WideLanes, lanes_of};
use crate::machine::room::Room;
use crate::machine::trouble::Outcome;
use crate::machine::warp::Warp;
use crate::machine::worker::Worker;
use crate::program::step::Order;
use crate::sanitizer::{Deed, Glance, GlobalWho, ONE_LANE, SharedWho};
use crate::syntax::Space;

impl<const WATCH: bool> Worker<'_, WATCH> {
    /// Begins to look at what a warp accesses in shared memory in this step; none if all must be looked at closely.
    #[inline(always)]
    pub(in crate::machine) fn glance(&self, room: &Room, warp: u32) -> Option<Glance> {
        let is_worthwhile = WATCH && room.pending.is_empty();
        let watch = room.watch.as_ref().filter(|_| is_worthwhile)?;
        Some(watch.glance(warp, self.pc))
    }

    /// Looks at a plain access to global memory; whether that was all there is to look at.
    #[inline(always)]
    pub(super) fn watch_global_run(
        &mut self,
        room: &Room,
        warp: u32,
        run: Run,
        is_write: bool,
    ) -> bool {
        let (index, byte) = address::buffer_at(run.at);
        let buffer = &self.memory.buffers[index];
        let size = 4 * run.words as u64;
        let who = GlobalWho {
            block: room.number,
            thread: warp * 32 + run.lane as u32,
            words_log: run.words_log,
            pc: self.pc,
        };
        if let Some(written) = &buffer.written {
            if is_write {
                written.add_range(byte, byte + size);
            } else if written.first_missing(byte, byte + size).is_some() {
                return false;
            }
        }
        let deed = if is_write { Deed::Write } else { Deed::Read };
        let place = (index, buffer.bytes);
        self.watch.access(place, byte, size, who, deed).is_ok()
    }

    /// Looks at an access to shared memory.
    #[inline(always)]
    pub(in crate::machine) fn watch_shared(
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
        let who = SharedWho { warp, lane, pc };
        let mut byte = at;
        while byte < at + size {
            let piece = size.min(4);
            if deed == Deed::Read && !watch.is_written(byte, piece) {
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
            if let Err(rival) = watch.access(byte, piece, who, deed) {
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
    pub(in crate::machine) fn watch_global(
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
            words_log: ONE_LANE,
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

    /// Looks at an access to any space.
    pub(in crate::machine) fn watch_any(
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
                        return self.watch_written(room, space, Way::Load, lane, at, size);
                    }
                    return self.watch_shared(room, warp.id, lane, at, size, Deed::Strong);
                }
                self.watch_shared(room, warp.id, lane, at, size, deed)
            }
            Space::Global | Space::Generic => {
                if order.is_strong && is_read {
                    return self.watch_written(room, Space::Global, Way::Load, lane, at, size);
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

    /// Whether what is read was ever written: all that is asked of atomics and strong loads, which are there for what others write
    /// at the same time.
    pub(in crate::machine) fn watch_written(
        &self,
        room: &Room,
        space: Space,
        way: Way,
        lane: usize,
        at: u64,
        size: u64,
    ) -> Outcome {
        let is_written = match space {
            Space::Shared => {
                let watch = room.watch.as_ref();
                watch.is_none_or(|watch| watch.is_written(at, size))
            }
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
        Err(self.found(FaultKind::Uninitialised, way, space, lane, at, size, None))
    }

    /// What an ordered access makes known: before it happens what it releases, and then what it learns.
    #[allow(clippy::too_many_arguments)] // an access has this many sides
    pub(in crate::machine) fn order(
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
    pub(in crate::machine) fn fence(&mut self, warp: u32, room: &mut Room) {
        if WATCH {
            if let Some(watch) = &mut room.watch {
                watch.fence(warp);
            }
            self.watch.fence(room.number);
        }
    }
}

/// What a write is to those who watch.
#[inline(always)]
pub(in crate::machine) fn write_deed(is_same: bool, is_strong: bool) -> Deed {
    match (is_strong, is_same) {
        (true, _) => Deed::Strong,
        (_, true) => Deed::SameWrite,
        _ => Deed::Write,
    }
}
