//! Arithmetic on bf16, given as bits: in f64, since products leave the range of f32, and then rounded once.

use super::Rounding;
use super::narrow::{brain_to_single, double_to_brain};
use super::odd;

/// `add.bf16`
#[inline(always)]
pub fn add(a: u16, b: u16, rounding: Rounding) -> u16 {
    sum(widen(a), widen(b), rounding)
}

/// `sub.bf16`
#[inline(always)]
pub fn subtract(a: u16, b: u16, rounding: Rounding) -> u16 {
    sum(widen(a), -widen(b), rounding)
}

/// `mul.bf16`
#[inline(always)]
pub fn multiply(a: u16, b: u16, rounding: Rounding) -> u16 {
    double_to_brain(widen(a) * widen(b), rounding)
}

/// `fma.bf16`
#[inline(always)]
pub fn fused(a: u16, b: u16, c: u16, rounding: Rounding) -> u16 {
    sum(widen(a) * widen(b), widen(c), rounding)
}

/// The quotient.
#[inline(always)]
pub fn divide(a: u16, b: u16, rounding: Rounding) -> u16 {
    double_to_brain(widen(a) / widen(b), rounding)
}

/// The reciprocal.
#[inline(always)]
pub fn reciprocal(a: u16, rounding: Rounding) -> u16 {
    double_to_brain(1.0 / widen(a), rounding)
}

/// The square root.
#[inline(always)]
pub fn square_root(a: u16, rounding: Rounding) -> u16 {
    double_to_brain(widen(a).sqrt(), rounding)
}

#[inline(always)]
fn widen(a: u16) -> f64 {
    f64::from(brain_to_single(a))
}

#[inline(always)]
fn sum(a: f64, b: f64, rounding: Rounding) -> u16 {
    let sum = odd::sum_double(a, b);
    let rounded = double_to_brain(sum, rounding);
    if odd::negative_zero(sum, a, b, rounding) {
        0x8000
    } else {
        rounded
    }
}
