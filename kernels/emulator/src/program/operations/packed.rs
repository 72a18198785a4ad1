//! Half precision: one number of 16 bits, or two in a register. PTX ISA, section "Half Precision Floating Point Instructions".

use super::machinery::*;
use super::{Found, Kind, Name};
use crate::number::limit::*;
use crate::number::narrow::{brain_to_single, pack, single_to_brain, unpack};
use crate::number::order::{Extreme, ExtremeModifiers, extreme_brain, extreme_half};
use crate::number::{Rounding, approximate, brain, half};
use crate::syntax::Type;

const FLUSH: i64 = 1;
const SATURATE: i64 = 2;
const RECTIFY: i64 = 4;
const NAN: i64 = 8;
const XOR_SIGN: i64 = 16;

#[inline(always)]
fn flushed(modifiers: i64, x: u16) -> u16 {
    if modifiers & FLUSH != 0 {
        flush_half(x)
    } else {
        x
    }
}

#[inline(always)]
fn finished(modifiers: i64, x: u16) -> u16 {
    let x = flushed(modifiers, x);
    let x = if modifiers & SATURATE != 0 {
        saturate_half(x)
    } else {
        x
    };
    if modifiers & RECTIFY != 0 {
        rectify_half(x)
    } else {
        x
    }
}

#[inline(always)]
fn finished_brain(modifiers: i64, x: u16) -> u16 {
    let x = if modifiers & SATURATE != 0 {
        single_to_brain(saturate_single(brain_to_single(x)), Rounding::NearestEven)
    } else {
        x
    };
    if modifiers & RECTIFY != 0 {
        rectify_brain(x)
    } else {
        x
    }
}

#[inline(always)]
fn extremes(modifiers: i64) -> ExtremeModifiers {
    ExtremeModifiers {
        nan: modifiers & NAN != 0,
        xor_sign_absolute: modifiers & XOR_SIGN != 0,
    }
}

/// An operation on one number or two, of either format, from an expression for each format.
macro_rules! on {
    ($element:expr, ($($x:ident),*; $modifiers:ident), $half:expr, $brain:expr) => {
        match $element {
            Type::F16 => compute!(($($x: u16),*; $modifiers) -> u16 { $half }),
            Type::BF16 => compute!(($($x: u16),*; $modifiers) -> u16 { $brain }),
            Type::F16x2 => compute!(($($x: u32),*; $modifiers) -> u32 {
                $(let $x = unpack($x);)*
                let high = { $(let $x = $x.0;)* $half };
                let low = { $(let $x = $x.1;)* $half };
                pack(high, low)
            }),
            Type::BF16x2 => compute!(($($x: u32),*; $modifiers) -> u32 {
                $(let $x = unpack($x);)*
                let high = { $(let $x = $x.0;)* $brain };
                let low = { $(let $x = $x.1;)* $brain };
                pack(high, low)
            }),
            _ => return None,
        }
    };
}

pub(super) fn find(name: &Name, element: Type) -> Option<Found> {
    const NEAREST: Rounding = Rounding::NearestEven;
    let modifiers = i64::from(name.has("ftz")) * FLUSH
        + i64::from(name.has("sat")) * SATURATE
        + i64::from(name.has("relu")) * RECTIFY
        + i64::from(name.has("NaN")) * NAN
        + i64::from(name.has("xorsign")) * XOR_SIGN;
    let width = if matches!(element, Type::F16x2 | Type::BF16x2) {
        2
    } else {
        1
    };
    let (operation, operations) = match name.opcode() {
        "add" => (
            on!(element, (x, y; modifiers),
                finished(modifiers, half::add(flushed(modifiers, x), flushed(modifiers, y), NEAREST)),
                finished_brain(modifiers, brain::add(x, y, NEAREST))),
            1,
        ),
        "sub" => (
            on!(element, (x, y; modifiers),
                finished(modifiers, half::subtract(flushed(modifiers, x), flushed(modifiers, y), NEAREST)),
                finished_brain(modifiers, brain::subtract(x, y, NEAREST))),
            1,
        ),
        "mul" => (
            on!(element, (x, y; modifiers),
                finished(modifiers, half::multiply(flushed(modifiers, x), flushed(modifiers, y), NEAREST)),
                finished_brain(modifiers, brain::multiply(x, y, NEAREST))),
            1,
        ),
        "fma" => (
            on!(element, (x, y, z; modifiers),
                finished(modifiers, half::fused(
                    flushed(modifiers, x), flushed(modifiers, y), flushed(modifiers, z), NEAREST)),
                finished_brain(modifiers, brain::fused(x, y, z, NEAREST))),
            2,
        ),
        "abs" => (
            on!(element, (x; modifiers), flushed(modifiers, absolute_half(x)), absolute_half(x)),
            0,
        ),
        "neg" => (
            on!(element, (x; modifiers), flushed(modifiers, negate_half(x)), negate_half(x)),
            0,
        ),
        "min" => (
            on!(element, (x, y; modifiers),
                extreme_half(Extreme::Least, extremes(modifiers), flushed(modifiers, x), flushed(modifiers, y)),
                extreme_brain(Extreme::Least, extremes(modifiers), x, y)),
            1,
        ),
        "max" => (
            on!(element, (x, y; modifiers),
                extreme_half(Extreme::Greatest, extremes(modifiers), flushed(modifiers, x), flushed(modifiers, y)),
                extreme_brain(Extreme::Greatest, extremes(modifiers), x, y)),
            1,
        ),
        "ex2" => (
            on!(element, (x; modifiers), approximate::exp2_half(x), approximate::exp2_brain(x)),
            1,
        ),
        "tanh" => (
            on!(element, (x; modifiers), approximate::tanh_half(x), approximate::tanh_brain(x)),
            1,
        ),
        _ => return None,
    };
    Some(Found {
        operation,
        kind: Kind::Float,
        operations: operations * width,
        immediate: modifiers,
    })
}
