//! Plain loads and stores of 32 bits whose addresses follow no pattern: see `word.rs`.

use super::watch::write_deed;
use super::word::word_at;
use super::{Way, addresses, sectors};
use crate::machine::registers::{ALL, lanes_of};
use crate::machine::room::Room;
use crate::machine::trouble::Outcome;
use crate::machine::warp::Warp;
use crate::machine::worker::Worker;
use crate::program::step::{Action, Base, Step};
use crate::sanitizer::Deed;
use crate::syntax::Space;
use std::sync::atomic::Ordering::Relaxed;

impl<const WATCH: bool> Worker<'_, WATCH> {
    /// Any of them.
    #[inline(always)]
    pub(in crate::machine) fn apart(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        step: &Step,
        mask: u32,
    ) -> Outcome {
        warp.registers.prepare(step.reads, step.writes, mask == ALL);
        match step.action {
            Action::LoadShared(base) => self.load_shared_anywhere(warp, room, step, base, mask),
            Action::StoreShared(base) => self.store_shared_anywhere(warp, room, step, base, mask),
            Action::LoadGlobal => self.load_global_anywhere(warp, room, step, mask),
            Action::StoreGlobal => self.store_global_anywhere(warp, room, step, mask),
            _ => unreachable!("others have ways of their own"),
        }
    }

    #[inline(always)]
    fn load_shared_anywhere(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        step: &Step,
        base: Base,
        mask: u32,
    ) -> Outcome {
        let operands = &step.operands;
        let addresses = addresses(warp, operands, base);
        let offsets = self.shared_offsets(&addresses, mask, 4, Way::Load, room)?;
        if WATCH {
            let (slots, space) = (&[operands.d], Space::Shared);
            self.watch_lanes(warp, room, slots, space, &addresses, mask, Way::Load)?;
        }
        let values = warp.registers.narrow_mut(operands.d);
        for lane in lanes_of(mask) {
            values[lane] = word_at(&room.shared, offsets.of(lane) as u64);
        }
        Ok(())
    }

    #[inline(always)]
    fn store_shared_anywhere(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        step: &Step,
        base: Base,
        mask: u32,
    ) -> Outcome {
        let operands = &step.operands;
        let addresses = addresses(warp, operands, base);
        let offsets = self.shared_offsets(&addresses, mask, 4, Way::Store, room)?;
        if WATCH {
            let (slots, space) = (&[operands.b], Space::Shared);
            self.watch_lanes(warp, room, slots, space, &addresses, mask, Way::Store)?;
        }
        let values = *warp.registers.narrow(operands.b);
        for lane in lanes_of(mask) {
            let bytes = &mut room.shared[offsets.of(lane)..][..4];
            bytes.copy_from_slice(&values[lane].to_le_bytes());
        }
        Ok(())
    }

    #[inline(always)]
    fn load_global_anywhere(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        step: &Step,
        mask: u32,
    ) -> Outcome {
        let operands = &step.operands;
        let addresses = addresses(warp, operands, Base::Wide);
        if let Some((buffer, offsets)) = self.common_buffer(&addresses, mask, 4, Way::Load) {
            self.pass_sectors(offsets.touch(buffer, &self.tally, Way::Load));
            if WATCH {
                let (slots, space) = (&[operands.d], Space::Global);
                self.watch_lanes(warp, room, slots, space, &addresses, mask, Way::Load)?;
            }
            let values = warp.registers.narrow_mut(operands.d);
            for lane in lanes_of(mask) {
                values[lane] = buffer.words()[offsets.of(lane) / 4].load(Relaxed);
            }
            return Ok(());
        }
        self.pass_sectors(sectors(&addresses, mask, 4));
        let mut values = *warp.registers.narrow(operands.d);
        for lane in lanes_of(mask) {
            let at = addresses[lane];
            let (buffer, byte) = self.find(lane, at, 4, 4, Way::Load, room)?;
            self.tally.touch(at, 4);
            if WATCH {
                self.watch_global(room, warp.id, lane, at, 4, Deed::Read)?;
            }
            values[lane] = buffer.load(byte, 4) as u32;
        }
        *warp.registers.narrow_mut(operands.d) = values;
        Ok(())
    }

    #[inline(always)]
    fn store_global_anywhere(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        step: &Step,
        mask: u32,
    ) -> Outcome {
        let operands = &step.operands;
        let addresses = addresses(warp, operands, Base::Wide);
        let values = *warp.registers.narrow(operands.b);
        if let Some((buffer, offsets)) = self.common_buffer(&addresses, mask, 4, Way::Store) {
            self.pass_sectors(offsets.touch(buffer, &self.tally, Way::Store));
            if WATCH {
                let (slots, space) = (&[operands.b], Space::Global);
                self.watch_lanes(warp, room, slots, space, &addresses, mask, Way::Store)?;
            }
            for lane in lanes_of(mask) {
                buffer.words()[offsets.of(lane) / 4].store(values[lane], Relaxed);
            }
            return Ok(());
        }
        self.pass_sectors(sectors(&addresses, mask, 4));
        for lane in lanes_of(mask) {
            let at = addresses[lane];
            let (buffer, byte) = self.find(lane, at, 4, 4, Way::Store, room)?;
            self.tally.touch(at, 4);
            if WATCH {
                let deed = write_deed(buffer.load(byte, 4) as u32 == values[lane], false);
                self.watch_global(room, warp.id, lane, at, 4, deed)?;
            }
            buffer.store(byte, 4, values[lane].into());
        }
        Ok(())
    }
}
