//! The sums of eight rows: what they begin with, and where they go. A row has its even columns first, and then the odd ones.

use super::widen::halves;
use super::{set_vectors, vectors};
use crate::matrix::operation::Accumulator;
use crate::matrix::product::Places;
use crate::number::narrow::SINGLE_NAN;
use std::arch::x86_64::*;

/// What the sums of eight rows begin with.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
pub(super) fn begin(accumulator: Accumulator, c: Places) -> [__m256; 8] {
    let mut sums = [_mm256_setzero_ps(); 8];
    match accumulator {
        Accumulator::F32 => {
            let (even, odd) = (vectors(c.get(0)), vectors(c.get(1)));
            for vector in 0..4 {
                let columns = [
                    _mm256_castsi256_ps(even[vector]),
                    _mm256_castsi256_ps(odd[vector]),
                ];
                [sums[2 * vector], sums[2 * vector + 1]] = turned(columns);
            }
        }
        Accumulator::F16 => {
            let both = vectors(c.get(0));
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
pub(super) fn set_singles(sums: [__m256; 8], d: Places) {
    let mut results = [[_mm256_setzero_si256(); 4]; 2];
    for vector in 0..4 {
        let columns = turned([sums[2 * vector], sums[2 * vector + 1]]);
        for register in 0..2 {
            results[register][vector] = _mm256_castps_si256(canonical(columns[register]));
        }
    }
    set_vectors(d.get(0), results[0]);
    set_vectors(d.get(1), results[1]);
}

#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
pub(super) fn set_halves(sums: [__m256; 8], d: Places) {
    let mut results = [_mm256_setzero_si256(); 4];
    for vector in 0..4 {
        let [even, odd] = turned([sums[2 * vector], sums[2 * vector + 1]]);
        let even = _mm256_cvtps_ph::<_MM_FROUND_TO_NEAREST_INT>(canonical(even));
        let odd = _mm256_cvtps_ph::<_MM_FROUND_TO_NEAREST_INT>(canonical(odd));
        let odd = _mm256_slli_epi32::<16>(_mm256_cvtepu16_epi32(odd));
        results[vector] = _mm256_or_si256(_mm256_cvtepu16_epi32(even), odd);
    }
    set_vectors(d.get(0), results);
}

#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
pub(super) fn set_integers(sums: [__m256; 8], c: Places, d: Places, saturate: bool) {
    let mut results = [vectors(c.get(0)), vectors(c.get(1))];
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
    set_vectors(d.get(0), results[0]);
    set_vectors(d.get(1), results[1]);
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
