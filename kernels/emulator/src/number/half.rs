//! Arithmetic on f16, given as bits: in f32, which has more than twice its digits, and then rounded once.
//!
//! Products of two are exact in f32, and sums are rounded to odd. A quotient that f16 cannot hold differs from all its
//! numbers, and from the middles between them, by more than f32's error, and so does a root.

use super::Rounding;
use super::narrow::{half_to_single, single_to_half};
use super::odd;

/// `add.f16`
#[inline(always)]
pub fn add(a: u16, b: u16, rounding: Rounding) -> u16 {
    sum(half_to_single(a), half_to_single(b), rounding)
}

/// `sub.f16`
#[inline(always)]
pub fn subtract(a: u16, b: u16, rounding: Rounding) -> u16 {
    sum(half_to_single(a), -half_to_single(b), rounding)
}

/// `mul.f16`
#[inline(always)]
pub fn multiply(a: u16, b: u16, rounding: Rounding) -> u16 {
    single_to_half(half_to_single(a) * half_to_single(b), rounding)
}

/// `fma.f16`
#[inline(always)]
pub fn fused(a: u16, b: u16, c: u16, rounding: Rounding) -> u16 {
    sum(
        half_to_single(a) * half_to_single(b),
        half_to_single(c),
        rounding,
    )
}

/// The quotient.
#[inline(always)]
pub fn divide(a: u16, b: u16, rounding: Rounding) -> u16 {
    single_to_half(half_to_single(a) / half_to_single(b), rounding)
}

/// The reciprocal.
#[inline(always)]
pub fn reciprocal(a: u16, rounding: Rounding) -> u16 {
    single_to_half(1.0 / half_to_single(a), rounding)
}

/// The square root.
#[inline(always)]
pub fn square_root(a: u16, rounding: Rounding) -> u16 {
    single_to_half(half_to_single(a).sqrt(), rounding)
}

#[inline(always)]
fn sum(a: f32, b: f32, rounding: Rounding) -> u16 {
    let sum = odd::sum_single(a, b);
    let rounded = single_to_half(sum, rounding);
    if odd::negative_zero(f64::from(sum), f64::from(a), f64::from(b), rounding) {
        0x8000
    } else {
        rounded
    }
}
