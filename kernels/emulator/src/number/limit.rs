//! What modifiers do to operands and results: `.ftz`, `.sat`, `.relu`, and the sign's own instructions.

use super::narrow::{HALF_NAN, canonical_single};

/// `.ftz`: a denormal number becomes a zero of its sign.
#[inline(always)]
pub fn flush_single(a: f32) -> f32 {
    let bits = a.to_bits();
    f32::from_bits(if bits & 0x7f80_0000 == 0 {
        bits & 0x8000_0000
    } else {
        bits
    })
}

/// `.ftz`: a denormal number becomes a zero of its sign.
#[inline(always)]
pub fn flush_half(a: u16) -> u16 {
    if a & 0x7c00 == 0 { a & 0x8000 } else { a }
}

/// A denormal number becomes a zero of its sign.
#[inline(always)]
pub fn flush_double(a: f64) -> f64 {
    let bits = a.to_bits();
    f64::from_bits(if bits & 0x7ff0_0000_0000_0000 == 0 {
        bits & (1 << 63)
    } else {
        bits
    })
}

/// `.sat`: clamped to [0, 1]; what is not a number becomes +0.
#[inline(always)]
pub fn saturate_single(a: f32) -> f32 {
    if a > 0.0 {
        if a < 1.0 { a } else { 1.0 }
    } else {
        0.0
    }
}

/// `.sat`: clamped to [0, 1]; what is not a number becomes +0.
#[inline(always)]
pub fn saturate_double(a: f64) -> f64 {
    if a > 0.0 {
        if a < 1.0 { a } else { 1.0 }
    } else {
        0.0
    }
}

/// `.sat`: clamped to [0, 1]; what is not a number becomes +0.
#[inline(always)]
pub fn saturate_half(a: u16) -> u16 {
    // Negative ones have the highest bit set, and what is not a number lies above infinity.
    if a > 0x7c00 { 0 } else { a.min(0x3c00) }
}

/// `.relu` before narrowing: what is below zero becomes +0; what is not a number stays so.
#[inline(always)]
pub fn rectify_single(a: f32) -> f32 {
    if a <= 0.0 { 0.0 } else { canonical_single(a) }
}

/// `.relu`: what is below zero becomes +0; what is not a number stays so.
#[inline(always)]
pub fn rectify_half(a: u16) -> u16 {
    let not_a_number = a & 0x7fff > 0x7c00;
    if not_a_number {
        HALF_NAN
    } else if a & 0x8000 != 0 {
        0
    } else {
        a
    }
}

/// `.relu`: what is below zero becomes +0; what is not a number stays so.
#[inline(always)]
pub fn rectify_brain(a: u16) -> u16 {
    let not_a_number = a & 0x7fff > 0x7f80;
    if not_a_number {
        HALF_NAN
    } else if a & 0x8000 != 0 {
        0
    } else {
        a
    }
}

/// `copysign.f32 d, a, b`: the magnitude of `b` with the sign of `a`.
#[inline(always)]
pub fn copy_sign_single(a: f32, b: f32) -> f32 {
    f32::from_bits((a.to_bits() & 0x8000_0000) | (b.to_bits() & 0x7fff_ffff))
}

/// `copysign.f64 d, a, b`: the magnitude of `b` with the sign of `a`.
#[inline(always)]
pub fn copy_sign_double(a: f64, b: f64) -> f64 {
    f64::from_bits((a.to_bits() & (1 << 63)) | (b.to_bits() & (u64::MAX >> 1)))
}

/// `abs.f32`
#[inline(always)]
pub fn absolute_single(a: f32) -> f32 {
    f32::from_bits(a.to_bits() & 0x7fff_ffff)
}

/// `neg.f32`
#[inline(always)]
pub fn negate_single(a: f32) -> f32 {
    f32::from_bits(a.to_bits() ^ 0x8000_0000)
}

/// `abs.f64`
#[inline(always)]
pub fn absolute_double(a: f64) -> f64 {
    f64::from_bits(a.to_bits() & (u64::MAX >> 1))
}

/// `neg.f64`
#[inline(always)]
pub fn negate_double(a: f64) -> f64 {
    f64::from_bits(a.to_bits() ^ (1 << 63))
}

/// `abs.f16`, `abs.bf16`
#[inline(always)]
pub fn absolute_half(a: u16) -> u16 {
    a & 0x7fff
}

/// `neg.f16`, `neg.bf16`
#[inline(always)]
pub fn negate_half(a: u16) -> u16 {
    a ^ 0x8000
}
