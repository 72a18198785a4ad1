//! Seeded random numbers that are the same on every machine.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};
use vocabulary::CaseId;

/// A stream of random numbers, fixed by the name of a case.
///
/// ChaCha with 8 rounds, keyed with the SHA-256 digest of the name; bounded numbers by multiplication with rejection
/// (Lemire, *Fast Random Integer Generation in an Interval*, 2019). Nothing depends on the platform or on the version
/// of a sampling library.
pub struct Random(ChaCha8Rng);

impl Random {
    /// The stream of a case.
    pub fn of_case(case: &CaseId) -> Self {
        Self::of_text(&case.to_string())
    }

    /// The stream that a text fixes.
    pub fn of_text(text: &str) -> Self {
        Random(ChaCha8Rng::from_seed(Sha256::digest(text).into()))
    }

    /// 32 random bits.
    pub fn bits(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// A number in `0..bound`.
    ///
    /// # Panics
    /// If `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        assert!(bound > 0, "a number below 0 was asked for");
        if let Ok(bound) = u32::try_from(bound) {
            return self.below_u32(bound).into();
        }
        let threshold = bound.wrapping_neg() % bound;
        loop {
            let product = u128::from(self.0.next_u64()) * u128::from(bound);
            if product as u64 >= threshold {
                return (product >> 64) as u64;
            }
        }
    }

    #[inline]
    fn below_u32(&mut self, bound: u32) -> u32 {
        let mut product = u64::from(self.0.next_u32()) * u64::from(bound);
        if (product as u32) < bound {
            let threshold = bound.wrapping_neg() % bound;
            while (product as u32) < threshold {
                product = u64::from(self.0.next_u32()) * u64::from(bound);
            }
        }
        (product >> 32) as u32
    }

    /// A number in `least..=most`.
    ///
    /// # Panics
    /// If `least > most`.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        assert!(least <= most, "no number lies between {least} and {most}");
        let span = most.wrapping_sub(least) as u64;
        match span.checked_add(1) {
            Some(bound) => least.wrapping_add(self.below(bound) as i64),
            None => self.0.next_u64() as i64,
        }
    }

    /// A position in `0..length`.
    pub fn index(&mut self, length: usize) -> usize {
        self.below(length as u64) as usize
    }

    /// A number in `[0, 1)` with 53 random bits.
    pub fn fraction(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// A number of mean 0 and variance 1 that is close to normal: the sum of four uniform ones of 16 bits (Irwin and Hall),
    /// exact in `f64` but for the scale, so that it is the same everywhere. At most 2 sqrt(3) in magnitude.
    pub fn normal(&mut self) -> f64 {
        let bits = self.0.next_u64();
        let part = |shift: u32| ((bits >> shift) & 0xFFFF) as f64;
        let sum = part(0) + part(16) + part(32) + part(48);
        // Four times 0 to 2^16 - 1: the mean is 2 (2^16 - 1), the variance 4 (2^32 - 1) / 12.
        (sum - 131_070.0) * (1.732_050_807_568_877_2 / 65_536.0)
    }

    /// Numbers of the whole range of `i32`.
    pub fn integers(&mut self, count: usize) -> Vec<i32> {
        (0..count).map(|_| self.0.next_u32() as i32).collect()
    }

    /// Numbers in `least..=most`.
    pub fn integers_between(&mut self, count: usize, least: i32, most: i32) -> Vec<i32> {
        (0..count)
            .map(|_| self.between(least.into(), most.into()) as i32)
            .collect()
    }

    /// Numbers of the whole range of `i32`, strictly ascending, in linear time: one of each of `count` equal slots.
    ///
    /// # Panics
    /// If `count` is greater than 2^32.
    pub fn ascending(&mut self, count: usize) -> Vec<i32> {
        let slot = (1_u64 << 32) / (count as u64).max(1);
        (0..count as u64)
            .map(|index| (i64::from(i32::MIN) + (index * slot + self.below(slot)) as i64) as i32)
            .collect()
    }

    /// Any one of some values.
    pub fn choose<'a, T>(&mut self, values: &'a [T]) -> &'a T {
        &values[self.index(values.len())]
    }

    /// Puts values into a random order: by Fisher and Yates where they fit into a cache; more of them are first dealt
    /// out at random onto heaps that do (Rao, *Generation of Random Permutation of Given Number of Elements Using
    /// Random Sampling Numbers*, 1961), because a swap across memory costs as much as ten within a cache.
    pub fn shuffle<T: Copy>(&mut self, values: &mut [T]) {
        if values.len() <= MOST_TO_SWAP {
            for last in (1..values.len()).rev() {
                values.swap(last, self.below_u32(last as u32 + 1) as usize);
            }
            return;
        }
        let mut rest = values;
        for count in self.deal(rest) {
            let (heap, others) = rest.split_at_mut(count);
            self.shuffle(heap);
            rest = others;
        }
    }

    /// Puts each value onto a random heap, one heap behind the other. The lengths of the heaps.
    fn deal<T: Copy>(&mut self, values: &mut [T]) -> [usize; HEAPS] {
        let mut heaps = Vec::with_capacity(values.len() + 3);
        let mut counts = [0; HEAPS];
        while heaps.len() < values.len() {
            heaps.extend(self.bits().to_le_bytes());
        }
        for heap in &mut heaps[..values.len()] {
            *heap %= HEAPS as u8;
            counts[usize::from(*heap)] += 1;
        }
        let mut next = [0; HEAPS];
        for heap in 1..HEAPS {
            next[heap] = next[heap - 1] + counts[heap - 1];
        }
        let dealt = values.to_vec();
        for (value, heap) in dealt.into_iter().zip(heaps) {
            let place = &mut next[usize::from(heap)];
            values[*place] = value;
            *place += 1;
        }
        counts
    }
}

/// Values that are shuffled by swaps: a heap of them should fit into the second cache.
const MOST_TO_SWAP: usize = 1 << 15;

/// Heaps of a deal: a power of two that a byte can name.
const HEAPS: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    /// The first words of ChaCha8 under the SHA-256 digest of the text, computed by an independent implementation of
    /// both. A change here changes every case there is.
    #[test]
    fn the_stream_of_a_text_is_pinned() {
        let mut random = Random::of_text("kth_largest/random@n=1,k=1#0");
        let bits: Vec<u32> = (0..3).map(|_| random.bits()).collect();
        assert_eq!(bits, [881_136_355, 1_156_012_210, 2_588_542_212]);
    }

    #[test]
    fn bounded_numbers_stay_in_bounds_and_reach_both_ends() {
        let mut random = Random::of_text("bounds");
        for (least, most) in [(0, 0), (-3, 3), (i64::MIN, i64::MAX), (5, 5 + (1 << 40))] {
            for _ in 0..100 {
                let value = random.between(least, most);
                assert!((least..=most).contains(&value));
            }
        }
        let seen: std::collections::BTreeSet<i64> =
            (0..200).map(|_| random.between(-3, 3)).collect();
        assert_eq!(seen.len(), 7);
    }

    #[test]
    fn bounded_numbers_are_uniform() {
        // Chi-squared with 9 degrees of freedom exceeds 33.7 with probability 1e-4; the seed is fixed.
        let mut random = Random::of_text("uniform");
        let mut counts = [0_i32; 10];
        for _ in 0..100_000 {
            counts[random.index(10)] += 1;
        }
        let squares: i32 = counts.iter().map(|count| (count - 10_000).pow(2)).sum();
        assert!(f64::from(squares) / 10_000.0 < 33.7, "{counts:?}");
    }

    #[test]
    fn normal_numbers_have_mean_0_and_variance_1_and_thin_tails() {
        let mut random = Random::of_text("normal");
        let values: Vec<f64> = (0..100_000).map(|_| random.normal()).collect();
        let mean = values.iter().sum::<f64>() / 1e5;
        let variance = values.iter().map(|value| value * value).sum::<f64>() / 1e5;
        // Five standard errors: sqrt(1 / n) and sqrt((kurtosis - 1) / n), the kurtosis being 2.7.
        assert!(
            mean.abs() < 0.016 && (variance - 1.0).abs() < 0.021,
            "{mean} {variance}"
        );
        let beyond = values.iter().filter(|value| value.abs() > 2.0).count();
        assert!((3_500..5_500).contains(&beyond), "{beyond}");
        assert!(values.iter().all(|value| value.abs() <= 3.465));
    }

    #[test]
    fn ascending_numbers_ascend_over_the_whole_range() {
        for count in [0, 1, 2, 1000] {
            let numbers = Random::of_text("ascending").ascending(count);
            assert_eq!(numbers.len(), count);
            assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]));
            if count == 1000 {
                assert!(numbers[9] < -2_100_000_000 && numbers[990] > 2_100_000_000);
            }
        }
    }

    #[test]
    fn a_shuffle_keeps_every_value() {
        for count in [0, 1, 2, 100, MOST_TO_SWAP, MOST_TO_SWAP + 1, 200_000] {
            let mut values: Vec<u32> = (0..count as u32).collect();
            Random::of_text("shuffle").shuffle(&mut values);
            assert!(count < 100 || !values.is_sorted());
            values.sort_unstable();
            assert!(values.into_iter().eq(0..count as u32));
        }
    }

    #[test]
    fn a_value_is_as_likely_at_every_place_whether_it_is_swapped_or_dealt() {
        let mut random = Random::of_text("places");
        let mut dealt = vec![0_u32; 10 * MOST_TO_SWAP];
        dealt
            .iter_mut()
            .zip(0..)
            .for_each(|(value, index)| *value = index);
        random.shuffle(&mut dealt);
        let mut swapped: Vec<u32> = Vec::new();
        for _ in 0..10 {
            let mut part: Vec<u32> = (0..MOST_TO_SWAP as u32).collect();
            random.shuffle(&mut part);
            swapped.extend(part);
        }
        for (values, whole) in [(dealt, 10 * MOST_TO_SWAP), (swapped, MOST_TO_SWAP)] {
            // From which tenth to which tenth: chi-squared with 81 degrees of freedom exceeds 140 with probability
            // 6e-5; the seed is fixed.
            let mut counts = [[0_i64; 10]; 10];
            for (place, value) in values.iter().enumerate() {
                counts[place % whole * 10 / whole][*value as usize * 10 / whole] += 1;
            }
            let expected = values.len() as f64 / 100.0;
            let squares = counts
                .iter()
                .flatten()
                .map(|count| (*count as f64 - expected).powi(2));
            let chi_squared = squares.sum::<f64>() / expected;
            assert!(chi_squared < 140.0, "{chi_squared}");
        }
    }
}
