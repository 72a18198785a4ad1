//! Logic, shifts, fields of bits, and moves.

use super::machinery::*;
use super::{Found, Kind, Name, by_type};
use crate::number::bits::*;
use crate::number::permute::{Permutation, permute};
use crate::syntax::Type::{self, *};

pub(super) fn find(name: &Name, element: Type) -> Option<Found> {
    macro_rules! of {
        ($($arms:tt)*) => { by_type!(element, $($arms)*) };
    }
    match name.opcode() {
        "mov" => {
            let operation = match element {
                Predicate => compute!((x: bool) -> bool { x }),
                U64 | S64 | B64 => compute!([Copy(Wide)] (x: u64) -> u64 { x }),
                U32 | S32 | B32 => compute!([Copy(Narrow)] (x: u32) -> u32 { x }),
                F64 => compute!((x: u64) -> u64 { x }),
                B16 | U16 | S16 | F16 | BF16 => compute!((x: u16) -> u16 { x }),
                B128 | U8 | S8 | B8 => return None,
                _ => compute!((x: u32) -> u32 { x }),
            };
            Found::new(operation, Kind::Move)
        }
        "and" if element == Predicate => Found::integer(compute!((x: bool, y: bool) -> bool { x & y })),
        "or" if element == Predicate => Found::integer(compute!((x: bool, y: bool) -> bool { x | y })),
        "xor" if element == Predicate => Found::integer(compute!((x: bool, y: bool) -> bool { x ^ y })),
        "not" if element == Predicate => Found::integer(compute!((x: bool) -> bool { !x })),
        "and" => of! {
            B16 => (x: u16, y: u16) -> u16 { x & y },
            B32 => (x: u32, y: u32) -> u32 { x & y },
            B64 => (x: u64, y: u64) -> u64 { x & y },
        },
        "or" => of! {
            B16 => (x: u16, y: u16) -> u16 { x | y },
            B32 => (x: u32, y: u32) -> u32 { x | y },
            B64 => (x: u64, y: u64) -> u64 { x | y },
        },
        "xor" => of! {
            B16 => (x: u16, y: u16) -> u16 { x ^ y },
            B32 => (x: u32, y: u32) -> u32 { x ^ y },
            B64 => (x: u64, y: u64) -> u64 { x ^ y },
        },
        "not" => of! {
            B16 => (x: u16) -> u16 { !x },
            B32 => (x: u32) -> u32 { !x },
            B64 => (x: u64) -> u64 { !x },
        },
        "cnot" => of! {
            B16 => (x: u16) -> u16 { u16::from(x == 0) },
            B32 => (x: u32) -> u32 { u32::from(x == 0) },
            B64 => (x: u64) -> u64 { u64::from(x == 0) },
        },
        "shl" => of! {
            B16 => (x: u16, amount: u32) -> u16 { shift_left_16(x, amount) },
            B32 => [ShiftLeft(Narrow)] (x: u32, amount: u32) -> u32 { shift_left_32(x, amount) },
            B64 => [ShiftLeft(Wide)] (x: u64, amount: u32) -> u64 { shift_left_64(x, amount) },
        },
        "shr" => of! {
            B16 | U16 => (x: u16, amount: u32) -> u16 { shift_right_16(x, amount) },
            S16 => (x: i16, amount: u32) -> i16 { shift_right_s16(x, amount) },
            B32 | U32 => (x: u32, amount: u32) -> u32 { shift_right_32(x, amount) },
            S32 => (x: i32, amount: u32) -> i32 { shift_right_s32(x, amount) },
            B64 | U64 => (x: u64, amount: u32) -> u64 { shift_right_64(x, amount) },
            S64 => (x: i64, amount: u32) -> i64 { shift_right_s64(x, amount) },
        },
        "shf" => match (name.has("l"), name.has("clamp")) {
            (true, true) => of! { B32 => (x: u32, y: u32, amount: u32) -> u32 { funnel_left(x, y, amount, true) }, },
            (true, false) => of! { B32 => (x: u32, y: u32, amount: u32) -> u32 { funnel_left(x, y, amount, false) }, },
            (false, true) => of! { B32 => (x: u32, y: u32, amount: u32) -> u32 { funnel_right(x, y, amount, true) }, },
            (false, false) => of! { B32 => (x: u32, y: u32, amount: u32) -> u32 { funnel_right(x, y, amount, false) }, },
        },
        "bfe" => of! {
            U32 => (x: u32, start: u32, length: u32) -> u32 { extract_u32(x, start, length) },
            S32 => (x: i32, start: u32, length: u32) -> i32 { extract_s32(x, start, length) },
            U64 => (x: u64, start: u32, length: u32) -> u64 { extract_u64(x, start, length) },
            S64 => (x: i64, start: u32, length: u32) -> i64 { extract_s64(x, start, length) },
        },
        // The last operand, the length, comes as a constant where it is one: see the translation.
        "bfi" => {
            let operation = match element {
                B32 => compute!((x: u32, y: u32, start: u32; length) -> u32 { insert_32(x, y, start, length as u32) }),
                B64 => compute!((x: u64, y: u64, start: u32; length) -> u64 { insert_64(x, y, start, length as u32) }),
                _ => return None,
            };
            Found::integer(operation)
        }
        "brev" => of! {
            B32 => (x: u32) -> u32 { x.reverse_bits() },
            B64 => (x: u64) -> u64 { x.reverse_bits() },
        },
        "clz" => of! {
            B32 => (x: u32) -> u32 { x.leading_zeros() },
            B64 => (x: u64) -> u32 { x.leading_zeros() },
        },
        "popc" => of! {
            B32 => (x: u32) -> u32 { x.count_ones() },
            B64 => (x: u64) -> u32 { x.count_ones() },
        },
        "bfind" => match name.has("shiftamt") {
            true => of! {
                U32 => (x: u32) -> u32 { find_u32(x, true) },
                S32 => (x: i32) -> u32 { find_s32(x, true) },
                U64 => (x: u64) -> u32 { find_u64(x, true) },
                S64 => (x: i64) -> u32 { find_s64(x, true) },
            },
            false => of! {
                U32 => (x: u32) -> u32 { find_u32(x, false) },
                S32 => (x: i32) -> u32 { find_s32(x, false) },
                U64 => (x: u64) -> u32 { find_u64(x, false) },
                S64 => (x: i64) -> u32 { find_s64(x, false) },
            },
        },
        "bmsk" => match name.has("clamp") {
            true => of! { B32 => (start: u32, length: u32) -> u32 { mask(start, length, true) }, },
            false => of! { B32 => (start: u32, length: u32) -> u32 { mask(start, length, false) }, },
        },
        "szext" => match name.has("clamp") {
            true => of! {
                U32 => (x: u32, width: u32) -> u32 { extend_u32(x, width.min(32)) },
                S32 => (x: i32, width: u32) -> i32 { extend_s32(x, width.min(32)) },
            },
            false => of! {
                U32 => (x: u32, width: u32) -> u32 { extend_u32(x, width & 31) },
                S32 => (x: i32, width: u32) -> i32 { extend_s32(x, width & 31) },
            },
        },
        "fns" => of! { B32 => (x: u32, base: u32, offset: i32) -> u32 { find_nth(x, base, offset) }, },
        // The table of the logic is a constant.
        "lop3" => of! { B32 => (x: u32, y: u32, z: u32) -> u32 { x & y & z }, }.map(|found| Found {
            operation: compute!((x: u32, y: u32, z: u32; table) -> u32 { logic_3(x, y, z, table as u8) }),
            ..found
        }),
        "prmt" => {
            macro_rules! mode {
                ($mode:ident) => {
                    Found::integer(compute!((x: u32, y: u32, selector: u32) -> u32 {
                        permute(Permutation::$mode, x, y, selector)
                    }))
                };
            }
            match name.parts.last()?.as_str() {
                "f4e" => mode!(Forward4),
                "b4e" => mode!(Backward4),
                "rc8" => mode!(Replicate8),
                "ecl" => mode!(ClampLeft),
                "ecr" => mode!(ClampRight),
                "rc16" => mode!(Replicate16),
                _ => mode!(General),
            }
        }
        _ => None,
    }
}
