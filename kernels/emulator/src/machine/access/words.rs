//! Plain loads and stores of one word or several by each lane.

#![allow(clippy::too_many_arguments)] // an access has this many sides

use super::Way;
use super::watch::write_deed;
use crate::machine::address;
use crate::machine::compute::Operands;
use crate::machine::registers::{ALL, WARP, WideLanes, lanes_of};
use crate::machine::room::Room;
use crate::machine::trouble::Outcome;
use crate::machine::warp::Warp;
use crate::machine::worker::Worker;
use crate::memory::Buffer;
use crate::program::step::Access;
use crate::sanitizer::{Deed, SharedWho};
use crate::syntax::Space;
use std::sync::atomic::Ordering::Relaxed;

impl<'l, const WATCH: bool> Worker<'l, WATCH> {
    /// Looks at plain loads or stores of one word or several in shared or global memory, before they happen.
    #[inline(always)]
    pub(super) fn watch_words(
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
    pub(super) fn move_words<const COUNT: usize>(
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
    pub(super) fn common_buffer(
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
}
