//! Integer arithmetic. PTX ISA, sections "Integer Arithmetic Instructions" and "Extended-Precision Integer Arithmetic".

use super::machinery::*;
use super::{Found, Name, by_type};
use crate::number::integer::*;
use crate::syntax::Type::{self, *};

pub(super) fn find(name: &Name, element: Type) -> Option<Found> {
    let is_wide = name.has("wide");
    let is_high = name.has("hi");
    if name.has("cc") || matches!(name.opcode(), "addc" | "subc" | "madc") {
        return carrying(name, element);
    }
    macro_rules! of {
        ($($arms:tt)*) => { by_type!(element, $($arms)*) };
    }
    match name.opcode() {
        "add" if element == U16x2 || element == S16x2 => of! {
            U16x2 | S16x2 => (x: u32, y: u32) -> u32 { pairwise(x, y, u16::wrapping_add) },
        },
        "min" if name.has("relu") => of! {
            S32 => (x: i32, y: i32) -> i32 { x.min(y).max(0) },
            S16x2 => (x: u32, y: u32) -> u32 { pairwise(x, y, |x, y| (x as i16).min(y as i16).max(0) as u16) },
        },
        "max" if name.has("relu") => of! {
            S32 => (x: i32, y: i32) -> i32 { x.max(y).max(0) },
            S16x2 => (x: u32, y: u32) -> u32 { pairwise(x, y, |x, y| (x as i16).max(y as i16).max(0) as u16) },
        },
        "vabsdiff4" => {
            let [U32 | S32, a @ (U32 | S32), b @ (U32 | S32)] = name.types()[..] else {
                return None;
            };
            // Parts of a register that are chosen by name are not known.
            let is_plain = |part: &String| Type::of_name(part).is_some() || part == "add";
            if !name.parts[1..].iter().all(is_plain) {
                return None;
            }
            let how = i64::from(a.is_signed())
                | i64::from(b.is_signed()) << 1
                | i64::from(name.has("add")) << 2;
            let operation = compute!((x: u32, y: u32, z: u32; how) -> u32 {
                absolute_differences_4(x, how & 1 != 0, y, how & 2 != 0, (how & 4 != 0).then_some(z))
            });
            Found::with(operation, super::Kind::Integer, how)
        }
        "add" if name.has("sat") => {
            of! { S32 => (x: i32, y: i32) -> i32 { add_saturating(x, y) }, }
        }
        "sub" if name.has("sat") => {
            of! { S32 => (x: i32, y: i32) -> i32 { subtract_saturating(x, y) }, }
        }
        "add" => of! {
            U16 | S16 => (x: u16, y: u16) -> u16 { x.wrapping_add(y) },
            U32 | S32 => [Add(Narrow)] (x: u32, y: u32) -> u32 { x.wrapping_add(y) },
            U64 | S64 => [Add(Wide)] (x: u64, y: u64) -> u64 { x.wrapping_add(y) },
        },
        "sub" => of! {
            U16 | S16 => (x: u16, y: u16) -> u16 { x.wrapping_sub(y) },
            U32 | S32 => [Subtract(Narrow)] (x: u32, y: u32) -> u32 { x.wrapping_sub(y) },
            U64 | S64 => [Subtract(Wide)] (x: u64, y: u64) -> u64 { x.wrapping_sub(y) },
        },
        "mul" if is_wide => of! {
            U16 => (x: u16, y: u16) -> u32 { multiply_wide_u16(x, y) },
            S16 => (x: i16, y: i16) -> i32 { multiply_wide_s16(x, y) },
            U32 => [MultiplyWide(Unsigned)] (x: u32, y: u32) -> u64 { multiply_wide_u32(x, y) },
            S32 => [MultiplyWide(Signed)] (x: i32, y: i32) -> i64 { multiply_wide_s32(x, y) },
        },
        "mul" if is_high => of! {
            U16 => (x: u16, y: u16) -> u16 { multiply_high_u16(x, y) },
            S16 => (x: i16, y: i16) -> i16 { multiply_high_s16(x, y) },
            U32 => (x: u32, y: u32) -> u32 { multiply_high_u32(x, y) },
            S32 => (x: i32, y: i32) -> i32 { multiply_high_s32(x, y) },
            U64 => (x: u64, y: u64) -> u64 { multiply_high_u64(x, y) },
            S64 => (x: i64, y: i64) -> i64 { multiply_high_s64(x, y) },
        },
        "mul" => of! {
            U16 | S16 => (x: u16, y: u16) -> u16 { x.wrapping_mul(y) },
            U32 | S32 => [Multiply(Narrow)] (x: u32, y: u32) -> u32 { x.wrapping_mul(y) },
            U64 | S64 => [Multiply(Wide)] (x: u64, y: u64) -> u64 { x.wrapping_mul(y) },
        },
        "mad" if is_wide => of! {
            U16 => (x: u16, y: u16, z: u32) -> u32 { multiply_wide_u16(x, y).wrapping_add(z) },
            S16 => (x: i16, y: i16, z: i32) -> i32 { multiply_wide_s16(x, y).wrapping_add(z) },
            U32 => [MultiplyWideAdd(Unsigned)] (x: u32, y: u32, z: u64) -> u64 { multiply_wide_u32(x, y).wrapping_add(z) },
            S32 => [MultiplyWideAdd(Signed)] (x: i32, y: i32, z: i64) -> i64 { multiply_wide_s32(x, y).wrapping_add(z) },
        },
        "mad" if is_high && name.has("sat") => of! {
            S32 => (x: i32, y: i32, z: i32) -> i32 { multiply_add_high_saturating(x, y, z) },
        },
        "mad" if is_high => of! {
            U16 => (x: u16, y: u16, z: u16) -> u16 { multiply_high_u16(x, y).wrapping_add(z) },
            S16 => (x: i16, y: i16, z: i16) -> i16 { multiply_high_s16(x, y).wrapping_add(z) },
            U32 => (x: u32, y: u32, z: u32) -> u32 { multiply_high_u32(x, y).wrapping_add(z) },
            S32 => (x: i32, y: i32, z: i32) -> i32 { multiply_high_s32(x, y).wrapping_add(z) },
            U64 => (x: u64, y: u64, z: u64) -> u64 { multiply_high_u64(x, y).wrapping_add(z) },
            S64 => (x: i64, y: i64, z: i64) -> i64 { multiply_high_s64(x, y).wrapping_add(z) },
        },
        "mad" => of! {
            U16 | S16 => (x: u16, y: u16, z: u16) -> u16 { x.wrapping_mul(y).wrapping_add(z) },
            U32 | S32 => [MultiplyAdd(Narrow)] (x: u32, y: u32, z: u32) -> u32 { x.wrapping_mul(y).wrapping_add(z) },
            U64 | S64 => [MultiplyAdd(Wide)] (x: u64, y: u64, z: u64) -> u64 { x.wrapping_mul(y).wrapping_add(z) },
        },
        "mul24" if is_high => of! {
            U32 => (x: u32, y: u32) -> u32 { multiply_24_high(x, y, false) },
            S32 => (x: u32, y: u32) -> u32 { multiply_24_high(x, y, true) },
        },
        "mul24" => of! {
            U32 => (x: u32, y: u32) -> u32 { multiply_24_low(x, y, false) },
            S32 => (x: u32, y: u32) -> u32 { multiply_24_low(x, y, true) },
        },
        "mad24" if is_high && name.has("sat") => of! {
            S32 => (x: i32, y: i32, z: i32) -> i32 { multiply_add_24_high_saturating(x, y, z) },
        },
        "mad24" if is_high => of! {
            U32 => (x: u32, y: u32, z: u32) -> u32 { multiply_24_high(x, y, false).wrapping_add(z) },
            S32 => (x: u32, y: u32, z: u32) -> u32 { multiply_24_high(x, y, true).wrapping_add(z) },
        },
        "mad24" => of! {
            U32 => (x: u32, y: u32, z: u32) -> u32 { multiply_24_low(x, y, false).wrapping_add(z) },
            S32 => (x: u32, y: u32, z: u32) -> u32 { multiply_24_low(x, y, true).wrapping_add(z) },
        },
        "div" => of! {
            U16 => (x: u16, y: u16) -> u16 { divide_u16(x, y) },
            S16 => (x: i16, y: i16) -> i16 { divide_s16(x, y) },
            U32 => (x: u32, y: u32) -> u32 { divide_u32(x, y) },
            S32 => (x: i32, y: i32) -> i32 { divide_s32(x, y) },
            U64 => (x: u64, y: u64) -> u64 { divide_u64(x, y) },
            S64 => (x: i64, y: i64) -> i64 { divide_s64(x, y) },
        },
        "rem" => of! {
            U16 => (x: u16, y: u16) -> u16 { remainder_u16(x, y) },
            S16 => (x: i16, y: i16) -> i16 { remainder_s16(x, y) },
            U32 => (x: u32, y: u32) -> u32 { remainder_u32(x, y) },
            S32 => (x: i32, y: i32) -> i32 { remainder_s32(x, y) },
            U64 => (x: u64, y: u64) -> u64 { remainder_u64(x, y) },
            S64 => (x: i64, y: i64) -> i64 { remainder_s64(x, y) },
        },
        "abs" => of! {
            S16 => (x: i16) -> i16 { x.wrapping_abs() },
            S32 => (x: i32) -> i32 { x.wrapping_abs() },
            S64 => (x: i64) -> i64 { x.wrapping_abs() },
        },
        "neg" => of! {
            S16 => (x: i16) -> i16 { x.wrapping_neg() },
            S32 => (x: i32) -> i32 { x.wrapping_neg() },
            S64 => (x: i64) -> i64 { x.wrapping_neg() },
        },
        "min" => of! {
            U16 => (x: u16, y: u16) -> u16 { x.min(y) },
            S16 => (x: i16, y: i16) -> i16 { x.min(y) },
            U32 => (x: u32, y: u32) -> u32 { x.min(y) },
            S32 => (x: i32, y: i32) -> i32 { x.min(y) },
            U64 => (x: u64, y: u64) -> u64 { x.min(y) },
            S64 => (x: i64, y: i64) -> i64 { x.min(y) },
            U16x2 => (x: u32, y: u32) -> u32 { pairwise(x, y, u16::min) },
            S16x2 => (x: u32, y: u32) -> u32 { pairwise(x, y, |x, y| (x as i16).min(y as i16) as u16) },
        },
        "max" => of! {
            U16 => (x: u16, y: u16) -> u16 { x.max(y) },
            S16 => (x: i16, y: i16) -> i16 { x.max(y) },
            U32 => (x: u32, y: u32) -> u32 { x.max(y) },
            S32 => (x: i32, y: i32) -> i32 { x.max(y) },
            U64 => (x: u64, y: u64) -> u64 { x.max(y) },
            S64 => (x: i64, y: i64) -> i64 { x.max(y) },
            U16x2 => (x: u32, y: u32) -> u32 { pairwise(x, y, u16::max) },
            S16x2 => (x: u32, y: u32) -> u32 { pairwise(x, y, |x, y| (x as i16).max(y as i16) as u16) },
        },
        "sad" => of! {
            U32 => (x: u32, y: u32, z: u32) -> u32 { sum_absolute_difference_u32(x, y, z) },
            S32 => (x: i32, y: i32, z: u32) -> u32 { sum_absolute_difference_s32(x, y, z) },
            U64 => (x: u64, y: u64, z: u64) -> u64 { sum_absolute_difference_u64(x, y, z) },
            S64 => (x: i64, y: i64, z: u64) -> u64 { sum_absolute_difference_s64(x, y, z) },
        },
        "dp4a" | "dp2a" => {
            let [a, b] = name.types()[..] else {
                return None;
            };
            let signs =
                i64::from(a.is_signed()) | i64::from(b.is_signed()) << 1 | i64::from(is_high) << 2;
            let operation = if name.opcode() == "dp4a" {
                compute!((x: u32, y: u32, z: u32; signs) -> u32 {
                    dot_product_4(x, signs & 1 != 0, y, signs & 2 != 0, z)
                })
            } else {
                compute!((x: u32, y: u32, z: u32; signs) -> u32 {
                    dot_product_2(x, signs & 1 != 0, y, signs & 2 != 0, signs & 4 != 0, z)
                })
            };
            Found::with(operation, super::Kind::Integer, signs)
        }
        _ => None,
    }
}

/// Instructions that take the carry, or leave one: the translation gives it as a predicate, last of the sources, and takes it
/// as a second result. Multiplications come as products first: see the translation.
fn carrying(name: &Name, element: Type) -> Option<Found> {
    let wide = match element {
        U32 | S32 | B32 => false,
        U64 | S64 | B64 => true,
        _ => return None,
    };
    Found::integer(match (name.opcode(), wide) {
        ("add" | "addc" | "mad" | "madc", false) => {
            compute!((x: u32, y: u32, carry: bool) -> (u32, bool) { add_carry_u32(x, y, carry) })
        }
        ("add" | "addc" | "mad" | "madc", true) => {
            compute!((x: u64, y: u64, carry: bool) -> (u64, bool) { add_carry_u64(x, y, carry) })
        }
        ("sub" | "subc", false) => {
            compute!((x: u32, y: u32, carry: bool) -> (u32, bool) { subtract_borrow_u32(x, y, carry) })
        }
        ("sub" | "subc", true) => {
            compute!((x: u64, y: u64, carry: bool) -> (u64, bool) { subtract_borrow_u64(x, y, carry) })
        }
        _ => return None,
    })
}
