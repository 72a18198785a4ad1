//! Rounding to odd: what is not exact gets the neighbour whose last bit is 1.
//!
//! A number so rounded, with two bits or more to spare, can be rounded once more, in any direction, as if it had been exact
//! (Boldo and Melquiond, "Emulation of FMA and correctly rounded sums", 2008).

use super::Rounding;

/// The sum rounded to odd. Neither operand may be so small that the error of the sum underflows, which numbers widened from
/// a shorter format are not, nor products of two of them.
#[inline(always)]
pub(crate) fn sum_double(a: f64, b: f64) -> f64 {
    let sum = a + b;
    let part = sum - a;
    let error = (a - (sum - part)) + (b - part);
    let bits = sum.to_bits();
    let step = if (error > 0.0) == (sum > 0.0) {
        1
    } else {
        u64::MAX
    };
    let inexact = (error < 0.0) | (error > 0.0);
    f64::from_bits(if inexact & (bits & 1 == 0) {
        bits.wrapping_add(step)
    } else {
        bits
    })
}

/// Like [`sum_double`], for numbers widened from f16 and products of two of them.
#[inline(always)]
pub(crate) fn sum_single(a: f32, b: f32) -> f32 {
    let sum = a + b;
    let part = sum - a;
    let error = (a - (sum - part)) + (b - part);
    let bits = sum.to_bits();
    let step = if (error > 0.0) == (sum > 0.0) {
        1
    } else {
        u32::MAX
    };
    let inexact = (error < 0.0) | (error > 0.0);
    f32::from_bits(if inexact & (bits & 1 == 0) {
        bits.wrapping_add(step)
    } else {
        bits
    })
}

/// The number rounded to odd.
#[inline(always)]
pub(crate) fn narrow(a: f64) -> f32 {
    let nearest = a as f32;
    let bits = nearest.to_bits();
    let back = f64::from(nearest);
    let step = if a.abs() > back.abs() { 1 } else { u32::MAX };
    let inexact = (a < back) | (a > back);
    f32::from_bits(if inexact & (bits & 1 == 0) {
        bits.wrapping_add(step)
    } else {
        bits
    })
}

/// Whether the sum, which is zero, must be `-0`: so it is towards negative infinity unless both were `+0`.
#[inline(always)]
pub(crate) fn negative_zero(sum: f64, a: f64, b: f64, rounding: Rounding) -> bool {
    (rounding == Rounding::Down) & (sum == 0.0) & (a.is_sign_negative() | b.is_sign_negative())
}
