//! Arithmetic on f64: native to the nearest, through exact integers in the other directions, which are rare.

use super::Rounding;
use super::exact::{self, Binary};
use super::format::Format;
use super::narrow::canonical_double;

/// `add.f64`
#[inline(always)]
pub fn add(a: f64, b: f64, rounding: Rounding) -> f64 {
    if rounding == Rounding::NearestEven {
        return canonical_double(a + b);
    }
    directed(Binary::Add, a, b, rounding)
}

/// `sub.f64`
#[inline(always)]
pub fn subtract(a: f64, b: f64, rounding: Rounding) -> f64 {
    if rounding == Rounding::NearestEven {
        return canonical_double(a - b);
    }
    directed(Binary::Subtract, a, b, rounding)
}

/// `mul.f64`
#[inline(always)]
pub fn multiply(a: f64, b: f64, rounding: Rounding) -> f64 {
    if rounding == Rounding::NearestEven {
        return canonical_double(a * b);
    }
    directed(Binary::Multiply, a, b, rounding)
}

/// `fma.f64`, `mad.f64`
#[inline(always)]
pub fn fused(a: f64, b: f64, c: f64, rounding: Rounding) -> f64 {
    if rounding == Rounding::NearestEven {
        return canonical_double(a.mul_add(b, c));
    }
    f64::from_bits(exact::fused(
        Format::F64,
        a.to_bits(),
        b.to_bits(),
        c.to_bits(),
        rounding,
    ))
}

/// `div.f64`
#[inline(always)]
pub fn divide(a: f64, b: f64, rounding: Rounding) -> f64 {
    if rounding == Rounding::NearestEven {
        return canonical_double(a / b);
    }
    directed(Binary::Divide, a, b, rounding)
}

/// `rcp.{rn,rz,rm,rp}.f64`
#[inline(always)]
pub fn reciprocal(a: f64, rounding: Rounding) -> f64 {
    divide(1.0, a, rounding)
}

/// `sqrt.f64`
#[inline(always)]
pub fn square_root(a: f64, rounding: Rounding) -> f64 {
    if rounding == Rounding::NearestEven {
        return canonical_double(a.sqrt());
    }
    f64::from_bits(exact::root(Format::F64, a.to_bits(), rounding))
}

fn directed(operation: Binary, a: f64, b: f64, rounding: Rounding) -> f64 {
    f64::from_bits(exact::binary(
        Format::F64,
        operation,
        a.to_bits(),
        b.to_bits(),
        rounding,
    ))
}
