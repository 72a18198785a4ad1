//! The shapes that programs use most, m16n8 of f16, bf16 and tf32 summed in f32, for vector instructions of 8 lanes.
//!
//! A row of D is one vector of 8 sums. Its columns stand in the order 0 2 4 6 1 3 5 7: then a row of C is four lanes of one
//! register and four of the next, and the rows of B come out of its registers by transposing four by four.
//! Elements of A stay where they are and are read one by one.

#![allow(clippy::needless_range_loop)] // Positions are the subject.

use super::Lanes;
use super::operation::{Accumulator, Element, Operation};
use crate::number::narrow::canonical_single;

/// Computes the operation if it is one of those. Infinite halves, and what is not a number, are left to the general way.
#[inline(always)]
pub(crate) fn multiply(
    operation: &Operation,
    a: &[Lanes],
    b: &[Lanes],
    c: &[Lanes],
    d: &mut [Lanes],
) -> bool {
    let sums = (operation.c, operation.d);
    if (operation.m, operation.n) != (16, 8)
        || operation.a != operation.b
        || sums != (Accumulator::F32, Accumulator::F32)
    {
        return false;
    }
    let Some((c, d)) = c.first_chunk::<4>().zip(d.first_chunk_mut::<4>()) else {
        return false;
    };
    let halves = operation.a == Element::F16;
    if halves && !(finite_halves(&a[..operation.k / 4]) && finite_halves(&b[..operation.k / 8])) {
        return false;
    }
    match (operation.a, operation.k) {
        (Element::F16, 16) => pairs::<4, 2, 8, 16>(a, b, c, d, widen_halves),
        (Element::F16, 8) => pairs::<2, 1, 4, 8>(a, b, c, d, widen_halves),
        (Element::BF16, 16) => pairs::<4, 2, 8, 16>(a, b, c, d, widen_brains),
        (Element::BF16, 8) => pairs::<2, 1, 4, 8>(a, b, c, d, widen_brains),
        (Element::TF32, 8) => tensors::<4, 2, 8>(a, b, c, d),
        (Element::TF32, 4) => tensors::<2, 1, 4>(a, b, c, d),
        _ => return false,
    }
    true
}

/// Two elements to a register: `RA` registers of A become `PA` of single elements, `RB` of B become `K` rows.
#[inline(always)]
fn pairs<const RA: usize, const RB: usize, const PA: usize, const K: usize>(
    a: &[Lanes],
    b: &[Lanes],
    c: &[Lanes; 4],
    d: &mut [Lanes; 4],
    widen: impl Fn(u32) -> (f32, f32),
) {
    let mut left = [[0.0; 32]; PA];
    for (register, parts) in a[..RA].iter().zip(left.chunks_exact_mut(2)) {
        let (low, high) = parts.split_at_mut(1);
        for lane in 0..32 {
            (low[0][lane], high[0][lane]) = widen(register[lane]);
        }
    }
    let mut right = [[0.0; 8]; K];
    for (register, rows) in b[..RB].iter().zip(right.chunks_exact_mut(8)) {
        let words = transpose(register);
        for member in 0..4 {
            for place in 0..8 {
                (rows[2 * member][place], rows[2 * member + 1][place]) =
                    widen(words[member][place]);
            }
        }
    }
    sums::<PA, K, 2>(&left, &right, c, d);
}

/// One element to a register.
#[inline(always)]
fn tensors<const RA: usize, const RB: usize, const K: usize>(
    a: &[Lanes],
    b: &[Lanes],
    c: &[Lanes; 4],
    d: &mut [Lanes; 4],
) {
    let single = |bits: u32| f32::from_bits(bits & 0xffff_e000);
    let mut left = [[0.0; 32]; RA];
    for (register, singles) in a[..RA].iter().zip(&mut left) {
        for lane in 0..32 {
            singles[lane] = single(register[lane]);
        }
    }
    let mut right = [[0.0; 8]; K];
    for (register, rows) in b[..RB].iter().zip(right.chunks_exact_mut(4)) {
        let words = transpose(register);
        for member in 0..4 {
            for place in 0..8 {
                rows[member][place] = single(words[member][place]);
            }
        }
    }
    sums::<RA, K, 1>(&left, &right, c, d);
}

/// From groups of members to members of groups, the groups in the order 0 2 4 6 1 3 5 7.
#[inline(always)]
fn transpose(register: &Lanes) -> [[u32; 8]; 4] {
    let mut result = [[0; 8]; 4];
    for place in 0..8 {
        let group = (place % 4) * 2 + place / 4;
        for member in 0..4 {
            result[member][place] = register[4 * group + member];
        }
    }
    result
}

#[inline(always)]
fn widen_halves(bits: u32) -> (f32, f32) {
    // As an f32 the fields mean a number 2^112 times too small, denormal ones included.
    let scale = f32::from_bits((112 + 127) << 23);
    let low = ((bits << 16) as i32 >> 3) as u32 & 0x8fff_e000;
    let high = (bits as i32 >> 3) as u32 & 0x8fff_e000;
    (f32::from_bits(low) * scale, f32::from_bits(high) * scale)
}

/// Whether all halves are finite: [`widen_halves`] needs that.
#[inline(always)]
fn finite_halves(registers: &[Lanes]) -> bool {
    let mut special = 0;
    for register in registers {
        for lane in 0..32 {
            special |= (register[lane] & 0x7c00_7c00) + 0x0400_0400;
        }
    }
    special & 0x8000_8000 == 0
}

#[inline(always)]
fn widen_brains(bits: u32) -> (f32, f32) {
    (
        f32::from_bits(bits << 16),
        f32::from_bits(bits & 0xffff_0000),
    )
}

/// The product itself; `P` elements of A stood in a register.
#[inline(always)]
fn sums<const PA: usize, const K: usize, const P: usize>(
    a: &[[f32; 32]; PA],
    b: &[[f32; 8]; K],
    c: &[Lanes; 4],
    d: &mut [Lanes; 4],
) {
    for half in 0..2 {
        let mut sums = [[0.0_f32; 8]; 8];
        for group in 0..8 {
            for member in 0..4 {
                sums[group][member] = f32::from_bits(c[2 * half][4 * group + member]);
                sums[group][4 + member] = f32::from_bits(c[2 * half + 1][4 * group + member]);
            }
        }
        accumulate::<PA, K, P>(half, a, b, &mut sums);
        for group in 0..8 {
            for member in 0..4 {
                d[2 * half][4 * group + member] = canonical_single(sums[group][member]).to_bits();
                d[2 * half + 1][4 * group + member] =
                    canonical_single(sums[group][4 + member]).to_bits();
            }
        }
    }
}

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

#[inline(always)]
fn accumulate<const PA: usize, const K: usize, const P: usize>(
    half: usize,
    a: &[[f32; 32]; PA],
    b: &[[f32; 8]; K],
    sums: &mut [[f32; 8]; 8],
) {
    let mut kept = [[0.0; 8]; 8];
    eight!(group, {
        eight!(place, { kept[group][place] = sums[group][place] });
    });
    for (k, row) in b.iter().enumerate() {
        let (member, part) = (k % (4 * P) / P, k % P);
        let register = half + k / (4 * P) * 2;
        let column = &a[register * P + part];
        eight!(group, {
            let factor = column[4 * group + member];
            eight!(place, {
                kept[group][place] = factor.mul_add(row[place], kept[group][place])
            });
        });
    }
    eight!(group, {
        eight!(place, { sums[group][place] = kept[group][place] });
    });
}
