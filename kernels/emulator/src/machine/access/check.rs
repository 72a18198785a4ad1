//! What is wrong with an access.

#![allow(clippy::too_many_arguments)] // an access has this many sides

use super::Way;
use crate::fault::FaultKind;
use crate::machine::registers::{ALL, WARP, WideLanes, lanes_of};
use crate::machine::room::Room;
use crate::machine::trouble::{Outcome, Rival, Trouble};
use crate::machine::warp::Warp;
use crate::machine::worker::Worker;
use crate::memory::{Buffer, Miss};
use crate::syntax::Space;

impl<'l, const WATCH: bool> Worker<'l, WATCH> {
    /// The buffer of an access to global memory, and the byte in it; or what is wrong with the access.
    #[inline(always)]
    pub(in crate::machine) fn find(
        &self,
        lane: usize,
        at: u64,
        size: u64,
        alignment: u64,
        way: Way,
        room: &Room,
    ) -> Result<(&'l Buffer, u64), Box<Trouble>> {
        let found = self.memory.find(at, size, alignment, way != Way::Load);
        found.map_err(|miss| self.miss(miss, way, Space::Global, lane, at, size, room))
    }

    /// Whether an access may happen.
    pub(in crate::machine) fn check(
        &mut self,
        room: &Room,
        warp: &mut Warp,
        space: Space,
        way: Way,
        lane: usize,
        at: u64,
        size: u64,
    ) -> Outcome {
        let is_write = way != Way::Load;
        let limit = match space {
            Space::Generic | Space::Global => {
                self.find(lane, at, size, size.max(1), way, room)?;
                self.tally.touch(at, size.max(1));
                return Ok(());
            }
            Space::Shared => room.shared.len() as u64,
            Space::Local => (warp.local.len() * 4) as u64,
            Space::Constant => self.launch.constants.len() as u64,
            Space::Parameter => self.launch.parameters.len() as u64,
        };
        let miss = if at >= limit || limit - at < size {
            Miss::OutOfBounds
        } else if at & (size - 1) != 0 {
            Miss::Misaligned
        } else if is_write && matches!(space, Space::Constant | Space::Parameter) {
            Miss::ReadOnly
        } else {
            return Ok(());
        };
        Err(self.miss(miss, way, space, lane, at, size, room))
    }

    #[inline(always)]
    pub(in crate::machine) fn check_shared(
        &self,
        addresses: &WideLanes,
        mask: u32,
        size: u64,
        alignment: u64,
        way: Way,
        room: &Room,
    ) -> Outcome {
        let length = room.shared.len() as u64;
        let lanes = WARP - mask.leading_zeros() as usize;
        if lanes > 0 && mask == ALL >> (WARP - lanes) && size <= length {
            let is_bad = |at: u64| u64::from(at > length - size) | at & (alignment - 1);
            let bad = addresses[..lanes].iter();
            if bad.fold(0, |bad, at| bad | is_bad(*at)) == 0 {
                return Ok(());
            }
        }
        for lane in lanes_of(mask) {
            let at = addresses[lane];
            let miss = if at >= length || length - at < size {
                Miss::OutOfBounds
            } else if at & (alignment - 1) != 0 {
                Miss::Misaligned
            } else {
                continue;
            };
            return Err(self.miss(miss, way, Space::Shared, lane, at, size, room));
        }
        Ok(())
    }

    /// What is wrong with an access.
    #[cold]
    #[allow(clippy::too_many_arguments)] // an access has this many sides
    pub(in crate::machine) fn miss(
        &self,
        miss: Miss,
        way: Way,
        space: Space,
        lane: usize,
        at: u64,
        size: u64,
        room: &Room,
    ) -> Box<Trouble> {
        let kind = match miss {
            Miss::OutOfBounds => FaultKind::OutOfBounds,
            Miss::Misaligned => FaultKind::Misaligned,
            Miss::Freed => FaultKind::UseAfterFree,
            Miss::ReadOnly => FaultKind::ReadOnly,
        };
        let word = way.word();
        let place = match space {
            Space::Shared => format!("shared memory of {} bytes", room.shared.len()),
            Space::Local => "local memory".to_owned(),
            Space::Constant => "constant memory".to_owned(),
            Space::Parameter => "parameters".to_owned(),
            Space::Generic | Space::Global => match self.memory.owner(at) {
                Some((buffer, byte)) => {
                    format!("{} of {} bytes, at byte {byte}", buffer.name, buffer.bytes)
                }
                None => "no allocation".to_owned(),
            },
        };
        let detail = match miss {
            Miss::OutOfBounds if space == Space::Shared => {
                format!("{word} of {size} bytes at byte {at} is outside of {place}")
            }
            Miss::OutOfBounds => format!("{word} of {size} bytes at {at:#x} is outside of {place}"),
            Miss::Misaligned => {
                format!("{word} of {size} bytes at {at:#x} is not aligned ({place})")
            }
            Miss::Freed => format!("{word} of {size} bytes at {at:#x} after {place} was freed"),
            Miss::ReadOnly => format!("{word} of {size} bytes to {place}, which may only be read"),
        };
        let mut trouble = Trouble::at_lane(kind, lane, detail);
        trouble.access = Some((at, size as u32));
        trouble
    }

    /// A race, or a read of what nobody wrote.
    #[cold]
    #[allow(clippy::too_many_arguments)] // an access has this many sides
    pub(super) fn found(
        &self,
        kind: FaultKind,
        way: Way,
        space: Space,
        lane: usize,
        at: u64,
        size: u64,
        rival: Option<Rival>,
    ) -> Box<Trouble> {
        let place = match space {
            Space::Shared => format!("byte {at} of shared memory"),
            Space::Local => format!("byte {at} of local memory"),
            _ => match self.memory.owner(at) {
                Some((buffer, byte)) => format!("byte {byte} of {}", buffer.name),
                None => format!("{at:#x}"),
            },
        };
        let word = way.word();
        let detail = match kind {
            FaultKind::Uninitialised => format!("{word} of {place}, which nobody wrote"),
            FaultKind::PendingCopy => format!("{word} of {place}, to which a copy is under way"),
            _ => format!("race: {word} of {place}"),
        };
        let mut trouble = Trouble::at_lane(kind, lane, detail);
        trouble.access = Some((at, size as u32));
        trouble.rival = rival;
        trouble
    }
}
