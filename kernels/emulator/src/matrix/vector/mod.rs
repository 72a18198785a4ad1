//! The shapes that programs use most, for processors with vectors of 8 lanes: blocks of m16n8 of f16, bf16, tf32 and bytes.
//!
//! No sum moves: a row of eight is a vector, and at each step k a vector of one element of A, repeated, is multiplied by row k
//! of B. What a register of A holds is rows as they stand in memory, so that they need to be widened alone; an element is then
//! repeated while it is loaded. Four lanes of C's registers are the columns of a row, the even ones in the first register and
//! the odd ones in the second, and D's are the same: so they stand in vectors, and B's, transposed by words, in this order, too.
//!
//! ```text
//!   sums  c0 c2 c4 c6 c1 c3 c5 c7   of a row
//!   A     ak ak ak ak ak ak ak ak   of that row
//!   B     b0 b2 b4 b6 b1 b3 b5 b7   of row k
//! ```

mod sums;
mod widen;

use super::operation::{Accumulator, Element, Operation};
use super::{Aligned, Register};
use crate::vector::wide::{set_numbers, set_words, transpose, words};
use std::arch::x86_64::*;
use std::cell::Cell;
use sums::{begin, set_halves, set_integers, set_singles};
use widen::{brains, brains_in_order, bytes_in_order, bytes_of, halves, halves_in_order, tensors};

/// The elements of eight rows of A that a register holds, two rows a vector and `P` vectors to them.
type Eight<const P: usize> = [[[f32; 8]; P]; 4];

/// The rows of B that a register holds, by members of a group and parts of a word: even columns, then odd ones.
type Rows<const P: usize> = [[__m256; P]; 4];

/// Computes the operation if it is one of those; what is in order needs no place of its own for results.
#[target_feature(enable = "avx2,fma,f16c")]
pub(super) fn multiply(
    operation: &Operation,
    a: &[&Register],
    b: &[&Register],
    c: &[&Register],
    d: &[&Register],
    is_in_order: bool,
) -> bool {
    let (own, places);
    let target = if is_in_order {
        d
    } else {
        own = std::array::from_fn::<Register, 8, _>(|_| Cell::new(Aligned([0; 32])));
        places = own.each_ref();
        &places[..]
    };
    let is_done = multiply_into(operation, a, b, c, target);
    if is_done && !std::ptr::eq(target, d) {
        for (register, result) in d.iter().zip(target) {
            register.set(result.get());
        }
    }
    is_done
}

/// Whether nothing is read after it is written: of one block A and B are read first, and C's registers each before D's of the
/// same number.
#[inline(always)]
pub(super) fn is_in_order(operation: &Operation, c: &[&Register], d: &[&Register]) -> bool {
    if operation.m != 16 || operation.n != 8 || operation.c != operation.d {
        return false;
    }
    let mut is_early = false;
    for (number, d) in d.iter().enumerate() {
        for c in c.iter().skip(number + 1) {
            is_early |= std::ptr::eq(*c, *d);
        }
    }
    !is_early
}

#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn multiply_into(
    operation: &Operation,
    a: &[&Register],
    b: &[&Register],
    c: &[&Register],
    d: &[&Register],
) -> bool {
    let bytes = |element| matches!(element, Element::S8 | Element::U8);
    let mixed = operation.a != operation.b && !(bytes(operation.a) && bytes(operation.b));
    if !operation.m.is_multiple_of(16) || mixed {
        return false;
    }
    let halves = (|words| halves_in_order(words), |words| halves(words));
    let brains = (|words| brains_in_order(words), |words| brains(words));
    let tensors = (|words| tensors(words), |words| tensors(words));
    match (operation.a, operation.k) {
        (Element::F16, 16) => blocks::<2, 2>(operation, a, b, c, d, halves),
        (Element::F16, 8) => blocks::<1, 2>(operation, a, b, c, d, halves),
        (Element::BF16, 16) => blocks::<2, 2>(operation, a, b, c, d, brains),
        (Element::BF16, 8) => blocks::<1, 2>(operation, a, b, c, d, brains),
        (Element::TF32, 8) => blocks::<2, 1>(operation, a, b, c, d, tensors),
        (Element::TF32, 4) => blocks::<1, 1>(operation, a, b, c, d, tensors),
        (Element::S8 | Element::U8, 16 | 32) => {
            let (left, right) = (operation.a == Element::S8, operation.b == Element::S8);
            let bytes = (
                |words| bytes_in_order(words, left),
                |words| bytes_of(words, right),
            );
            if operation.k == 32 {
                blocks::<2, 4>(operation, a, b, c, d, bytes);
            } else {
                blocks::<1, 4>(operation, a, b, c, d, bytes);
            }
        }
        _ => return false,
    }
    true
}

/// Blocks of 16 rows and 8 columns. `K` registers of B follow each other along k, and twice as many of A; a word holds `P`
/// elements. Those of A are widened in the order in which they stand, those of B by parts of their words.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn blocks<const K: usize, const P: usize>(
    operation: &Operation,
    a: &[&Register],
    b: &[&Register],
    c: &[&Register],
    d: &[&Register],
    (widen_left, widen_right): (
        impl Fn(__m256i) -> [__m256; P],
        impl Fn(__m256i) -> [__m256; P],
    ),
) {
    let across = operation.n / 8;
    // The registers of eight rows.
    let (summands, results) = (2 / operation.c.packed(), 2 / operation.d.packed());
    for row in 0..operation.m / 16 {
        let a = &a[2 * K * row..][..2 * K];
        // Aligned, since stores over the borders of cache lines take twice as long.
        let mut left = Aligned([[[[[0.0; 8]; P]; 4]; K]; 2]);
        for register in 0..K {
            for half in 0..2 {
                left.0[half][register] = eight(a[2 * register + half], &widen_left);
            }
        }
        for column in 0..across {
            let b = &b[K * column..][..K];
            let mut right = [[[_mm256_setzero_ps(); P]; 4]; K];
            for register in 0..K {
                right[register] = rows(b[register], &widen_right);
            }
            for half in 0..2 {
                let place = 2 * (row * across + column) + half;
                let c = &c[summands * place..][..summands];
                let d = &d[results * place..][..results];
                let mut sums = begin(operation.c, c);
                accumulate(&left.0[half], &right, &mut sums);
                match operation.d {
                    Accumulator::F32 => set_singles(sums, d),
                    Accumulator::F16 => set_halves(sums, d),
                    _ => set_integers(sums, c, d, operation.saturate),
                }
            }
        }
    }
}

#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn eight<const P: usize>(a: &Register, widen: impl Fn(__m256i) -> [__m256; P]) -> Eight<P> {
    let a = vectors(a);
    let mut eight = [[[0.0; 8]; P]; 4];
    for vector in 0..4 {
        let two = widen(a[vector]);
        for part in 0..P {
            set_numbers(&mut eight[vector][part], two[part]);
        }
    }
    eight
}

#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn rows<const P: usize>(b: &Register, widen: impl Fn(__m256i) -> [__m256; P]) -> Rows<P> {
    let mut rows = [[_mm256_setzero_ps(); P]; 4];
    let members = transpose(vectors(b));
    for member in 0..4 {
        rows[member] = widen(members[member]);
    }
    rows
}

/// Adds all products to the sums of eight rows: as many as need not wait for each other.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn accumulate<const K: usize, const P: usize>(
    left: &[Eight<P>; K],
    right: &[Rows<P>; K],
    sums: &mut [__m256; 8],
) {
    let left = left.as_flattened().as_flattened().as_flattened();
    // One loop, which is too long to be unrolled: then all elements would be repeated first, and wait for the sums in memory.
    for (k, right) in right.as_flattened().as_flattened().iter().enumerate() {
        let left = &left[k / (4 * P) * (32 * P) + k % (4 * P)..][..28 * P + 1];
        for row in 0..8 {
            let factor = _mm256_set1_ps(left[4 * P * row]);
            sums[row] = _mm256_fmadd_ps(factor, *right, sums[row]);
        }
    }
}

#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn vectors(register: &Register) -> [__m256i; 4] {
    let Aligned(lanes) = register.get();
    [
        words(&lanes, 0),
        words(&lanes, 1),
        words(&lanes, 2),
        words(&lanes, 3),
    ]
}

#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn set_vectors(register: &Register, values: [__m256i; 4]) {
    let mut lanes = [0; 32];
    for vector in 0..4 {
        set_words(&mut lanes, vector, values[vector]);
    }
    register.set(Aligned(lanes));
}
