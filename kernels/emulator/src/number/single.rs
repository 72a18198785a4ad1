//! Arithmetic on f32.
//!
//! A result in f64 lets every rounding of f32 be found: products are exact there, sums are rounded to odd, and a quotient or
//! a root that f32 cannot hold differs from all numbers of f32 by more than f64's error, 2^-53 of it: for a quotient `a / b`
//! and a number `r`, `a - r b` is a multiple of both last places' product, so that they differ by at least 2^-48 of it;
//! for a root likewise through `a - r r`.

use super::Rounding;
use super::narrow::{canonical_single, double_to_single};
use super::odd;

/// `add.f32`
#[inline(always)]
pub fn add(a: f32, b: f32, rounding: Rounding) -> f32 {
    if rounding == Rounding::NearestEven {
        return canonical_single(a + b);
    }
    sum(f64::from(a), f64::from(b), rounding)
}

/// `sub.f32`
#[inline(always)]
pub fn subtract(a: f32, b: f32, rounding: Rounding) -> f32 {
    add(a, -b, rounding)
}

/// `mul.f32`
#[inline(always)]
pub fn multiply(a: f32, b: f32, rounding: Rounding) -> f32 {
    if rounding == Rounding::NearestEven {
        return canonical_single(a * b);
    }
    double_to_single(f64::from(a) * f64::from(b), rounding)
}

/// `fma.f32`, `mad.f32`
#[inline(always)]
pub fn fused(a: f32, b: f32, c: f32, rounding: Rounding) -> f32 {
    if rounding == Rounding::NearestEven {
        return canonical_single(a.mul_add(b, c));
    }
    sum(f64::from(a) * f64::from(b), f64::from(c), rounding)
}

/// `div.{rn,rz,rm,rp}.f32`
#[inline(always)]
pub fn divide(a: f32, b: f32, rounding: Rounding) -> f32 {
    if rounding == Rounding::NearestEven {
        return canonical_single(a / b);
    }
    double_to_single(f64::from(a) / f64::from(b), rounding)
}

/// `rcp.{rn,rz,rm,rp}.f32`
#[inline(always)]
pub fn reciprocal(a: f32, rounding: Rounding) -> f32 {
    divide(1.0, a, rounding)
}

/// `sqrt.{rn,rz,rm,rp}.f32`
#[inline(always)]
pub fn square_root(a: f32, rounding: Rounding) -> f32 {
    if rounding == Rounding::NearestEven {
        return canonical_single(a.sqrt());
    }
    double_to_single(f64::from(a).sqrt(), rounding)
}

#[inline(always)]
fn sum(a: f64, b: f64, rounding: Rounding) -> f32 {
    let sum = odd::sum_double(a, b);
    let rounded = double_to_single(sum, rounding);
    if odd::negative_zero(sum, a, b, rounding) {
        -0.0
    } else {
        rounded
    }
}
