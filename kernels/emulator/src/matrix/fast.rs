//! The shapes that programs use most, of blocks of m16n8 and of f16, bf16, tf32 and bytes, for vector instructions of 8 lanes.
//!
//! Eight rows of D are eight vectors of 8 sums. C goes into them by interleaving two registers, D out of them likewise, and
//! a row of B is every fourth lane of a register. Elements of A stay where they are and are read one by one. Loops run over
//! whole fragments, since compilers unroll shorter ones and then find no vectors.

#![allow(clippy::needless_range_loop)] // Positions are the subject.

use super::Lanes;
use super::operation::{Accumulator, Element, Operation};
use crate::number::Rounding;
use crate::number::narrow::{canonical_single, half_to_single, pack, single_to_half};
use std::hint::black_box;

/// Repeats a block for eight values of an index, so that arrays under it become registers.
macro_rules! eight {
    ($index:ident, $block:block) => {
        eight!(@ $index, $block, 0 1 2 3 4 5 6 7)
    };
    (@ $index:ident, $block:block, $($value:literal)*) => {
        $({
            let $index = $value;
            $block
        })*
    };
}

/// Computes the operation if it is one of those. Infinite halves, and what is not a number, are left to the general way.
#[inline(always)]
pub(crate) fn multiply(
    operation: &Operation,
    a: &[Lanes],
    b: &[Lanes],
    c: &[Lanes],
    d: &mut [Lanes],
) -> bool {
    let bytes = |element| matches!(element, Element::S8 | Element::U8);
    let mixed = operation.a != operation.b && !(bytes(operation.a) && bytes(operation.b));
    if !operation.m.is_multiple_of(16) || mixed {
        return false;
    }
    match (operation.a, operation.k) {
        (Element::F16, 8 | 16) => {
            let words = operation.k / 8;
            let finite = finite_halves(&a[..operation.m / 8 * words])
                && finite_halves(&b[..operation.n / 8 * words]);
            if finite && operation.k == 16 {
                blocks::<128, 64, 2, 8>(operation, a, b, c, d, half, half);
            } else if finite {
                blocks::<64, 32, 2, 8>(operation, a, b, c, d, half, half);
            }
            return finite;
        }
        (Element::BF16, 16) => blocks::<128, 64, 2, 8>(operation, a, b, c, d, brain, brain),
        (Element::BF16, 8) => blocks::<64, 32, 2, 8>(operation, a, b, c, d, brain, brain),
        (Element::TF32, 8) => blocks::<128, 64, 1, 4>(operation, a, b, c, d, tensor, tensor),
        (Element::TF32, 4) => blocks::<64, 32, 1, 4>(operation, a, b, c, d, tensor, tensor),
        (Element::S8 | Element::U8, 16 | 32) => {
            let left = |bits, part| byte(bits, part, operation.a == Element::S8);
            let right = |bits, part| byte(bits, part, operation.b == Element::S8);
            if operation.k == 32 {
                blocks::<128, 64, 4, 16>(operation, a, b, c, d, left, right);
            } else {
                blocks::<64, 32, 4, 16>(operation, a, b, c, d, left, right);
            }
        }
        _ => return false,
    }
    true
}

/// Blocks of 16 rows and 8 columns, each of `A` words of A and `B` of B, a word being `P` elements, and `R` four times `P`.
#[inline(always)]
fn blocks<const A: usize, const B: usize, const P: usize, const R: usize>(
    operation: &Operation,
    a: &[Lanes],
    b: &[Lanes],
    c: &[Lanes],
    d: &mut [Lanes],
    widen_left: impl Fn(u32, usize) -> f32,
    widen_right: impl Fn(u32, usize) -> f32,
) {
    let across = operation.n / 8;
    let (summands, results) = (4 / operation.c.packed(), 4 / operation.d.packed());
    for row in 0..operation.m / 16 {
        let left = planes::<A, P>(&a[A / 32 * row..], &widen_left);
        for column in 0..across {
            let right = rows::<B, P, R>(&b[B / 32 * column..], &widen_right);
            let block = row * across + column;
            let (c, d) = (&c[summands * block..], &mut d[results * block..]);
            sums::<A, P, R>(operation, B / 32, &left, &right, c, d);
        }
    }
}

/// The elements of A's words: all first ones, all second ones, and so on.
#[inline(always)]
fn planes<const A: usize, const P: usize>(
    a: &[Lanes],
    widen: impl Fn(u32, usize) -> f32,
) -> [[f32; A]; P] {
    let words = a
        .as_flattened()
        .first_chunk::<A>()
        .expect("as many registers as the shape needs");
    // Loops, since the functions of arrays that take closures are compiled without wide vectors where they are not inlined.
    let mut planes = [[0.0; A]; P];
    for (part, plane) in planes.iter_mut().enumerate() {
        for index in 0..A {
            plane[index] = widen(words[index], part);
        }
    }
    planes
}

/// The rows of B; the second half of each belongs to the second register.
#[inline(always)]
fn rows<const B: usize, const P: usize, const R: usize>(
    b: &[Lanes],
    widen: impl Fn(u32, usize) -> f32,
) -> [[f32; 16]; R] {
    let words = b
        .as_flattened()
        .first_chunk::<B>()
        .expect("as many registers as the shape needs");
    let mut rows = [[0.0; 16]; R];
    for (register, words) in words.as_chunks::<32>().0.iter().enumerate() {
        for member in 0..4 {
            // Gathered in registers: words that are stored one by one and read together would stall.
            let mut column = [0; 8];
            eight!(group, { column[group] = words[4 * group + member] });
            for part in 0..P {
                for group in 0..8 {
                    rows[P * member + part][8 * register + group] = widen(column[group], part);
                }
            }
        }
    }
    rows
}

#[inline(always)]
fn half(bits: u32, part: usize) -> f32 {
    let high = if part == 0 { bits << 16 } else { bits };
    // As an f32 the fields mean a number 2^112 times too small, denormal ones included.
    f32::from_bits((high as i32 >> 3) as u32 & 0x8fff_e000) * f32::from_bits((112 + 127) << 23)
}

/// Whether all halves are finite: [`half`] needs that.
#[inline(always)]
fn finite_halves(registers: &[Lanes]) -> bool {
    let carry = |bits: &u32| (bits & 0x7c00_7c00) + 0x0400_0400;
    let special = registers
        .as_flattened()
        .iter()
        .fold(0, |sum, bits| sum | carry(bits));
    special & 0x8000_8000 == 0
}

#[inline(always)]
fn brain(bits: u32, part: usize) -> f32 {
    f32::from_bits(if part == 0 {
        bits << 16
    } else {
        bits & 0xffff_0000
    })
}

#[inline(always)]
fn tensor(bits: u32, _: usize) -> f32 {
    f32::from_bits(bits & 0xffff_e000)
}

#[inline(always)]
fn byte(bits: u32, part: usize, signed: bool) -> f32 {
    let top = bits << (24 - 8 * part);
    let number = if signed {
        top as i32 >> 24
    } else {
        (top >> 24) as i32
    };
    number as f32
}

/// The product itself. A's words are `P` planes of elements; of B's registers, `registers`, `R` rows each.
#[inline(always)]
fn sums<const A: usize, const P: usize, const R: usize>(
    operation: &Operation,
    registers: usize,
    a: &[[f32; A]; P],
    b: &[[f32; 16]; R],
    c: &[Lanes],
    d: &mut [Lanes],
) {
    // The sums of rows 0 to 7 and of rows 8 to 15.
    let mut sums = [[0.0_f32; 64]; 2];
    match operation.c {
        Accumulator::F32 => {
            for lane in 0..32 {
                sums[0][2 * lane] = f32::from_bits(c[0][lane]);
                sums[0][2 * lane + 1] = f32::from_bits(c[1][lane]);
                sums[1][2 * lane] = f32::from_bits(c[2][lane]);
                sums[1][2 * lane + 1] = f32::from_bits(c[3][lane]);
            }
        }
        Accumulator::F16 => {
            for lane in 0..32 {
                for half in 0..2 {
                    sums[half][2 * lane] = half_to_single(c[half][lane] as u16);
                    sums[half][2 * lane + 1] = half_to_single((c[half][lane] >> 16) as u16);
                }
            }
        }
        // The sum of at most 32 products of bytes is exact in f32, and C is added afterwards.
        _ => {}
    }
    for (half, sums) in sums.iter_mut().enumerate() {
        accumulate(half, registers, a, b, sums);
    }
    match operation.d {
        Accumulator::F32 => {
            for lane in 0..32 {
                d[0][lane] = canonical_single(sums[0][2 * lane]).to_bits();
                d[1][lane] = canonical_single(sums[0][2 * lane + 1]).to_bits();
                d[2][lane] = canonical_single(sums[1][2 * lane]).to_bits();
                d[3][lane] = canonical_single(sums[1][2 * lane + 1]).to_bits();
            }
        }
        Accumulator::F16 => {
            for lane in 0..32 {
                for half in 0..2 {
                    let low = single_to_half(sums[half][2 * lane], Rounding::NearestEven);
                    let high = single_to_half(sums[half][2 * lane + 1], Rounding::NearestEven);
                    d[half][lane] = pack(high, low);
                }
            }
        }
        _ => {
            for register in 0..4 {
                for lane in 0..32 {
                    let sum = integer(sums[register / 2][2 * lane + register % 2]);
                    let c = c[register][lane] as i32;
                    let total = if operation.saturate {
                        sum.saturating_add(c)
                    } else {
                        sum.wrapping_add(c)
                    };
                    d[register][lane] = total as u32;
                }
            }
        }
    }
}

/// The integer, which lies within 2^22 of zero: as the lowest bits of a sum, since a cast saturates and is slow.
#[inline(always)]
fn integer(sum: f32) -> i32 {
    const SHIFT: f32 = 12_582_912.0;
    (sum + SHIFT).to_bits().wrapping_sub(SHIFT.to_bits()) as i32
}

#[inline(always)]
fn accumulate<const A: usize, const P: usize, const R: usize>(
    half: usize,
    registers: usize,
    a: &[[f32; A]; P],
    b: &[[f32; 16]; R],
    sums: &mut [f32; 64],
) {
    let mut kept = [[0.0; 8]; 8];
    eight!(group, {
        eight!(place, { kept[group][place] = sums[8 * group + place] });
    });
    for register in 0..registers {
        for row in 0..black_box(R) {
            // Unknown to the compiler, which would unroll the loop and run out of registers.
            let (member, part) = (row / P, row % P);
            let from = 32 * (half + 2 * register) + member;
            let column = &a[part][from..from + 29];
            let row = &b[row][8 * register..8 * register + 8];
            eight!(group, {
                let factor = column[4 * group];
                eight!(place, {
                    kept[group][place] = factor.mul_add(row[place], kept[group][place]);
                });
            });
        }
    }
    eight!(group, {
        eight!(place, { sums[8 * group + place] = kept[group][place] });
    });
}
