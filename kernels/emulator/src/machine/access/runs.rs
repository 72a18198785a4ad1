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
