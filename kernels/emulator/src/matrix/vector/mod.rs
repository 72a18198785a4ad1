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

use super::operation::{Accumulator, Element};
use super::product::{Left, Places, Product};
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

/// Computes the product if it is one of those.
#[target_feature(enable = "avx2,fma,f16c")]
pub(super) fn multiply(product: &Product, registers: &[Register], left: &mut Left) -> bool {
    let in_order = Places {
        all: registers,
        slots: &product.d,
    };
    match product.is_in_order {
        true => multiply_into(product, registers, in_order, left),
        false => multiply_apart(product, registers, left),
    }
}

/// What is not in order needs places of its own for results.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline(never)]
fn multiply_apart(product: &Product, registers: &[Register], left: &mut Left) -> bool {
    let own: [Register; 8] = std::array::from_fn(|_| Cell::new(Aligned([0; 32])));
    let results = Places {
        all: &own,
        slots: &[0, 1, 2, 3, 4, 5, 6, 7],
    };
    let is_done = multiply_into(product, registers, results, left);
    if is_done {
        for (slot, result) in product.d.iter().zip(&own) {
            registers[*slot as usize].set(result.get());
        }
    }
    is_done
}

#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn multiply_into(product: &Product, registers: &[Register], d: Places, left: &mut Left) -> bool {
    let operation = &product.operation;
    let bytes = |element| matches!(element, Element::S8 | Element::U8);
    let mixed = operation.a != operation.b && !(bytes(operation.a) && bytes(operation.b));
    if !operation.m.is_multiple_of(16) || mixed {
        return false;
    }
    let halves = (|words| halves_in_order(words), |words| halves(words));
    let brains = (|words| brains_in_order(words), |words| brains(words));
    let tensors = (|words| tensors(words), |words| tensors(words));
    match (operation.a, operation.k) {
        (Element::F16, 16) => blocks::<2, 2>(product, registers, d, left, halves),
        (Element::F16, 8) => blocks::<1, 2>(product, registers, d, left, halves),
        (Element::BF16, 16) => blocks::<2, 2>(product, registers, d, left, brains),
        (Element::BF16, 8) => blocks::<1, 2>(product, registers, d, left, brains),
        (Element::TF32, 8) => blocks::<2, 1>(product, registers, d, left, tensors),
        (Element::TF32, 4) => blocks::<1, 1>(product, registers, d, left, tensors),
        (Element::S8 | Element::U8, 16 | 32) => {
            let signed = [operation.a, operation.b].map(|element| element == Element::S8);
            let bytes = (
                |words| bytes_in_order(words, signed[0]),
                |words| bytes_of(words, signed[1]),
            );
            if operation.k == 32 {
                blocks::<2, 4>(product, registers, d, left, bytes);
            } else {
                blocks::<1, 4>(product, registers, d, left, bytes);
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
    product: &Product,
    all: &[Register],
    d: Places,
    left: &mut Left,
    (widen_left, widen_right): (
        impl Fn(__m256i) -> [__m256; P],
        impl Fn(__m256i) -> [__m256; P],
    ),
) {
    let operation = &product.operation;
    // No closure, which would be compiled without vectors where it is not inlined.
    let [a, b, c] = [
        Places {
            all,
            slots: &product.a,
        },
        Places {
            all,
            slots: &product.b,
        },
        Places {
            all,
            slots: &product.c,
        },
    ];
    let across = operation.n / 8;
    // The registers of eight rows.
    let (summands, results) = (2 / operation.c.packed(), 2 / operation.d.packed());
    let is_widened = left.is_kept && product.repeats_left;
    left.is_kept = true;
    let eights: &mut [Eight<P>] = left
        .numbers
        .0
        .as_chunks_mut()
        .0
        .as_chunks_mut()
        .0
        .as_chunks_mut()
        .0;
    for (row, left) in eights
        .as_chunks_mut::<K>()
        .0
        .as_chunks_mut::<2>()
        .0
        .iter_mut()
        .enumerate()
        .take(operation.m / 16)
    {
        if !is_widened {
            let a = a.part(2 * K * row, 2 * K);
            for register in 0..K {
                for half in 0..2 {
                    eight(
                        a.get(2 * register + half),
                        &widen_left,
                        &mut left[half][register],
                    );
                }
            }
        }
        for column in 0..across {
            let b = b.part(K * column, K);
            let mut right = [[[_mm256_setzero_ps(); P]; 4]; K];
            for register in 0..K {
                right[register] = rows(b.get(register), &widen_right);
            }
            for half in 0..2 {
                let place = 2 * (row * across + column) + half;
                let c = c.part(summands * place, summands);
                let d = d.part(results * place, results);
                let mut sums = begin(operation.c, c);
                accumulate(&left[half], &right, &mut sums);
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
fn eight<const P: usize>(
    a: &Register,
    widen: impl Fn(__m256i) -> [__m256; P],
    eight: &mut Eight<P>,
) {
    let a = vectors(a);
    for vector in 0..4 {
        let two = widen(a[vector]);
        for part in 0..P {
            set_numbers(&mut eight[vector][part], two[part]);
        }
    }
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
