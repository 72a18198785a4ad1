//! Asynchronous copies, and those of many bytes that tell a barrier in shared memory (`mbarrier.rs`).

use super::access::{Way, addresses, sectors};
use super::compute::Operands;
use super::copies::Copy;
use super::registers::lanes_of;
use super::room::Room;
use super::trouble::{Outcome, Trouble};
use super::warp::Warp;
use super::worker::Worker;
use crate::fault::FaultKind;
use crate::program::step::{Base, Mbarrier, Order};
use crate::sanitizer::Deed;
use crate::syntax::Space;

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
                self.find(lane, at, read.into(), size, Way::Load, room)?;
                self.tally.touch(at, 1); // aligned as it is, it lies in one sector
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
                let (lane, size) = (usize::from(copy.lane), copy.read.into());
                let (buffer, byte) = self.find(lane, copy.global, size, 1, Way::Load, room)?;
                buffer.read(byte, &mut bytes[..usize::from(copy.read)]);
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
