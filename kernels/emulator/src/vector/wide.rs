//! For processors with 256-bit vectors.

#![allow(unsafe_code)]

use crate::matrix::Lanes;
use std::arch::x86_64::*;

/// Whether the processor has the features that everything here is compiled for.
#[inline(always)]
pub(crate) fn is_available() -> bool {
    is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("fma")
        && is_x86_feature_detected!("f16c")
}

#[inline(always)]
pub(super) fn fetch<T>(place: *const T) {
    // SAFETY: a hint, for which any address will do; every processor of this kind has it.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(place.cast()) }
}

/// Eight lanes of a register.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
pub(crate) fn words(register: &Lanes, vector: usize) -> __m256i {
    let words: &[u32; 8] = &register.as_chunks().0[vector];
    // SAFETY: the reference covers the 32 bytes that are read, and this load asks for no alignment.
    unsafe { _mm256_loadu_si256(words.as_ptr().cast()) }
}

/// Sets eight lanes of a register.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
pub(crate) fn set_words(register: &mut Lanes, vector: usize, values: __m256i) {
    let words: &mut [u32; 8] = &mut register.as_chunks_mut().0[vector];
    // SAFETY: the reference covers the 32 bytes that are written, and this store asks for no alignment.
    unsafe { _mm256_storeu_si256(words.as_mut_ptr().cast(), values) }
}

/// Sets eight numbers.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
pub(crate) fn set_numbers(numbers: &mut [f32; 8], values: __m256) {
    // SAFETY: the reference covers the 32 bytes that are written, and this store asks for no alignment.
    unsafe { _mm256_storeu_ps(numbers.as_mut_ptr(), values) }
}

/// Four words of four vectors become four vectors of four words, in both halves alike.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
pub(crate) fn transpose([a, b, c, d]: [__m256i; 4]) -> [__m256i; 4] {
    let (low, high) = (_mm256_unpacklo_epi32(a, b), _mm256_unpackhi_epi32(a, b));
    let (more_low, more_high) = (_mm256_unpacklo_epi32(c, d), _mm256_unpackhi_epi32(c, d));
    [
        _mm256_unpacklo_epi64(low, more_low),
        _mm256_unpackhi_epi64(low, more_low),
        _mm256_unpacklo_epi64(high, more_high),
        _mm256_unpackhi_epi64(high, more_high),
    ]
}

#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
pub(super) fn registers_of_rows<const COUNT: usize>(
    row: impl Fn(usize) -> [u32; 4],
    registers: &mut [&mut Lanes; COUNT],
) {
    // Loops, since closures that arrays call are compiled without vectors where they are not inlined.
    for vector in 0..4 {
        // Lanes 0 to 3 in the lower halves, 4 to 7 in the upper ones.
        let mut rows = [_mm256_setzero_si256(); 4];
        for place in 0..4 {
            let low = of_row(row(8 * vector + place));
            let high = of_row(row(8 * vector + place + 4));
            rows[place] = _mm256_set_m128i(high, low);
        }
        let words = transpose(rows);
        for register in 0..COUNT {
            set_words(registers[register], vector, words[register]);
        }
    }
}

#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn of_row([a, b, c, d]: [u32; 4]) -> __m128i {
    _mm_setr_epi32(a as i32, b as i32, c as i32, d as i32)
}

#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
pub(super) fn rows_of_registers(registers: [&Lanes; 4], mut put: impl FnMut(usize, [u32; 4])) {
    for vector in 0..4 {
        let rows = transpose([
            words(registers[0], vector),
            words(registers[1], vector),
            words(registers[2], vector),
            words(registers[3], vector),
        ]);
        for place in 0..4 {
            let (low, high) = (
                _mm256_castsi256_si128(rows[place]),
                _mm256_extracti128_si256::<1>(rows[place]),
            );
            put(8 * vector + place, row_of(low));
            put(8 * vector + place + 4, row_of(high));
        }
    }
}

#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
fn row_of(words: __m128i) -> [u32; 4] {
    let mut row = [0; 4];
    // SAFETY: the array has the 16 bytes that are written, and this store asks for no alignment.
    unsafe { _mm_storeu_si128(row.as_mut_ptr().cast(), words) };
    row
}

#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
pub(super) fn transpose_halves(register: &Lanes) -> Lanes {
    // A vector has two rows. First they are paired half by half: [a0 b0 a1 b1 a2 b2 a3 b3 | a4 b4 ...].
    let mut pairs = [_mm256_setzero_si256(); 4];
    for vector in 0..4 {
        let rows = words(register, vector);
        let (one, other) = (
            _mm256_castsi256_si128(rows),
            _mm256_extracti128_si256::<1>(rows),
        );
        let (low, high) = (
            _mm_unpacklo_epi16(one, other),
            _mm_unpackhi_epi16(one, other),
        );
        pairs[vector] = _mm256_set_m128i(high, low);
    }
    // Then words are transposed: columns 0 to 3 in the lower halves, 4 to 7 in the upper ones.
    let [a, b, c, d] = transpose(pairs);
    let mut result = [0; 32];
    set_words(&mut result, 0, _mm256_permute2x128_si256::<0x20>(a, b));
    set_words(&mut result, 1, _mm256_permute2x128_si256::<0x20>(c, d));
    set_words(&mut result, 2, _mm256_permute2x128_si256::<0x31>(a, b));
    set_words(&mut result, 3, _mm256_permute2x128_si256::<0x31>(c, d));
    result
}
