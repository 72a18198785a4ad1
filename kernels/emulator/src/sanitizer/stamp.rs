//! What is remembered of an access to a word of shared memory, in one number, so that several words are looked at together.
//!
//! ```text
//! bit 63   62            15 14  10 9   5      4       3     0
//!      0     time, then step  warp   lane   strong?   bytes
//! ```
//!
//! The step has as many bits as the program needs, and the time has the others.

/// The place of each part, and what it may be.
const STRONG: u64 = 1 << 4;
const LANE: u32 = 5;
const WARP: u32 = 10;
const STEP: u32 = 15;
const FIVE_BITS: u64 = 31;

/// All bytes of a word.
pub(super) const ALL_BYTES: u8 = 15;

/// The last read or write of a word, or none. The later one is the greater.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stamp(u64);

impl Stamp {
    #[inline(always)]
    pub(super) fn bytes(self) -> u8 {
        self.0 as u8 & ALL_BYTES
    }

    #[inline(always)]
    pub(super) fn is_strong(self) -> bool {
        self.0 & STRONG != 0
    }

    #[inline(always)]
    pub(super) fn lane(self) -> usize {
        (self.0 >> LANE & FIVE_BITS) as usize
    }

    #[inline(always)]
    pub(super) fn warp(self) -> u32 {
        (self.0 >> WARP & FIVE_BITS) as u32
    }

    /// Whether both are of one warp.
    #[inline(always)]
    pub(super) fn has_warp_of(self, other: Stamp) -> bool {
        (self.0 ^ other.0) & FIVE_BITS << WARP == 0
    }

    /// The same of a lane so much behind.
    #[inline(always)]
    pub(super) fn lanes_on(self, lanes: usize) -> Stamp {
        Stamp(self.0 + ((lanes as u64) << LANE))
    }

    /// A number below zero if this is not before another.
    #[inline(always)]
    pub(super) fn lead(self, other: Stamp) -> i64 {
        (other.0 as i64 - 1).wrapping_sub(self.0 as i64)
    }
}

/// How many bits the step has.
#[derive(Clone, Copy)]
pub(super) struct Format {
    step_bits: u32,
}

impl Format {
    /// For a program of so many steps.
    pub(super) fn new(steps: usize) -> Self {
        Format {
            step_bits: usize::BITS - steps.leading_zeros(),
        }
    }

    /// No time may be as late as this.
    pub(super) fn end_of_time(self) -> u64 {
        1 << (63 - STEP - self.step_bits)
    }

    /// The least stamp of a time.
    pub(super) fn least(self, time: u64) -> Stamp {
        Stamp(time << (STEP + self.step_bits))
    }

    #[inline(always)]
    pub(super) fn stamp(
        self,
        time: u64,
        step: u32,
        (warp, lane): (u32, usize),
        is_strong: bool,
        bytes: u8,
    ) -> Stamp {
        let place = u64::from(warp) << WARP | (lane as u64) << LANE;
        let strong = if is_strong { STRONG } else { 0 };
        Stamp(self.least(time).0 | u64::from(step) << STEP | place | strong | u64::from(bytes))
    }

    #[inline(always)]
    pub(super) fn time(self, stamp: Stamp) -> u64 {
        stamp.0 >> (STEP + self.step_bits)
    }

    #[inline(always)]
    pub(super) fn step(self, stamp: Stamp) -> u32 {
        (stamp.0 >> STEP & ((1 << self.step_bits) - 1)) as u32
    }
}
