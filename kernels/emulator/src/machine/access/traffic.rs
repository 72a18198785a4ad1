//! How much an access moves: sectors of global memory, passes through the banks of shared memory.

use crate::machine::registers::{ALL, WARP, WideLanes, lanes_of};
use crate::machine::tally::Traffic;
use crate::machine::worker::Worker;

impl<const WATCH: bool> Worker<'_, WATCH> {
    #[inline(always)]
    pub(in crate::machine) fn pass_shared(&mut self, passes: u64, conflicts: u64) {
        let traffic = self.traffic();
        traffic.requests += 1;
        traffic.wavefronts += passes;
        traffic.conflicts += conflicts;
    }

    #[inline(always)]
    pub(in crate::machine) fn pass_sectors(&mut self, sectors: u64) {
        let traffic = self.traffic();
        traffic.requests += 1;
        traffic.sectors += sectors;
    }

    #[inline(always)]
    pub(super) fn traffic(&mut self) -> &mut Traffic {
        &mut self.tally.traffic[self.pc as usize]
    }
}

/// How many 32-byte sectors the lanes of a mask touch, each with `size` bytes.
pub(in crate::machine) fn sectors(addresses: &WideLanes, mask: u32, size: u64) -> u64 {
    if mask == ALL && size.is_power_of_two() {
        // As a rule nothing is misaligned and the lanes follow each other: each then touches one, and new ones are counted.
        let (mut astray, mut falls, mut count) = (0, 0, 1);
        for lane in 1..WARP {
            let (last, this) = (addresses[lane - 1] / 32, addresses[lane] / 32);
            falls |= u64::from(this < last);
            count += u64::from(this != last);
        }
        for address in addresses {
            astray |= address & (size - 1);
        }
        if astray == 0 && falls == 0 {
            return count;
        }
    }
    let mut all = [0; 2 * WARP];
    let mut count = 0;
    for lane in lanes_of(mask) {
        let (first, last) = (
            addresses[lane] / 32,
            addresses[lane].wrapping_add(size - 1) / 32,
        );
        for sector in [first, last] {
            if count == 0 || all[count - 1] != sector {
                all[count] = sector;
                count += 1;
            }
        }
    }
    different(&mut all[..count])
}

/// How many of some numbers, at least one, are different.
pub(super) fn different<T: Ord>(all: &mut [T]) -> u64 {
    all.sort_unstable();
    1 + all.windows(2).filter(|pair| pair[0] != pair[1]).count() as u64
}

/// The passes through shared memory's 32 banks that the lanes of a mask need, and how many of them are due to conflicts.
///
/// Lanes go together as long as they ask for 128 bytes at most: all 32 with up to 4 bytes each, 16 with 8, 8 with 16. Of
/// each such group, a bank serves one 4-byte word a pass; the same word counts once.
pub(in crate::machine) fn wavefronts(addresses: &WideLanes, mask: u32, size: u64) -> (u64, u64) {
    let group = match size {
        0..=4 => 32,
        8 => 16,
        _ => 8,
    };
    // Where nothing is misaligned, what a lane asks for is one unit, and units have banks as words have.
    let words = size.div_ceil(4);
    let is_aligned =
        lanes_of(mask).fold(0, |bits, lane| bits | addresses[lane]) & (4 * words - 1) == 0;
    let (unit, units) = if is_aligned || words == 1 {
        (4 * words, 1)
    } else {
        (4, words)
    };
    let (banks, shift) = (128 / unit, unit.trailing_zeros());
    let (mut passes, mut groups) = (0, 0);
    for start in (0..WARP).step_by(group) {
        let members = mask >> start & (ALL >> (32 - group));
        if members == 0 {
            continue;
        }
        groups += 1;
        if units == 1 {
            let asked = lanes_of(members).fold(0_u32, |asked, lane| {
                asked | 1 << (addresses[start + lane] >> shift & (banks - 1))
            });
            if asked.count_ones() == members.count_ones() {
                passes += 1; // no two lanes need the same bank
                continue;
            }
            if group == 8 {
                let mut eight = [0; 8];
                for (place, address) in eight.iter_mut().zip(&addresses[start..]) {
                    *place = (address >> shift) as u32;
                }
                passes += passes_of_eight(&eight, members);
                continue;
            }
        }
        // The units that each bank was asked for, in chains that begin at the bank.
        let (mut heads, mut counts) = ([0_u8; 32], [0_u8; 32]);
        let mut asked = [(0_u32, 0_u8); 33];
        let (mut known, mut most) = (0, 1);
        for lane in lanes_of(members) {
            for offset in 0..units {
                let place = ((addresses[start + lane] >> shift) + offset) as u32;
                let bank = place as usize & (banks as usize - 1);
                let mut link = heads[bank];
                while link != 0 && asked[usize::from(link)].0 != place {
                    link = asked[usize::from(link)].1;
                }
                if link == 0 {
                    known += 1;
                    asked[known] = (place, heads[bank]);
                    heads[bank] = known as u8;
                    counts[bank] += 1;
                    most = most.max(counts[bank]);
                }
            }
        }
        passes += u64::from(most);
    }
    (passes, passes - groups)
}

/// The passes that the members of eight lanes need, each for a unit of 16 bytes: as many as there are different units in a bank
/// of that width.
#[inline(always)]
pub(in crate::machine) fn passes_of_eight(units: &[u32; 8], members: u32) -> u64 {
    const ONES: u32 = 0x1111_1111; // four bits a bank
    let mut counts = 0;
    for lane in 0..8 {
        counts += (members >> lane & 1) << (4 * (units[lane] % 8));
    }
    if counts == ONES {
        return 1;
    }
    // Those far from each other may look alike here, but those that ask for the same always do.
    let alike = units
        .iter()
        .fold(0_u64, |alike, unit| alike | 1 << (unit % 64));
    if alike.count_ones() < 8 {
        counts -= repeated(units, members);
    }
    // A count beyond `most` reaches the highest of its bits.
    let is_most = |most: &u32| (counts + (7 - most) * ONES) & (8 * ONES) == 0;
    (1..8).find(is_most).unwrap_or(8).into()
}

/// How many members of eight ask for what one before them asks for: four bits a bank.
#[inline(always)]
fn repeated(units: &[u32; 8], members: u32) -> u32 {
    let mut again = [0; 8];
    for distance in 1..8 {
        for lane in distance..8 {
            let other = lane - distance;
            again[lane] |= u32::from(units[lane] == units[other]) & members >> other;
        }
    }
    let mut counts = 0;
    for lane in 0..8 {
        counts += (again[lane] & members >> lane & 1) << (4 * (units[lane] % 8));
    }
    counts
}

/// Sectors of local memory: its words lie interleaved by lanes, so that the lanes of a warp at one address are neighbours.
pub(super) fn local_sectors(addresses: &WideLanes, mask: u32, size: u64) -> u64 {
    let mut all: Vec<u64> = lanes_of(mask)
        .flat_map(|lane| {
            (0..size.div_ceil(4))
                .map(move |word| (addresses[lane] / 4 + word) * 4 + lane as u64 / 8)
        })
        .collect();
    all.sort_unstable();
    all.dedup();
    all.len() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// The most different units that a bank is asked for, counted one by one.
    fn counted(units: &[u32; 8], members: u32) -> u64 {
        let of_bank = |bank: u32| {
            let lanes = lanes_of(members).filter(|lane| units[*lane] % 8 == bank);
            lanes.map(|lane| units[lane]).collect::<BTreeSet<_>>().len()
        };
        (0..8).map(of_bank).max().unwrap_or(0) as u64
    }

    #[test]
    fn eight_lanes_need_as_many_passes_as_a_bank_has_different_units() {
        assert_eq!(passes_of_eight(&[0, 1, 2, 3, 4, 5, 6, 7], 0xFF), 1);
        assert_eq!(passes_of_eight(&[5; 8], 0xFF), 1);
        assert_eq!(passes_of_eight(&[0, 8, 16, 24, 32, 40, 48, 56], 0xFF), 8);
        assert_eq!(
            passes_of_eight(&[0, 8, 0, 16, 8, 1, 9, 1], 0b1110_1111),
            3,
            "bank 0 has 0, 8 and 16"
        );
        let mut state = 1_u32;
        let mut random = move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state >> 16
        };
        for _ in 0..20_000 {
            let range = 1 << (random() % 8);
            let mut units = [0; 8];
            units.fill_with(|| random() % range * (1 + 7 * (random() % 2)));
            let members = 1 + random() % 255;
            assert_eq!(
                passes_of_eight(&units, members),
                counted(&units, members),
                "{units:?} {members:#b}"
            );
        }
    }
}
