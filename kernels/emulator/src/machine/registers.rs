//! The registers of a warp: each is an array over its 32 lanes.
//!
//! ```text
//! narrow[slot]     = [lane 0, lane 1, ... lane 31]   32 bits each; 16-bit values stand in the low half, zeros above
//! wide[slot]       = the same, 64 bits each
//! predicates[slot] = one bit a lane
//! ```

use super::lines::Lines;
use crate::matrix::{Aligned, Lanes};

/// How many lanes a warp has.
pub(crate) const WARP: usize = 32;

/// A mask with every lane in it.
pub(crate) const ALL: u32 = u32::MAX;

/// A 64-bit value of each lane.
pub(crate) type WideLanes = [u64; WARP];

/// Which of the three register files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Class {
    /// 32 bits and less.
    Narrow,
    /// 64 bits.
    Wide,
    /// One bit.
    Predicate,
}

/// All registers of a warp.
pub(crate) struct Registers {
    pub(crate) narrow: Vec<Aligned<Lanes>>,
    pub(crate) wide: Vec<Aligned<WideLanes>>,
    pub(crate) predicates: Vec<u32>,
    /// Which of them lie on lines; of some of those only the first lane is there.
    pub(super) known: Lines,
}

impl Registers {
    /// Zeros: so many of each class.
    pub(crate) fn new(counts: [usize; 3]) -> Self {
        Registers {
            narrow: vec![Aligned([0; WARP]); counts[Class::Narrow as usize]],
            wide: vec![Aligned([0; WARP]); counts[Class::Wide as usize]],
            predicates: vec![0; counts[Class::Predicate as usize]],
            known: Lines::new(),
        }
    }

    #[inline(always)]
    pub(crate) fn narrow(&self, slot: u32) -> &Lanes {
        &self.narrow[slot as usize].0
    }

    #[inline(always)]
    pub(crate) fn narrow_mut(&mut self, slot: u32) -> &mut Lanes {
        &mut self.narrow[slot as usize].0
    }

    #[inline(always)]
    pub(crate) fn wide(&self, slot: u32) -> &WideLanes {
        &self.wide[slot as usize].0
    }

    #[inline(always)]
    pub(crate) fn wide_mut(&mut self, slot: u32) -> &mut WideLanes {
        &mut self.wide[slot as usize].0
    }

    #[inline(always)]
    pub(crate) fn predicate(&self, slot: u32) -> u32 {
        self.predicates[slot as usize]
    }

    /// Sets the lanes of a mask.
    #[inline(always)]
    pub(crate) fn set_narrow(&mut self, slot: u32, mask: u32, values: &Lanes) {
        merge(self.narrow_mut(slot), values, mask);
    }

    /// Sets the lanes of a mask.
    #[inline(always)]
    pub(crate) fn set_wide(&mut self, slot: u32, mask: u32, values: &WideLanes) {
        merge(self.wide_mut(slot), values, mask);
    }

    /// Sets the lanes of a mask.
    #[inline(always)]
    pub(crate) fn set_predicate(&mut self, slot: u32, mask: u32, values: u32) {
        let place = &mut self.predicates[slot as usize];
        *place = *place & !mask | values & mask;
    }

    /// Sets all lanes of a register of any class to zero.
    pub(crate) fn clear(&mut self, class: Class, slot: u32) {
        match class {
            Class::Narrow => *self.narrow_mut(slot) = [0; WARP],
            Class::Wide => *self.wide_mut(slot) = [0; WARP],
            Class::Predicate => self.predicates[slot as usize] = 0,
        }
    }

    /// A register of any class, as bits.
    pub(crate) fn bits(&self, class: Class, slot: u32, lane: usize) -> u64 {
        match class {
            Class::Narrow => self.narrow(slot)[lane].into(),
            Class::Wide => self.wide(slot)[lane],
            Class::Predicate => (self.predicate(slot) >> lane & 1).into(),
        }
    }

    /// Sets one lane of a register of any class.
    pub(crate) fn set_bits(&mut self, class: Class, slot: u32, lane: usize, bits: u64) {
        match class {
            Class::Narrow => self.narrow_mut(slot)[lane] = bits as u32,
            Class::Wide => self.wide_mut(slot)[lane] = bits,
            Class::Predicate => self.set_predicate(slot, 1 << lane, (bits as u32 & 1) << lane),
        }
    }
}

/// Overwrites the lanes of a mask.
#[inline(always)]
fn merge<T: Copy>(old: &mut [T; WARP], new: &[T; WARP], mask: u32) {
    if mask == ALL {
        *old = *new;
    } else {
        for lane in 0..WARP {
            if mask >> lane & 1 != 0 {
                old[lane] = new[lane];
            }
        }
    }
}

/// The lanes of a mask, from the first to the last.
pub(crate) fn lanes_of(mask: u32) -> impl Iterator<Item = usize> {
    let mut rest = mask;
    std::iter::from_fn(move || {
        let lane = rest.trailing_zeros() as usize;
        rest &= rest.wrapping_sub(1);
        (lane < WARP).then_some(lane)
    })
}
