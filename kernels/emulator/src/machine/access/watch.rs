//! What the sanitizer is told of an access, and what it finds.

#![allow(clippy::too_many_arguments)] // an access has this many sides

use super::Way;
use crate::fault::FaultKind;
use crate::machine::address;
use crate::machine::registers::{WARP, WideLanes, lanes_of};
use crate::machine::room::Room;
use crate::machine::trouble::Outcome;
use crate::machine::warp::Warp;
use crate::machine::worker::Worker;
use crate::program::step::Order;
use crate::sanitizer::{Deed, GlobalWho, SharedWho};
use crate::syntax::Space;

impl<const WATCH: bool> Worker<'_, WATCH> {
    /// Looks at an access to shared memory by all lanes of a warp, side by side; whether that was all there is to look at.
    #[inline(always)]
    pub(super) fn watch_row(&self, room: &mut Room, warp: u32, at: u64, is_write: bool) -> bool {
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
    pub(in crate::machine) fn watch_words_of_lane(
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
    pub(super) fn watch_global_row(
        &mut self,
        room: &Room,
        warp: u32,
        at: u64,
        is_write: bool,
    ) -> bool {
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
    pub(in crate::machine) fn watch_written(
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

/// The bits of the bytes that an access of up to four bytes covers in its word.
#[inline(always)]
pub(super) fn bytes_of_word(address: u64, size: u64) -> u8 {
    (((1_u32 << size.min(4)) - 1) << (address & 3)) as u8
}
