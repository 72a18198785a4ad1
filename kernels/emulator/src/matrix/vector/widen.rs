//! Elements become numbers of f32: in the order in which they stand, or part by part of the words that hold them.

use std::arch::x86_64::*;

#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
pub(super) fn halves_in_order(words: __m256i) -> [__m256; 2] {
    [
        _mm256_cvtph_ps(_mm256_castsi256_si128(words)),
        _mm256_cvtph_ps(_mm256_extracti128_si256::<1>(words)),
    ]
}

/// The low halves of words, and the high ones.
#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
pub(super) fn halves(words: __m256i) -> [__m256; 2] {
    let apart = _mm256_broadcastsi128_si256(_mm_setr_epi8(
        0, 1, 4, 5, 8, 9, 12, 13, 2, 3, 6, 7, 10, 11, 14, 15,
    ));
    let words = _mm256_shuffle_epi8(words, apart);
    halves_in_order(_mm256_permute4x64_epi64::<0b11_01_10_00>(words))
}

#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
pub(super) fn brains_in_order(words: __m256i) -> [__m256; 2] {
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
pub(super) fn brains(words: __m256i) -> [__m256; 2] {
    let high = _mm256_and_si256(words, _mm256_set1_epi32(0xffff_0000_u32 as i32));
    [
        _mm256_castsi256_ps(_mm256_slli_epi32::<16>(words)),
        _mm256_castsi256_ps(high),
    ]
}

#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
pub(super) fn tensors(words: __m256i) -> [__m256; 1] {
    let kept = _mm256_set1_epi32(0xffff_e000_u32 as i32);
    [_mm256_castsi256_ps(_mm256_and_si256(words, kept))]
}

#[target_feature(enable = "avx2,fma,f16c")]
#[inline]
pub(super) fn bytes_in_order(words: __m256i, is_signed: bool) -> [__m256; 4] {
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
pub(super) fn bytes_of(words: __m256i, is_signed: bool) -> [__m256; 4] {
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
