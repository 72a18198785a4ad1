//! Comparisons and selections.

use super::machinery::*;
use super::{Found, Kind, Name};
use crate::machine::lines::Rule;
use crate::number::limit::flush_single;
use crate::number::narrow::{brain_to_single, half_to_single};
use crate::number::order::{
    Comparison, Property, compare, has_property_double, has_property_single,
};
use crate::syntax::Type::{self, *};

/// The comparison that a name states.
fn comparison(name: &Name, element: Type) -> Option<Comparison> {
    name.parts[1..].iter().find_map(|part| {
        Some(match part.as_str() {
            "eq" => Comparison::Equal,
            "ne" => Comparison::NotEqual,
            "lt" => Comparison::Less,
            "le" => Comparison::LessOrEqual,
            "gt" => Comparison::Greater,
            "ge" => Comparison::GreaterOrEqual,
            "lo" if !element.is_float() => Comparison::Less,
            "ls" if !element.is_float() => Comparison::LessOrEqual,
            "hi" if !element.is_float() => Comparison::Greater,
            "hs" if !element.is_float() => Comparison::GreaterOrEqual,
            "equ" => Comparison::EqualOrUnordered,
            "neu" => Comparison::NotEqualOrUnordered,
            "ltu" => Comparison::LessOrUnordered,
            "leu" => Comparison::LessOrEqualOrUnordered,
            "gtu" => Comparison::GreaterOrUnordered,
            "geu" => Comparison::GreaterOrEqualOrUnordered,
            "num" => Comparison::Ordered,
            "nan" => Comparison::Unordered,
            _ => return None,
        })
    })
}

/// An operation for each of the comparisons of integers, with a rule of lines.
macro_rules! ordered {
    ($comparison:expr, $t:ty, $rule:ident) => {
        ordered!($comparison, $t, $rule, [Equal NotEqual Less LessOrEqual Greater GreaterOrEqual])
    };
    ($comparison:expr, $t:ty, $rule:ident, [$($way:ident)*]) => {
        match $comparison {
            $(Comparison::$way => compute!([$rule(Comparison::$way)] (one: $t, other: $t) -> bool {
                compare(Comparison::$way, one, other)
            }),)*
            _ => return None,
        }
    };
}

/// Of integers of 32 bits.
const fn signed(comparison: Comparison) -> Rule {
    Compare(comparison, Signed)
}

/// Of integers of 32 bits.
const fn unsigned(comparison: Comparison) -> Rule {
    Compare(comparison, Unsigned)
}

/// Of other integers.
const fn other(_: Comparison) -> Rule {
    Level
}

/// An operation for each of the comparisons of floating-point numbers, of two sources as `$value` makes them.
macro_rules! unordered {
    ($comparison:expr, $t:ty, |$x:ident| $value:expr) => {
        unordered!($comparison, $t, |$x| $value, [
            Equal NotEqual Less LessOrEqual Greater GreaterOrEqual EqualOrUnordered NotEqualOrUnordered
            LessOrUnordered LessOrEqualOrUnordered GreaterOrUnordered GreaterOrEqualOrUnordered Ordered Unordered
        ])
    };
    ($comparison:expr, $t:ty, |$x:ident| $value:expr, [$($way:ident)*]) => {
        match $comparison {
            $(Comparison::$way => compute!((one: $t, other: $t) -> bool {
                let one = { let $x = one; $value };
                let other = { let $x = other; $value };
                compare(Comparison::$way, one, other)
            }),)*
        }
    };
}

pub(super) fn find(name: &Name, element: Type) -> Option<Found> {
    match name.opcode() {
        // `set` compares like `setp`; what it makes of the outcome is a step of its own.
        "setp" | "set" => {
            let comparison = comparison(name, element)?;
            let operation = match element {
                B16 | U16 => ordered!(comparison, u16, other),
                S16 => ordered!(comparison, i16, other),
                B32 | U32 => ordered!(comparison, u32, unsigned),
                S32 => ordered!(comparison, i32, signed),
                B64 | U64 => ordered!(comparison, u64, other),
                S64 => ordered!(comparison, i64, other),
                F32 if name.has("ftz") => unordered!(comparison, f32, |x| flush_single(x)),
                F32 => unordered!(comparison, f32, |x| x),
                F64 => unordered!(comparison, f64, |x| x),
                F16 => unordered!(comparison, u16, |x| half_to_single(x)),
                BF16 => unordered!(comparison, u16, |x| brain_to_single(x)),
                _ => return None,
            };
            Found::new(operation, Kind::Compare)
        }
        "selp" => {
            let operation = match element {
                U64 | S64 | B64 => {
                    compute!([Select(Wide)] (x: u64, y: u64, is: bool) -> u64 { if is { x } else { y } })
                }
                U32 | S32 | B32 => {
                    compute!([Select(Narrow)] (x: u32, y: u32, is: bool) -> u32 { if is { x } else { y } })
                }
                F64 => compute!((x: u64, y: u64, is: bool) -> u64 { if is { x } else { y } }),
                B16 | U16 | S16 | F16 | BF16 => {
                    compute!((x: u16, y: u16, is: bool) -> u16 { if is { x } else { y } })
                }
                Predicate | B128 | U8 | S8 | B8 => return None,
                _ => compute!((x: u32, y: u32, is: bool) -> u32 { if is { x } else { y } }),
            };
            Found::new(operation, Kind::Compare)
        }
        "slct" => {
            let [result, selector] = name.types()[..] else {
                return None;
            };
            let operation = match (result.bytes(), selector) {
                (2, S32) => {
                    compute!((x: u16, y: u16, z: i32) -> u16 { if z >= 0 { x } else { y } })
                }
                (4, S32) => {
                    compute!((x: u32, y: u32, z: i32) -> u32 { if z >= 0 { x } else { y } })
                }
                (8, S32) => {
                    compute!((x: u64, y: u64, z: i32) -> u64 { if z >= 0 { x } else { y } })
                }
                (2, F32) => {
                    compute!((x: u16, y: u16, z: f32) -> u16 { if flush_single(z) >= 0.0 { x } else { y } })
                }
                (4, F32) => {
                    compute!((x: u32, y: u32, z: f32) -> u32 { if flush_single(z) >= 0.0 { x } else { y } })
                }
                (8, F32) => {
                    compute!((x: u64, y: u64, z: f32) -> u64 { if flush_single(z) >= 0.0 { x } else { y } })
                }
                _ => return None,
            };
            Found::new(operation, Kind::Compare)
        }
        "testp" => {
            macro_rules! property {
                ($($word:literal: $property:ident,)*) => {
                    match (name.parts.get(1)?.as_str(), element) {
                        $(
                            ($word, F32) => compute!((x: f32) -> bool { has_property_single(Property::$property, x) }),
                            ($word, F64) => compute!((x: f64) -> bool { has_property_double(Property::$property, x) }),
                        )*
                        _ => return None,
                    }
                };
            }
            let operation = property! {
                "finite": Finite, "infinite": Infinite, "number": Number, "notanumber": NotANumber, "normal": Normal,
                "subnormal": Subnormal,
            };
            Found::new(operation, Kind::Compare)
        }
        _ => None,
    }
}
