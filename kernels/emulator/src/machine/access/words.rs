//! Plain loads and stores of one word or several by each lane.

#![allow(clippy::too_many_arguments)] // an access has this many sides

use super::{Offsets, Way, sectors, wavefronts};
use crate::machine::address;
use crate::machine::compute::Operands;
use crate::machine::registers::{ALL, WARP, WideLanes, lanes_of};
use crate::machine::room::Room;
use crate::machine::trouble::Outcome;
use crate::machine::warp::Warp;
use crate::machine::worker::Worker;
use crate::matrix::Lanes;
use crate::memory::Buffer;
use crate::program::step::Access;
use crate::syntax::Space;
use crate::vector::{registers_of_rows, rows_of_registers};

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
        let size = 4 * count as u64;
        let (program, single) = (self.program, [operands.b]);
        let slots = match count {
            1 => &single[..],
            _ => &program.lists[operands.e as usize..][..count],
        };
        let are_fine = match space {
            Space::Shared => {
                Offsets::of_shared(addresses, mask).are_inside(room.shared.len() as u64, size)
            }
            _ => self.common_buffer(addresses, mask, size, way).is_some(),
        };
        if are_fine {
            return self.watch_lanes(warp, room, slots, space, addresses, mask, way);
        }
        for lane in lanes_of(mask) {
            let at = addresses[lane];
            self.check(room, warp, space, way, lane, at, size)?;
            self.watch_lane(warp, room, slots, space, lane, at, way)?;
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
        let width = 4 * COUNT as u64;
        let place = if space == Space::Shared {
            Place::Shared(self.shared_offsets(addresses, mask, width, way, room)?)
        } else if let Some((buffer, offsets)) = self.common_buffer(addresses, mask, width, way) {
            self.pass_sectors(offsets.touch(buffer, &self.tally, way));
            Place::Buffer(buffer, offsets)
        } else {
            self.touch_words(addresses, mask, width, way, room)?;
            Place::Anywhere
        };
        let is_there = |lane: usize| mask >> lane & 1 != 0;
        let buffers = &self.memory.buffers[..];
        if way == Way::Load {
            let shared = &room.shared[..];
            let load = |registers: &mut [&mut Lanes; COUNT]| match &place {
                Place::Shared(offsets) => {
                    registers_of_rows(
                        |lane| words_at::<COUNT>(shared, offsets.of(lane)),
                        registers,
                    );
                }
                Place::Buffer(buffer, offsets) => {
                    registers_of_rows(|lane| buffer.words_at::<COUNT>(offsets.of(lane)), registers);
                }
                Place::Anywhere => registers_of_rows(
                    |lane| match is_there(lane) {
                        true => {
                            let (index, byte) = address::buffer_at(addresses[lane]);
                            buffers[index].words_at::<COUNT>(byte as usize)
                        }
                        false => [0; 4],
                    },
                    registers,
                ),
            };
            let mut all = [0; COUNT];
            for (place, slot) in all.iter_mut().zip(slots) {
                *place = *slot as usize;
            }
            match warp.registers.narrow.get_disjoint_mut(all) {
                Ok(registers) if mask == ALL => {
                    load(&mut registers.map(|register| &mut register.0));
                }
                // A result may be wanted by nobody, or a register be named twice.
                _ => {
                    let mut registers = [[0; WARP]; COUNT];
                    load(&mut registers.each_mut());
                    for (slot, values) in slots.iter().zip(&registers) {
                        if *slot != u32::MAX {
                            warp.registers.set_narrow(*slot, mask, values);
                        }
                    }
                }
            }
            return Ok(());
        }
        let mut registers = [warp.registers.narrow(slots[0]); 4];
        for (register, slot) in registers.iter_mut().zip(slots) {
            *register = warp.registers.narrow(*slot);
        }
        match &place {
            Place::Shared(offsets) => {
                let shared = &mut room.shared[..];
                rows_of_registers(registers, |lane, row| {
                    if is_there(lane) {
                        let bytes = &mut shared[offsets.of(lane)..][..4 * COUNT];
                        for (word, bytes) in row.iter().zip(bytes.as_chunks_mut::<4>().0) {
                            *bytes = word.to_le_bytes();
                        }
                    }
                });
            }
            Place::Buffer(buffer, offsets) => {
                rows_of_registers(registers, |lane, row| {
                    if is_there(lane) {
                        buffer.set_words_at::<COUNT>(offsets.of(lane), row);
                    }
                });
            }
            Place::Anywhere => {
                rows_of_registers(registers, |lane, row| {
                    if is_there(lane) {
                        let (index, byte) = address::buffer_at(addresses[lane]);
                        buffers[index].set_words_at::<COUNT>(byte as usize, row);
                    }
                });
            }
        }
        Ok(())
    }

    /// Checks and counts words of global memory that lie in several buffers, or of which some lie where they must not.
    #[cold]
    fn touch_words(
        &mut self,
        addresses: &WideLanes,
        mask: u32,
        width: u64,
        way: Way,
        room: &Room,
    ) -> Outcome {
        self.pass_sectors(sectors(addresses, mask, width));
        for lane in lanes_of(mask) {
            let at = addresses[lane];
            self.find(lane, at, width, width, way, room)?;
            self.tally.touch(at, width);
        }
        Ok(())
    }

    /// The buffer that all lanes access, and where, if nothing is wrong with any of these accesses.
    #[inline(always)]
    pub(super) fn common_buffer(
        &self,
        addresses: &WideLanes,
        mask: u32,
        size: u64,
        way: Way,
    ) -> Option<(&'l Buffer, Offsets)> {
        let offsets = Offsets::of_global(addresses, mask);
        let buffer = self.memory.buffers.get(offsets.buffer)?;
        let is_allowed = !buffer.is_freed && (way == Way::Load || !buffer.is_read_only);
        (is_allowed && offsets.are_inside(buffer.bytes, size)).then_some((buffer, offsets))
    }

    /// Where lanes access shared memory, checked and counted.
    #[inline(always)]
    pub(super) fn shared_offsets(
        &mut self,
        addresses: &WideLanes,
        mask: u32,
        size: u64,
        way: Way,
        room: &Room,
    ) -> Outcome<Offsets> {
        let offsets = Offsets::of_shared(addresses, mask);
        if !offsets.are_inside(room.shared.len() as u64, size) {
            self.check_shared(addresses, mask, size, size, way, room)?;
        }
        let (passes, conflicts) = match offsets.passes(size) {
            Some(passes) if mask == ALL => passes,
            _ => wavefronts(addresses, mask, size),
        };
        self.pass_shared(passes, conflicts);
        Ok(offsets)
    }
}

/// Where the words of a warp's lanes are.
enum Place<'m> {
    Shared(Offsets),
    Buffer(&'m Buffer, Offsets),
    /// In several buffers.
    Anywhere,
}

/// Up to four words, side by side; zeros where there are fewer.
#[inline(always)]
fn words_at<const COUNT: usize>(shared: &[u8], at: usize) -> [u32; 4] {
    let bytes = &shared[at..][..4 * COUNT];
    let mut words = [0; 4];
    for (word, bytes) in words.iter_mut().zip(bytes.as_chunks::<4>().0) {
        *word = u32::from_le_bytes(*bytes);
    }
    words
}
