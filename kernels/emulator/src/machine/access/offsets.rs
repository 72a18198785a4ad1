//! Addresses of 32 bits inside of one piece of memory. What is asked of addresses of 64 bits lane by lane is asked of these
//! eight lanes at once.

use super::Way;
use super::traffic::{different, passes_of_eight};
use crate::machine::Tally;
use crate::machine::address;
use crate::machine::registers::{ALL, WARP, WideLanes, lanes_of};
use crate::matrix::Lanes;
use crate::memory::Buffer;

/// Where lanes access a piece of memory, counted from its first byte. Lanes that are not there have the place of one that is.
pub(super) struct Offsets {
    lanes: Lanes,
    /// Whether the places have no more than 32 bits.
    are_small: bool,
    /// The number of the buffer, in global memory.
    pub(super) buffer: usize,
}

impl Offsets {
    /// Of addresses of shared memory.
    #[inline(always)]
    pub(super) fn of_shared(addresses: &WideLanes, mask: u32) -> Offsets {
        Offsets::from(addresses, mask, 0)
    }

    /// Of global addresses, in the buffer that the first lane accesses.
    #[inline(always)]
    pub(super) fn of_global(addresses: &WideLanes, mask: u32) -> Offsets {
        let first = addresses[mask.trailing_zeros() as usize % WARP];
        let (buffer, byte) = address::buffer_at(first);
        let offsets = Offsets::from(addresses, mask, first - byte);
        Offsets { buffer, ..offsets }
    }

    #[inline(always)]
    fn from(addresses: &WideLanes, mask: u32, base: u64) -> Offsets {
        let (mut lanes, mut all) = ([0; WARP], 0);
        if mask == ALL {
            for lane in 0..WARP {
                let offset = addresses[lane].wrapping_sub(base);
                all |= offset;
                lanes[lane] = offset as u32;
            }
        } else {
            let mut offset = addresses[mask.trailing_zeros() as usize % WARP].wrapping_sub(base);
            for lane in 0..WARP {
                if mask >> lane & 1 != 0 {
                    offset = addresses[lane].wrapping_sub(base);
                }
                all |= offset;
                lanes[lane] = offset as u32;
            }
        }
        Offsets {
            lanes,
            are_small: all >> 32 == 0,
            buffer: 0,
        }
    }

    #[inline(always)]
    pub(super) fn of(&self, lane: usize) -> usize {
        self.lanes[lane] as usize
    }

    /// Whether so many bytes at each place lie inside of so many in all, at multiples of their number, a power of two.
    #[inline(always)]
    pub(super) fn are_inside(&self, length: u64, size: u64) -> bool {
        let Some(last) = length.checked_sub(size) else {
            return false;
        };
        let last = u32::try_from(last).unwrap_or(u32::MAX);
        let (mut most, mut bits) = (0, 0);
        for lane in 0..WARP {
            most = most.max(self.lanes[lane]);
            bits |= self.lanes[lane];
        }
        self.are_small && most <= last && bits & (size as u32 - 1) == 0
    }

    /// Notes the 32-byte sectors that aligned accesses touch; how many. For loads it asks for them and for what follows: those of
    /// a warp are often far from each other, and a loop takes the next ones.
    #[inline(always)]
    pub(super) fn touch(&self, buffer: &Buffer, tally: &Tally, way: Way) -> u64 {
        let touched = &tally.touched[self.buffer];
        // As a rule the lanes follow each other: those that begin a sector are counted.
        let (mut falls, mut first) = (0, 1);
        for lane in 1..WARP {
            let (last, this) = (self.lanes[lane - 1] / 32, self.lanes[lane] / 32);
            falls |= u32::from(this < last);
            first |= u32::from(this != last) << lane;
        }
        for lane in lanes_of(first) {
            let offset = self.of(lane);
            touched.add(offset as u64 / 32);
            if way == Way::Load {
                buffer.fetch(offset);
                buffer.fetch(offset + 64);
            }
        }
        if falls == 0 {
            return first.count_ones().into();
        }
        different(&mut self.lanes.map(|offset| offset / 32))
    }

    /// The passes through shared memory that aligned accesses of all lanes need, and how many of them are due to conflicts: for
    /// less than 16 bytes, if no two of those that go together need the same bank.
    #[inline(always)]
    pub(super) fn passes(&self, size: u64) -> Option<(u64, u64)> {
        match size {
            4 => self.groups_without_conflict::<32>(2),
            8 => self.groups_without_conflict::<16>(3),
            16 => {
                let mut passes = 0;
                for group in self.lanes.as_chunks::<8>().0 {
                    let mut units = [0; 8];
                    for (unit, offset) in units.iter_mut().zip(group) {
                        *unit = offset / 16;
                    }
                    passes += passes_of_eight(&units, 0xFF);
                }
                Some((passes, passes - 4))
            }
            _ => None,
        }
    }

    #[inline(always)]
    fn groups_without_conflict<const SIZE: usize>(&self, shift: u32) -> Option<(u64, u64)> {
        let mut missing = 0;
        for group in self.lanes.as_chunks::<SIZE>().0 {
            let mut banks = 0_u32;
            for offset in group {
                banks |= 1 << (offset >> shift & (SIZE as u32 - 1));
            }
            missing |= !banks & (u32::MAX >> (32 - SIZE));
        }
        (missing == 0).then_some(((WARP / SIZE) as u64, 0))
    }
}
