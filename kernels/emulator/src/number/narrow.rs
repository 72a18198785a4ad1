//! From one format of floating-point numbers to another: `cvt` between floats.

use super::Rounding;
use super::exact;
use super::format::{Format, Overflow};
use super::odd;

/// Bits of the f32 that is not a number.
pub const SINGLE_NAN: u32 = 0x7fff_ffff;
/// Bits of the f16 that is not a number, and of the bf16.
pub const HALF_NAN: u16 = 0x7fff;
/// Bits of the f64 that is not a number.
pub const DOUBLE_NAN: u64 = 0x7ff8_0000_0000_0000;

/// The same number, or the canonical one that is none.
#[inline(always)]
pub fn canonical_single(a: f32) -> f32 {
    // Asked of integers: to the compiler all floats that are not numbers are one, and `is_nan` would change nothing.
    let bits = a.to_bits();
    f32::from_bits(if bits & 0x7fff_ffff > 0x7f80_0000 {
        SINGLE_NAN
    } else {
        bits
    })
}

/// The same number, or the canonical one that is none.
#[inline(always)]
pub fn canonical_double(a: f64) -> f64 {
    let bits = a.to_bits();
    f64::from_bits(if bits & (u64::MAX >> 1) > 0x7ff0_0000_0000_0000 {
        DOUBLE_NAN
    } else {
        bits
    })
}

/// `cvt.f32.f16`, without loss.
#[inline(always)]
pub fn half_to_single(a: u16) -> f32 {
    let magnitude = u32::from(a & 0x7fff);
    // As an f32 the fields mean a number 2^112 times too small, denormal ones included.
    let scaled = f32::from_bits(magnitude << 13) * f32::from_bits((112 + 127) << 23);
    let special = if magnitude > 0x7c00 {
        SINGLE_NAN
    } else {
        0x7f80_0000
    };
    let bits = if magnitude >= 0x7c00 {
        special
    } else {
        scaled.to_bits()
    };
    let sign = if magnitude > 0x7c00 {
        0
    } else {
        u32::from(a & 0x8000) << 16
    };
    f32::from_bits(bits | sign)
}

/// `cvt.f32.bf16`, without loss.
#[inline(always)]
pub fn brain_to_single(a: u16) -> f32 {
    canonical_single(f32::from_bits(u32::from(a) << 16))
}

/// From an 8-bit format to f32, without loss.
#[inline(always)]
pub fn byte_to_single(format: Format, a: u8) -> f32 {
    f32::from_bits(exact::convert(
        format,
        Format::F32,
        u64::from(a),
        Rounding::Zero,
        Overflow::ByRounding,
    ) as u32)
}

/// `cvt.{rn,rz,rm,rp}.f16.f32`.
#[inline(always)]
pub fn single_to_half(a: f32, rounding: Rounding) -> u16 {
    narrow(Format::F16, a, rounding, Overflow::ByRounding) as u16
}

/// `cvt.{rn,rz,rm,rp}.bf16.f32`.
#[inline(always)]
pub fn single_to_brain(a: f32, rounding: Rounding) -> u16 {
    (cut(a, 16, rounding) >> 16) as u16
}

/// `cvt.{rn,rz,rna}.tf32.f32`: an f32 whose lowest 13 bits are 0.
#[inline(always)]
pub fn single_to_tensor(a: f32, rounding: Rounding) -> u32 {
    if a.is_nan() {
        SINGLE_NAN
    } else {
        cut(a, 13, rounding)
    }
}

/// Rounds the fraction to `drop` bits fewer. A carry makes the exponent larger and the largest number infinite.
#[inline(always)]
fn cut(a: f32, drop: u32, rounding: Rounding) -> u32 {
    let bits = a.to_bits();
    let increment = rounding.increment(a.is_sign_negative(), bits, drop);
    let rounded = bits.wrapping_add(increment) & (u32::MAX << drop);
    if a.is_nan() {
        SINGLE_NAN
    } else if a.is_infinite() {
        bits
    } else {
        rounded
    }
}

/// From f32 to a format of at most 16 bits with a narrower exponent: f16, e4m3, e5m2.
#[inline(always)]
pub fn narrow(format: Format, a: f32, rounding: Rounding, overflow: Overflow) -> u32 {
    let bits = a.to_bits();
    let magnitude = bits & 0x7fff_ffff;
    let negative = a.is_sign_negative();
    let field = (magnitude >> 23) as i32;
    let lowest = 128 - format.bias();
    // Below the smallest normal number more bits fall off; with 25 all of the significand is less than a half.
    let shift = (23 - format.fraction_bits + (lowest - field).max(0) as u32).min(25);
    let leading = u32::from(magnitude != 0) << 23;
    let significand = leading | (magnitude & 0x7f_ffff);
    let kept = (significand + rounding.increment(negative, significand, shift)) >> shift;
    let rounded = (((field - lowest).max(0) as u32) << format.fraction_bits) + kept;

    let beyond = format.beyond() as u32;
    let grows = if a.is_infinite() {
        true
    } else {
        rounding.grows(negative)
    };
    let limit = if grows & (overflow == Overflow::ByRounding) {
        beyond
    } else {
        beyond - 1
    };
    let limited = if rounded >= beyond { limit } else { rounded };
    if a.is_nan() {
        format.not_a_number() as u32
    } else {
        limited | ((bits >> 31) * format.sign() as u32)
    }
}

/// `cvt.{rn,rz,rm,rp}.f32.f64`.
#[inline(always)]
pub fn double_to_single(a: f64, rounding: Rounding) -> f32 {
    let nearest = a as f32;
    let back = f64::from(nearest);
    let bits = nearest.to_bits();
    let rounded = match rounding {
        Rounding::NearestEven => bits,
        Rounding::NearestAway => exact::convert(
            Format::F64,
            Format::F32,
            a.to_bits(),
            rounding,
            Overflow::ByRounding,
        ) as u32,
        _ if rounding.grows(a.is_sign_negative()) => {
            bits.wrapping_add(u32::from(a.abs() > back.abs()))
        }
        _ => bits.wrapping_sub(u32::from(a.abs() < back.abs())),
    };
    canonical_single(f32::from_bits(rounded))
}

/// `cvt.{rn,rz,rm,rp}.f16.f64`.
#[inline(always)]
pub fn double_to_half(a: f64, rounding: Rounding) -> u16 {
    single_to_half(odd::narrow(a), rounding)
}

/// `cvt.{rn,rz,rm,rp}.bf16.f64`.
#[inline(always)]
pub fn double_to_brain(a: f64, rounding: Rounding) -> u16 {
    single_to_brain(odd::narrow(a), rounding)
}

/// Two numbers of 16 bits in a register: `cvt.f16x2.f32 d, high, low` puts its first operand into the upper half.
#[inline(always)]
pub fn pack(high: u16, low: u16) -> u32 {
    (u32::from(high) << 16) | u32::from(low)
}

/// The upper and the lower number of a register.
#[inline(always)]
pub fn unpack(packed: u32) -> (u16, u16) {
    ((packed >> 16) as u16, packed as u16)
}
