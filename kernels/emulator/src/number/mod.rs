//! Arithmetic on numbers as PTX defines it: every format, rounding and saturation.
//!
//! ```text
//!   f16 bits --half----.                        .--> narrow --> f16 bf16 tf32 e4m3 e5m2
//!  bf16 bits --brain---+--> f32 or f64, odd ----+
//!       f32 ---single--'    (exact enough)      '--> f32
//!       f64 ---double--> native, or `exact` on integers of 128 bits
//! ```
//!
//! `single`, `double`, `half` and `brain` have functions of the same names. Numbers of 16 bits and less are their bits.
//! Every result that is not a number is the canonical one of its format, so that all machines agree to the last bit.
//! Sections in comments are those of NVIDIA's "Parallel Thread Execution ISA".

pub mod approximate;
pub mod bits;
pub mod brain;
pub mod convert;
pub mod double;
pub mod exact;
pub mod format;
pub mod half;
pub mod integer;
pub mod limit;
pub mod narrow;
mod odd;
pub mod order;
pub mod permute;
pub mod single;

#[cfg(test)]
mod tests;

/// Which neighbour a result becomes that its format cannot hold (section "Rounding Modifiers").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// `.rn`, `.rni`: the nearest; of two equally near the one whose last bit is 0.
    NearestEven,
    /// `.rna`: the nearest; of two equally near the one farther from zero.
    NearestAway,
    /// `.rz`, `.rzi`: towards zero.
    Zero,
    /// `.rm`, `.rmi`: towards negative infinity.
    Down,
    /// `.rp`, `.rpi`: towards positive infinity.
    Up,
}

impl Rounding {
    /// All of them.
    pub const ALL: [Rounding; 5] = [
        Rounding::NearestEven,
        Rounding::NearestAway,
        Rounding::Zero,
        Rounding::Down,
        Rounding::Up,
    ];

    /// What is added to a magnitude before its last `shift` bits are cut off: cutting then rounds.
    #[inline(always)]
    pub(crate) fn increment(self, negative: bool, significand: u32, shift: u32) -> u32 {
        let half = 1 << (shift - 1);
        let all = (half << 1) - 1;
        match self {
            Rounding::NearestEven => half - 1 + ((significand >> shift) & 1),
            Rounding::NearestAway => half,
            Rounding::Zero => 0,
            Rounding::Down => all * u32::from(negative),
            Rounding::Up => all * u32::from(!negative),
        }
    }

    /// Whether a magnitude that a format cannot hold grows rather than shrinks, when it is no matter of the nearest.
    #[inline(always)]
    pub(crate) fn grows(self, negative: bool) -> bool {
        match self {
            Rounding::Down => negative,
            Rounding::Up => !negative,
            Rounding::Zero => false,
            Rounding::NearestEven | Rounding::NearestAway => true,
        }
    }
}
