//! The shapes that programs use most, for processors with vectors of 8 lanes: blocks of m16n8 of f16, bf16, tf32 and bytes.
//!
//! No sum moves. Eight lanes of C's registers are two rows of four columns, the even ones in the first register and the odd ones
//! in the second, and D's are the same, so that a vector of sums is what stands in a register. At each step k the two rows'
//! elements of A, which stand in one vector, too, are permuted so that each stands under its row, and are multiplied by the even
//! and the odd elements of row k of B:
//!
//! ```text
//!   lanes 8v ..      8v+7           columns
//!   sums  c0 c2 c4 c6 c0 c2 c4 c6   of rows 2v and 2v+1, even ones
//!         c1 c3 c5 c7 c1 c3 c5 c7                        odd ones
//!   A     ak ak ak ak ak ak ak ak   of row 2v four times, of row 2v+1 four times
//!   B     b0 b2 b4 b6 b0 b2 b4 b6   of row k, for the even ones
//! ```

use super::Lanes;
use super::operation::{Accumulator, Element, Operation};
use crate::number::narrow::SINGLE_NAN;
use crate::vector::wide::{set_words, transpose, words};
use std::arch::x86_64::*;

/// The sums of two rows: those of even columns and those of odd ones.
type Sums = [__m256; 2];

/// Computes the operation if it is one of those.
#[target_feature(enable = "avx2,fma,f16c")]
pub(super) fn multiply(
    operation: &Operation,
    a: &[&Lanes],
    b: &[&Lanes],
    c: &[&Lanes],
    d: &mut [Lanes],
) -> bool {
    let bytes = |element| matches!(element, Element::S8 | Element::U8);
    let mixed = operation.a != operation.b && !(bytes(operation.a) && bytes(operation.b));
    if !operation.m.is_multiple_of(16) || mixed {
        return false;
    }
    let halves = |words| halves(words);
    let brains = |words| brains(words);
    let tensors = |words| tensors(words);
    match (operation.a, operation.k) {
        (Element::F16, 16) => blocks::<2, 2>(operation, a, b, c, d, halves, halves),
        (Element::F16, 8) => blocks::<1, 2>(operation, a, b, c, d, halves, halves),
        (Element::BF16, 16) => blocks::<2, 2>(operation, a, b, c, d, brains, brains),
        (Element::BF16, 8) => blocks::<1, 2>(operation, a, b, c, d, brains, brains),
        (Element::TF32, 8) => blocks::<2, 1>(operation, a, b, c, d, tensors, tensors),
        (Element::TF32, 4) => blocks::<1, 1>(operation, a, b, c, d, tensors, tensors),
        (Element::S8 | Element::U8, 16 | 32) => {
            let (left, right) = (operation.a == Element::S8, operation.b == Element::S8);
            let left = |words| bytes_of(words, left);
            let right = |words| bytes_of(words, right);
            if operation.k == 32 {
                blocks::<2, 4>(operation, a, b, c, d, left, right);
            } else {
                blocks::<1, 4>(operation, a, b, c, d, left, right);
            }
        }
        _ => return false,
    }
    true
}

/// Blocks of 16 rows and 8 columns. `K` registers of B follow each other along k, and twice as many of A; a word holds `P`
/// elements.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn blocks<const K: usize, const P: usize>(
    operation: &Operation,
    a: &[&Lanes],
    b: &[&Lanes],
    c: &[&Lanes],
    d: &mut [Lanes],
    widen_left: impl Fn(__m256i) -> [__m256; P],
    widen_right: impl Fn(__m256i) -> [__m256; P],
) {
    let across = operation.n / 8;
    // The registers of eight rows.
    let (summands, results) = (2 / operation.c.packed(), 2 / operation.d.packed());
    for column in 0..across {
        let rows = rows::<K, P>(&b[K * column..][..K], &widen_right);
        for row in 0..operation.m / 16 {
            // Sums wait for each other along k: those of two vectors of both halves are four times two that do not.
            for vector in [0, 2] {
                let mut sums = [[[_mm256_setzero_ps(); 2]; 2]; 2];
                for half in 0..2 {
                    let place = 2 * (row * across + column) + half;
                    for next in 0..2 {
                        let c = &c[summands * place..][..summands];
                        sums[half][next] = begin(operation.c, c, vector + next);
                    }
                }
                for register in 0..K {
                    let mut left = [[[_mm256_setzero_ps(); P]; 2]; 2];
                    for half in 0..2 {
                        let a = a[2 * (K * row + register) + half];
                        for next in 0..2 {
                            left[half][next] = widen_left(words(a, vector + next));
                        }
                    }
                    accumulate(&left, &rows[register], &mut sums);
                }
                for half in 0..2 {
                    let place = 2 * (row * across + column) + half;
                    for next in 0..2 {
                        let c = &c[summands * place..][..summands];
                        let d = &mut d[results * place..][..results];
                        finish(operation, sums[half][next], c, d, vector + next);
                    }
                }
            }
        }
    }
}

/// The rows of B, by registers, members of a group and parts of a word: the elements of even columns twice, and those of odd
/// ones.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn rows<const K: usize, const P: usize>(
    b: &[&Lanes],
    widen: impl Fn(__m256i) -> [__m256; P],
) -> [[[[__m256; 2]; P]; 4]; K] {
    let mut rows = [[[[_mm256_setzero_ps(); 2]; P]; 4]; K];
    for register in 0..K {
        let b = b[register];
        let members = transpose([words(b, 0), words(b, 1), words(b, 2), words(b, 3)]);
        for member in 0..4 {
            let row = widen(members[member]);
            for part in 0..P {
                rows[register][member][part] = [
                    _mm256_permute2f128_ps::<0x00>(row[part], row[part]),
                    _mm256_permute2f128_ps::<0x11>(row[part], row[part]),
                ];
            }
        }
    }
    rows
}

/// Adds the products of four times two rows, a register's elements of each, to the sums of even and of odd columns.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn accumulate<const P: usize>(
    left: &[[[__m256; P]; 2]; 2],
    rows: &[[[__m256; 2]; P]; 4],
    sums: &mut [[Sums; 2]; 2],
) {
    // The permutation is part of the instruction, so each member of a group has its own.
    macro_rules! member {
        ($member:literal) => {
            for part in 0..P {
                let row = &rows[$member][part];
                for half in 0..2 {
                    for next in 0..2 {
                        let factor =
                            _mm256_permute_ps::<{ $member * 0b0101_0101 }>(left[half][next][part]);
                        let sums = &mut sums[half][next];
                        sums[0] = _mm256_fmadd_ps(factor, row[0], sums[0]);
                        sums[1] = _mm256_fmadd_ps(factor, row[1], sums[1]);
                    }
                }
            }
        };
    }
    member!(0);
    member!(1);
    member!(2);
    member!(3);
}

/// What the sums begin with.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn begin(accumulator: Accumulator, c: &[&Lanes], vector: usize) -> Sums {
    match accumulator {
        Accumulator::F32 => [
            _mm256_castsi256_ps(words(c[0], vector)),
            _mm256_castsi256_ps(words(c[1], vector)),
        ],
        Accumulator::F16 => halves(words(c[0], vector)),
        // The sum of at most 32 products of bytes is exact in f32, and C is added afterwards.
        _ => [_mm256_setzero_ps(); 2],
    }
}

/// Writes the sums.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn finish(operation: &Operation, sums: Sums, c: &[&Lanes], d: &mut [Lanes], vector: usize) {
    match operation.d {
        Accumulator::F32 => {
            for register in 0..2 {
                let sum = _mm256_castps_si256(canonical(sums[register]));
                set_words(&mut d[register], vector, sum);
            }
        }
        Accumulator::F16 => {
            let low = _mm256_cvtps_ph::<_MM_FROUND_TO_NEAREST_INT>(canonical(sums[0]));
            let high = _mm256_cvtps_ph::<_MM_FROUND_TO_NEAREST_INT>(canonical(sums[1]));
            let high = _mm256_slli_epi32::<16>(_mm256_cvtepu16_epi32(high));
            let packed = _mm256_or_si256(_mm256_cvtepu16_epi32(low), high);
            set_words(&mut d[0], vector, packed);
        }
        _ => {
            for register in 0..2 {
                let c = words(c[register], vector);
                let sum = _mm256_cvtps_epi32(sums[register]);
                let mut total = _mm256_add_epi32(sum, c);
                if operation.saturate {
                    total = saturated(total, sum, c);
                }
                set_words(&mut d[register], vector, total);
            }
        }
    }
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

/// The low halves of words, and the high ones.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn halves(words: __m256i) -> [__m256; 2] {
    let apart = _mm256_broadcastsi128_si256(_mm_setr_epi8(
        0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15,
    ));
    let words = _mm256_shuffle_epi8(words, apart);
    let first = _mm256_cvtph_ps(_mm256_castsi256_si128(words));
    let second = _mm256_cvtph_ps(_mm256_extracti128_si256::<1>(words));
    [
        _mm256_permute2f128_ps::<0x20>(first, second),
        _mm256_permute2f128_ps::<0x31>(first, second),
    ]
}

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
fn bytes_of(words: __m256i, is_signed: bool) -> [__m256; 4] {
    let tops = [
        _mm256_slli_epi32::<24>(words),
        _mm256_slli_epi32::<16>(words),
        _mm256_slli_epi32::<8>(words),
        words,
    ];
    // A loop, since closures that arrays call are compiled without vectors where they are not inlined.
    let mut numbers = [_mm256_setzero_ps(); 4];
    for part in 0..4 {
        numbers[part] = _mm256_cvtepi32_ps(match is_signed {
            true => _mm256_srai_epi32::<24>(tops[part]),
            false => _mm256_srli_epi32::<24>(tops[part]),
        });
    }
    numbers
}
