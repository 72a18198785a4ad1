//! The lanes of a warp that the sanitizer looks at together, since they access words side by side, or load the same ones.

#![allow(clippy::too_many_arguments)] // an access has this many sides

use super::Way;
use super::watch::write_deed;
use crate::machine::registers::{WARP, WideLanes, lanes_of};
use crate::machine::room::Room;
use crate::machine::trouble::Outcome;
use crate::machine::warp::Warp;
use crate::machine::worker::Worker;
use crate::sanitizer::{Deed, Glance};
use crate::syntax::Space;

/// A plain access to words side by side, by lanes that follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::machine) struct Run {
    /// The first lane.
    pub(in crate::machine) lane: usize,
    /// The logarithm of the words that each lane accesses.
    pub(in crate::machine) words_log: u8,
    pub(in crate::machine) at: u64,
    /// The words of all lanes.
    pub(in crate::machine) words: usize,
}

impl Run {
    /// All lanes of a warp, a word each.
    pub(super) fn row(at: u64) -> Self {
        Run {
            lane: 0,
            words_log: 0,
            at,
            words: WARP,
        }
    }
}

/// Lanes that are looked at together: their mask, and as what.
fn runs(
    addresses: &WideLanes,
    mask: u32,
    words: usize,
    way: Way,
) -> impl Iterator<Item = (u32, Run)> {
    let size = 4 * words as u64;
    let (mut follows, mut repeats) = (0, 0);
    for lane in 1..WARP {
        let step = addresses[lane].wrapping_sub(addresses[lane - 1]);
        follows |= u32::from(step == size) << lane;
        repeats |= u32::from(step == 0) << lane;
    }
    let pairs = mask & mask << 1;
    follows &= pairs;
    // What lanes write to one place is looked at one by one.
    repeats &= if way == Way::Load { pairs } else { 0 };
    let mut rest = mask;
    std::iter::from_fn(move || {
        if rest == 0 {
            return None;
        }
        let first = rest.trailing_zeros() as usize;
        let after = |bits: u32| (bits >> first >> 1).trailing_ones() as usize;
        let (same, more) = (after(repeats), after(follows));
        // Of lanes that load the same, the last is remembered.
        let (last, lane, lanes) = match same {
            0 => (first + more, first, 1 + more),
            _ => (first + same, first + same, 1),
        };
        let members = u32::MAX >> (WARP - 1 - last) & u32::MAX << first;
        rest &= !members;
        let run = Run {
            lane,
            words_log: words.trailing_zeros() as u8,
            at: addresses[lane],
            words: lanes * words,
        };
        Some((members, run))
    })
}

/// Looks at an access to shared memory; whether that was all there is to look at.
#[inline(always)]
pub(in crate::machine) fn watch_shared_run(
    room: &mut Room,
    glance: Option<Glance>,
    run: Run,
    is_write: bool,
) -> bool {
    let (Some(watch), Some(glance)) = (&mut room.watch, glance) else {
        return false;
    };
    let lanes = (run.lane, run.words_log);
    watch.access_words(glance, run.at, run.words, lanes, is_write)
}

impl<const WATCH: bool> Worker<'_, WATCH> {
    /// Looks at plain loads or stores, before they happen, at places that were checked: of one word or several a lane, from or to
    /// as many registers.
    #[inline(always)]
    pub(super) fn watch_lanes(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        slots: &[u32],
        space: Space,
        addresses: &WideLanes,
        mask: u32,
        way: Way,
    ) -> Outcome {
        let is_write = way != Way::Load;
        let glance = self.glance(room, warp.id);
        for (members, run) in runs(addresses, mask, slots.len(), way) {
            let is_fine = match space {
                Space::Shared => watch_shared_run(room, glance, run, is_write),
                _ => self.watch_global_run(room, warp.id, run, is_write),
            };
            if !is_fine {
                for lane in lanes_of(members) {
                    self.watch_lane(warp, room, slots, space, lane, addresses[lane], way)?;
                }
            }
        }
        Ok(())
    }

    /// The same of one lane, word by word.
    pub(super) fn watch_lane(
        &mut self,
        warp: &mut Warp,
        room: &mut Room,
        slots: &[u32],
        space: Space,
        lane: usize,
        at: u64,
        way: Way,
    ) -> Outcome {
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
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The masks, first lanes, addresses and words of the runs of some lanes.
    fn of(addresses: &[u64], mask: u32, words: usize, way: Way) -> Vec<(u32, usize, u64, usize)> {
        let mut all = [0; WARP];
        all[..addresses.len()].copy_from_slice(addresses);
        let runs = runs(&all, mask, words, way);
        runs.map(|(members, run)| (members, run.lane, run.at, run.words))
            .collect()
    }

    #[test]
    fn a_warp_side_by_side_is_one_run() {
        let row: Vec<u64> = (0..32).map(|lane| 400 + 4 * lane).collect();
        for way in [Way::Load, Way::Store] {
            assert_eq!(of(&row, u32::MAX, 1, way), [(u32::MAX, 0, 400, 32)]);
        }
        let one = of(&row, 1 << 31, 1, Way::Load);
        assert_eq!(one, [(1 << 31, 31, 524, 1)]);
        assert_eq!(of(&row, 0, 1, Way::Load), []);
    }

    #[test]
    fn lanes_with_several_words_follow_at_their_distance() {
        let pairs = [0, 16, 48, 64, 100, 104];
        let runs = of(&pairs, 0b11_1111, 4, Way::Store);
        let expected = [
            (0b11, 0, 0, 8),
            (0b1100, 2, 48, 8),
            (0b1_0000, 4, 100, 4),
            (0b10_0000, 5, 104, 4),
        ];
        assert_eq!(runs, expected);
    }

    #[test]
    fn a_lane_that_is_not_there_ends_a_run() {
        let runs = of(&[0, 4, 8, 12, 16], 0b1_1011, 1, Way::Load);
        assert_eq!(runs, [(0b11, 0, 0, 2), (0b1_1000, 3, 12, 2)]);
    }

    #[test]
    fn of_lanes_that_load_the_same_the_last_stands_for_all() {
        let same = [8, 8, 8, 12, 12, 16, 20];
        let runs = of(&same, 0b111_1111, 1, Way::Load);
        let expected = [
            (0b111, 2, 8, 1),
            (0b1_1000, 4, 12, 1),
            (0b110_0000, 5, 16, 2),
        ];
        assert_eq!(runs, expected);
        // What they write may differ.
        let runs = of(&[8, 8], 0b11, 1, Way::Store);
        assert_eq!(runs, [(0b01, 0, 8, 1), (0b10, 1, 8, 1)]);
    }
}
