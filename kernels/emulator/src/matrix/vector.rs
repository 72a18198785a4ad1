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

use super::operation::{Accumulator, Element, Operation};
use super::{Aligned, Register};
use crate::number::narrow::SINGLE_NAN;
use crate::vector::wide::{set_numbers, set_words, transpose, words};
use std::arch::x86_64::*;
use std::cell::Cell;

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

/// What the sums of eight rows begin with.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn begin(accumulator: Accumulator, c: &[&Register]) -> [__m256; 8] {
    let mut sums = [_mm256_setzero_ps(); 8];
    match accumulator {
        Accumulator::F32 => {
            let (even, odd) = (vectors(c[0]), vectors(c[1]));
            for vector in 0..4 {
                let columns = [
                    _mm256_castsi256_ps(even[vector]),
                    _mm256_castsi256_ps(odd[vector]),
                ];
                [sums[2 * vector], sums[2 * vector + 1]] = turned(columns);
            }
        }
        Accumulator::F16 => {
            let both = vectors(c[0]);
            for vector in 0..4 {
                [sums[2 * vector], sums[2 * vector + 1]] = turned(halves(both[vector]));
            }
        }
        // The sum of at most 32 products of bytes is exact in f32, and C is added afterwards.
        _ => {}
    }
    sums
}

#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn set_singles(sums: [__m256; 8], d: &[&Register]) {
    let mut results = [[_mm256_setzero_si256(); 4]; 2];
    for vector in 0..4 {
        let columns = turned([sums[2 * vector], sums[2 * vector + 1]]);
        for register in 0..2 {
            results[register][vector] = _mm256_castps_si256(canonical(columns[register]));
        }
    }
    set_vectors(d[0], results[0]);
    set_vectors(d[1], results[1]);
}

#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn set_halves(sums: [__m256; 8], d: &[&Register]) {
    let mut results = [_mm256_setzero_si256(); 4];
    for vector in 0..4 {
        let [even, odd] = turned([sums[2 * vector], sums[2 * vector + 1]]);
        let even = _mm256_cvtps_ph::<_MM_FROUND_TO_NEAREST_INT>(canonical(even));
        let odd = _mm256_cvtps_ph::<_MM_FROUND_TO_NEAREST_INT>(canonical(odd));
        let odd = _mm256_slli_epi32::<16>(_mm256_cvtepu16_epi32(odd));
        results[vector] = _mm256_or_si256(_mm256_cvtepu16_epi32(even), odd);
    }
    set_vectors(d[0], results);
}

#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn set_integers(sums: [__m256; 8], c: &[&Register], d: &[&Register], saturate: bool) {
    let mut results = [vectors(c[0]), vectors(c[1])];
    for vector in 0..4 {
        let columns = turned([sums[2 * vector], sums[2 * vector + 1]]);
        for register in 0..2 {
            let c = results[register][vector];
            let sum = _mm256_cvtps_epi32(columns[register]);
            let mut total = _mm256_add_epi32(sum, c);
            if saturate {
                total = saturated(total, sum, c);
            }
            results[register][vector] = total;
        }
    }
    set_vectors(d[0], results[0]);
    set_vectors(d[1], results[1]);
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

/// Of the even and the odd columns of two rows, the one row and the other; and the other way round.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn turned([one, other]: [__m256; 2]) -> [__m256; 2] {
    [
        _mm256_permute2f128_ps::<0x20>(one, other),
        _mm256_permute2f128_ps::<0x31>(one, other),
    ]
}

/// The sum of integers, or where it is beyond them the greatest or least one.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn saturated(total: __m256i, one: __m256i, other: __m256i) -> __m256i {
    // It is beyond where both summands have one sign and the sum has the other.
    let beyond = _mm256_and_si256(_mm256_xor_si256(total, one), _mm256_xor_si256(total, other));
    let limit = _mm256_xor_si256(_mm256_srai_epi32::<31>(one), _mm256_set1_epi32(i32::MAX));
    _mm256_castps_si256(_mm256_blendv_ps(
        _mm256_castsi256_ps(total),
        _mm256_castsi256_ps(limit),
        _mm256_castsi256_ps(beyond),
    ))
}

/// The same numbers, or the canonical one that is none.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn canonical(sums: __m256) -> __m256 {
    let none = _mm256_set1_ps(f32::from_bits(SINGLE_NAN));
    _mm256_blendv_ps(sums, none, _mm256_cmp_ps::<_CMP_UNORD_Q>(sums, sums))
}

#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn halves_in_order(words: __m256i) -> [__m256; 2] {
    [
        _mm256_cvtph_ps(_mm256_castsi256_si128(words)),
        _mm256_cvtph_ps(_mm256_extracti128_si256::<1>(words)),
    ]
}

/// The low halves of words, and the high ones.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn halves(words: __m256i) -> [__m256; 2] {
    let apart = _mm256_broadcastsi128_si256(_mm_setr_epi8(
        0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15,
    ));
    let words = _mm256_shuffle_epi8(words, apart);
    halves_in_order(_mm256_permute4x64_epi64::<0b11_01_10_00>(words))
}

#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn brains_in_order(words: __m256i) -> [__m256; 2] {
    let (low, high) = (
        _mm256_cvtepu16_epi32(_mm256_castsi256_si128(words)),
        _mm256_cvtepu16_epi32(_mm256_extracti128_si256::<1>(words)),
    );
    [
        _mm256_castsi256_ps(_mm256_slli_epi32::<16>(low)),
        _mm256_castsi256_ps(_mm256_slli_epi32::<16>(high)),
    ]
}

/// The low halves of words, and the high ones.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn brains(words: __m256i) -> [__m256; 2] {
    let high = _mm256_and_si256(words, _mm256_set1_epi32(0xffff_0000_u32 as i32));
    [
        _mm256_castsi256_ps(_mm256_slli_epi32::<16>(words)),
        _mm256_castsi256_ps(high),
    ]
}

#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn tensors(words: __m256i) -> [__m256; 1] {
    let kept = _mm256_set1_epi32(0xffff_e000_u32 as i32);
    [_mm256_castsi256_ps(_mm256_and_si256(words, kept))]
}

#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn bytes_in_order(words: __m256i, is_signed: bool) -> [__m256; 4] {
    let (low, high) = (
        _mm256_castsi256_si128(words),
        _mm256_extracti128_si256::<1>(words),
    );
    let eights = [
        low,
        _mm_srli_si128::<8>(low),
        high,
        _mm_srli_si128::<8>(high),
    ];
    // A loop, since closures that arrays call are compiled without vectors where they are not inlined.
    let mut numbers = [_mm256_setzero_ps(); 4];
    for part in 0..4 {
        numbers[part] = _mm256_cvtepi32_ps(match is_signed {
            true => _mm256_cvtepi8_epi32(eights[part]),
            false => _mm256_cvtepu8_epi32(eights[part]),
        });
    }
    numbers
}

/// The lowest bytes of words, up to the highest ones.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn bytes_of(words: __m256i, is_signed: bool) -> [__m256; 4] {
    let tops = [
        _mm256_slli_epi32::<24>(words),
        _mm256_slli_epi32::<16>(words),
        _mm256_slli_epi32::<8>(words),
        words,
    ];
    let mut numbers = [_mm256_setzero_ps(); 4];
    for part in 0..4 {
        numbers[part] = _mm256_cvtepi32_ps(match is_signed {
            true => _mm256_srai_epi32::<24>(tops[part]),
            false => _mm256_srli_epi32::<24>(tops[part]),
        });
    }
    numbers
}
