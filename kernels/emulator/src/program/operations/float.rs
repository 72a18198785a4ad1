//! Single and double precision. PTX ISA, section "Floating Point Instructions".

use super::machinery::*;
use super::{Found, Kind, Name, by_rounding};
use crate::number::limit::*;
use crate::number::order::{Extreme, ExtremeModifiers, extreme_double, extreme_single};
use crate::number::{Rounding, approximate, double, single};
use crate::syntax::Type;

/// Modifiers that an instruction's constant carries.
const FLUSH: i64 = 1;
const SATURATE: i64 = 2;

#[inline(always)]
fn flushed(modifiers: i64, x: f32) -> f32 {
    if modifiers & FLUSH != 0 {
        flush_single(x)
    } else {
        x
    }
}

#[inline(always)]
fn finished(modifiers: i64, x: f32) -> f32 {
    let x = flushed(modifiers, x);
    if modifiers & SATURATE != 0 {
        saturate_single(x)
    } else {
        x
    }
}

fn found(operation: Operation, operations: u32, immediate: i64) -> Option<Found> {
    Some(Found {
        operation,
        kind: Kind::Float,
        operations,
        immediate,
    })
}

pub(super) fn find(name: &Name, element: Type) -> Option<Found> {
    if element == Type::F64 {
        return find_double(name);
    }
    let rounding = name.rounding();
    let modifiers = i64::from(name.has("ftz")) * FLUSH + i64::from(name.has("sat")) * SATURATE;
    let is_approximate = name.has("approx");
    macro_rules! arithmetic {
        ($function:ident, ($($x:ident),*), $operations:literal) => {
            by_rounding!(rounding, |ROUNDING| {
                if modifiers == 0 {
                    found(compute!(($($x: f32),*) -> f32 { single::$function($($x,)* ROUNDING) }), $operations, 0)
                } else {
                    found(compute!(($($x: f32),*; modifiers) -> f32 {
                        finished(modifiers, single::$function($(flushed(modifiers, $x),)* ROUNDING))
                    }), $operations, modifiers)
                }
            })
        };
    }
    macro_rules! approximation {
        ($function:ident) => {
            if modifiers == 0 {
                found(compute!((x: f32) -> f32 { approximate::$function(x) }), 1, 0)
            } else {
                found(compute!((x: f32; modifiers) -> f32 {
                    finished(modifiers, approximate::$function(flushed(modifiers, x)))
                }), 1, modifiers)
            }
        };
    }
    macro_rules! plain {
        (($($x:ident),*) $body:expr) => {
            found(compute!(($($x: f32),*; modifiers) -> f32 {
                $(let $x = flushed(modifiers, $x);)*
                finished(modifiers, $body)
            }), 0, modifiers)
        };
    }
    match name.opcode() {
        "add" => arithmetic!(add, (x, y), 1),
        "sub" => arithmetic!(subtract, (x, y), 1),
        "mul" => arithmetic!(multiply, (x, y), 1),
        "fma" | "mad" => arithmetic!(fused, (x, y, z), 2),
        "div" if is_approximate => found(
            compute!((x: f32, y: f32; modifiers) -> f32 {
                finished(modifiers, approximate::divide(flushed(modifiers, x), flushed(modifiers, y)))
            }),
            1,
            modifiers,
        ),
        "div" if name.has("full") => found(
            compute!((x: f32, y: f32; modifiers) -> f32 {
                finished(modifiers, approximate::divide_full(flushed(modifiers, x), flushed(modifiers, y)))
            }),
            1,
            modifiers,
        ),
        "div" => arithmetic!(divide, (x, y), 1),
        "rcp" if is_approximate => approximation!(reciprocal),
        "rcp" => arithmetic!(reciprocal, (x), 1),
        "sqrt" if is_approximate => approximation!(square_root),
        "sqrt" => arithmetic!(square_root, (x), 1),
        "rsqrt" => approximation!(reciprocal_root),
        "ex2" => approximation!(exp2),
        "lg2" => approximation!(log2),
        "sin" => approximation!(sin),
        "cos" => approximation!(cos),
        "tanh" => approximation!(tanh),
        "abs" => plain!((x) absolute_single(x)),
        "neg" => plain!((x) negate_single(x)),
        // The sign of the first, the rest of the second.
        "copysign" => plain!((x, y) copy_sign_single(x, y)),
        "min" | "max" => {
            let is_least = name.opcode() == "min";
            let bits = i64::from(name.has("NaN")) * 4 + i64::from(name.has("xorsign")) * 8;
            macro_rules! extreme {
                ($which:ident) => {
                    if bits | modifiers == 0 {
                        compute!((x: f32, y: f32) -> f32 {
                            extreme_single(Extreme::$which, ExtremeModifiers { nan: false, xor_sign_absolute: false }, x, y)
                        })
                    } else {
                        compute!((x: f32, y: f32; bits) -> f32 {
                            let modifiers = ExtremeModifiers { nan: bits & 4 != 0, xor_sign_absolute: bits & 8 != 0 };
                            extreme_single(Extreme::$which, modifiers, flushed(bits, x), flushed(bits, y))
                        })
                    }
                };
            }
            found(
                if is_least {
                    extreme!(Least)
                } else {
                    extreme!(Greatest)
                },
                1,
                bits | modifiers,
            )
        }
        _ => None,
    }
}

fn find_double(name: &Name) -> Option<Found> {
    let rounding = name.rounding();
    macro_rules! arithmetic {
        ($function:ident, ($($x:ident),*), $operations:literal) => {
            by_rounding!(rounding, |ROUNDING| {
                found(compute!(($($x: f64),*) -> f64 { double::$function($($x,)* ROUNDING) }), $operations, 0)
            })
        };
    }
    match name.opcode() {
        "add" => arithmetic!(add, (x, y), 1),
        "sub" => arithmetic!(subtract, (x, y), 1),
        "mul" => arithmetic!(multiply, (x, y), 1),
        "fma" | "mad" => arithmetic!(fused, (x, y, z), 2),
        "div" => arithmetic!(divide, (x, y), 1),
        "rcp" if name.has("approx") => found(
            compute!((x: f64) -> f64 { approximate::reciprocal_double(x) }),
            1,
            0,
        ),
        "rsqrt" => found(
            compute!((x: f64) -> f64 { approximate::reciprocal_root_double(x) }),
            1,
            0,
        ),
        "rcp" => arithmetic!(reciprocal, (x), 1),
        "sqrt" => arithmetic!(square_root, (x), 1),
        "abs" => found(compute!((x: f64) -> f64 { absolute_double(x) }), 0, 0),
        "neg" => found(compute!((x: f64) -> f64 { negate_double(x) }), 0, 0),
        "copysign" => found(
            compute!((x: f64, y: f64) -> f64 { copy_sign_double(x, y) }),
            0,
            0,
        ),
        "min" => found(
            compute!((x: f64, y: f64) -> f64 { extreme_double(Extreme::Least, ExtremeModifiers::default(), x, y) }),
            1,
            0,
        ),
        "max" => found(
            compute!((x: f64, y: f64) -> f64 { extreme_double(Extreme::Greatest, ExtremeModifiers::default(), x, y) }),
            1,
            0,
        ),
        _ => None,
    }
}
