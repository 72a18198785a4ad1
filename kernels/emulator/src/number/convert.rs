//! `cvt` with integers on one side or both, and rounding to integers within a format.

use super::Rounding;
use super::exact;
use super::format::Format;
use super::narrow::{
    canonical_double, canonical_single, double_to_brain, double_to_half, double_to_single,
    half_to_single, single_to_half,
};

/// A type of integers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Integer {
    /// 8, 16, 32 or 64.
    pub bits: u32,
    /// Whether in two's complement.
    pub signed: bool,
}

impl Integer {
    /// `.s8`
    pub const S8: Integer = Integer {
        bits: 8,
        signed: true,
    };
    /// `.s16`
    pub const S16: Integer = Integer {
        bits: 16,
        signed: true,
    };
    /// `.s32`
    pub const S32: Integer = Integer {
        bits: 32,
        signed: true,
    };
    /// `.s64`
    pub const S64: Integer = Integer {
        bits: 64,
        signed: true,
    };
    /// `.u8`
    pub const U8: Integer = Integer {
        bits: 8,
        signed: false,
    };
    /// `.u16`
    pub const U16: Integer = Integer {
        bits: 16,
        signed: false,
    };
    /// `.u32`
    pub const U32: Integer = Integer {
        bits: 32,
        signed: false,
    };
    /// `.u64`
    pub const U64: Integer = Integer {
        bits: 64,
        signed: false,
    };

    /// The least number of the type.
    #[inline(always)]
    pub const fn least(self) -> i128 {
        if self.signed {
            -(1 << (self.bits - 1))
        } else {
            0
        }
    }

    /// The greatest number of the type.
    #[inline(always)]
    pub const fn greatest(self) -> i128 {
        (1 << (self.bits - self.signed as u32)) - 1
    }

    /// The lowest bits of a register, extended to 64 bits as the type's sign demands.
    #[inline(always)]
    pub const fn extend(self, register: u64) -> u64 {
        let unused = 64 - self.bits;
        if self.signed {
            (((register << unused) as i64) >> unused) as u64
        } else {
            (register << unused) >> unused
        }
    }

    /// The number that the lowest bits of a register stand for.
    #[inline(always)]
    pub const fn value(self, register: u64) -> i128 {
        let extended = self.extend(register);
        if self.signed {
            extended as i64 as i128
        } else {
            extended as i128
        }
    }
}

/// `cvt` between integers: the lowest bits, or with `.sat` the nearest number of the type; extended to 64 bits.
#[inline(always)]
pub fn integer_to_integer(register: u64, from: Integer, to: Integer, saturate: bool) -> u64 {
    if saturate {
        return from.value(register).clamp(to.least(), to.greatest()) as u64;
    }
    to.extend(from.extend(register))
}

/// `cvt.{rni,rzi,rmi,rpi}.f32.f32`
#[inline(always)]
pub fn integral_single(a: f32, rounding: Rounding) -> f32 {
    canonical_single(match rounding {
        Rounding::NearestEven => a.round_ties_even(),
        Rounding::NearestAway => a.round(),
        Rounding::Zero => a.trunc(),
        Rounding::Down => a.floor(),
        Rounding::Up => a.ceil(),
    })
}

/// `cvt.{rni,rzi,rmi,rpi}.f64.f64`
#[inline(always)]
pub fn integral_double(a: f64, rounding: Rounding) -> f64 {
    canonical_double(match rounding {
        Rounding::NearestEven => a.round_ties_even(),
        Rounding::NearestAway => a.round(),
        Rounding::Zero => a.trunc(),
        Rounding::Down => a.floor(),
        Rounding::Up => a.ceil(),
    })
}

/// `cvt.{rni,rzi,rmi,rpi}.f16.f16`
#[inline(always)]
pub fn integral_half(a: u16, rounding: Rounding) -> u16 {
    // Every integer of f16's range that rounding can yield has an f16.
    single_to_half(integral_single(half_to_single(a), rounding), Rounding::Zero)
}

/// `cvt` from f32, or an f16 or bf16 widened to it, to an integer; extended to 64 bits. Always saturates.
///
/// What is not a number becomes 0, or with 64 bits the one whose highest bit alone is set.
#[inline(always)]
pub fn single_to_integer(a: f32, to: Integer, rounding: Rounding) -> u64 {
    let rounded = integral_single(a, rounding);
    match (to.bits, to.signed) {
        (64, _) if a.is_nan() => 1 << 63,
        (64, true) => rounded as i64 as u64,
        (64, false) => rounded as u64,
        (32, true) => rounded as i32 as u64,
        (32, false) => u64::from(rounded as u32),
        (16, true) => rounded as i16 as u64,
        (16, false) => u64::from(rounded as u16),
        (_, true) => rounded as i8 as u64,
        (_, false) => u64::from(rounded as u8),
    }
}

/// `cvt` from f64 to an integer; extended to 64 bits. Always saturates.
///
/// What is not a number becomes the one whose highest bit alone is set.
#[inline(always)]
pub fn double_to_integer(a: f64, to: Integer, rounding: Rounding) -> u64 {
    let rounded = integral_double(a, rounding);
    if a.is_nan() {
        return to.extend(1 << (to.bits - 1));
    }
    match (to.bits, to.signed) {
        (64, true) => rounded as i64 as u64,
        (64, false) => rounded as u64,
        (32, true) => rounded as i32 as u64,
        (32, false) => u64::from(rounded as u32),
        (16, true) => rounded as i16 as u64,
        (16, false) => u64::from(rounded as u16),
        (_, true) => rounded as i8 as u64,
        (_, false) => u64::from(rounded as u8),
    }
}

/// `cvt` from an integer in the lowest bits of a register to f32.
#[inline(always)]
pub fn integer_to_single(register: u64, from: Integer, rounding: Rounding) -> f32 {
    let extended = from.extend(register);
    match (from.bits, from.signed, rounding) {
        (64, true, Rounding::NearestEven) => extended as i64 as f32,
        (64, false, Rounding::NearestEven) => extended as f32,
        (64, ..) => {
            f32::from_bits(exact::integer(Format::F32, from.value(register), rounding) as u32)
        }
        (_, true, Rounding::NearestEven) => extended as i32 as f32,
        (_, false, Rounding::NearestEven) => extended as u32 as f32,
        _ => double_to_single(exact_double(extended, from.signed), rounding),
    }
}

/// `cvt` from an integer in the lowest bits of a register to f64.
#[inline(always)]
pub fn integer_to_double(register: u64, from: Integer, rounding: Rounding) -> f64 {
    let extended = from.extend(register);
    match (from.bits, from.signed, rounding) {
        (64, true, Rounding::NearestEven) => extended as i64 as f64,
        (64, false, Rounding::NearestEven) => extended as f64,
        (64, ..) => f64::from_bits(exact::integer(Format::F64, from.value(register), rounding)),
        _ => exact_double(extended, from.signed),
    }
}

/// `cvt` from an integer in the lowest bits of a register to f16.
#[inline(always)]
pub fn integer_to_half(register: u64, from: Integer, rounding: Rounding) -> u16 {
    // What f64 cannot hold is far beyond the range of f16.
    double_to_half(
        integer_to_double(register, from, Rounding::NearestEven),
        rounding,
    )
}

/// `cvt` from an integer in the lowest bits of a register to bf16.
#[inline(always)]
pub fn integer_to_brain(register: u64, from: Integer, rounding: Rounding) -> u16 {
    match from.bits {
        64 => exact::integer(Format::BF16, from.value(register), rounding) as u16,
        _ => double_to_brain(exact_double(from.extend(register), from.signed), rounding),
    }
}

/// An extended integer of 32 bits or fewer.
#[inline(always)]
fn exact_double(extended: u64, signed: bool) -> f64 {
    if signed {
        f64::from(extended as i32)
    } else {
        f64::from(extended as u32)
    }
}
