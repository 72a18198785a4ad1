//! Sets of small numbers.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// A set of numbers below a limit. One thread at a time changes it; its words are atomics so that what has it can be shared.
pub(crate) struct Bits(Box<[AtomicU64]>);

impl Bits {
    /// An empty set of numbers below `limit`.
    pub(crate) fn new(limit: u64) -> Self {
        Bits((0..limit.div_ceil(64)).map(|_| AtomicU64::new(0)).collect())
    }

    /// Adds a number.
    #[inline(always)]
    pub(crate) fn add(&self, number: u64) {
        let word = &self.0[(number / 64) as usize];
        word.store(word.load(Relaxed) | 1 << (number % 64), Relaxed);
    }

    /// Adds the numbers from one up to another.
    #[inline(always)]
    pub(crate) fn add_range(&self, start: u64, end: u64) {
        let mut at = start;
        while at < end {
            let last = end.min((at / 64 + 1) * 64);
            let ones = u64::MAX >> (64 - (last - at)) << (at % 64);
            let word = &self.0[(at / 64) as usize];
            word.store(word.load(Relaxed) | ones, Relaxed);
            at = last;
        }
    }

    /// Takes the numbers from one up to another out.
    pub(crate) fn remove_range(&self, start: u64, end: u64) {
        let mut at = start;
        while at < end {
            let last = end.min((at / 64 + 1) * 64);
            let ones = u64::MAX >> (64 - (last - at));
            let word = &self.0[(at / 64) as usize];
            word.store(word.load(Relaxed) & !(ones << (at % 64)), Relaxed);
            at = last;
        }
    }

    /// Whether all numbers from one up to another are in the set; the first that is not.
    #[inline(always)]
    pub(crate) fn first_missing(&self, start: u64, end: u64) -> Option<u64> {
        let mut at = start;
        while at < end {
            let last = end.min((at / 64 + 1) * 64);
            let wanted = u64::MAX >> (64 - (last - at)) << (at % 64);
            let missing = wanted & !self.0[(at / 64) as usize].load(Relaxed);
            if missing != 0 {
                return Some(at / 64 * 64 + u64::from(missing.trailing_zeros()));
            }
            at = last;
        }
        None
    }

    /// How many numbers there are.
    pub(crate) fn count(&self) -> u64 {
        self.0
            .iter()
            .map(|word| u64::from(word.load(Relaxed).count_ones()))
            .sum()
    }

    /// Takes all numbers out.
    pub(crate) fn clear(&self) {
        for word in &self.0 {
            word.store(0, Relaxed);
        }
    }

    /// Adds all numbers of another set below the same limit.
    pub(crate) fn add_all(&self, other: &Bits) {
        for (word, other) in self.0.iter().zip(&other.0) {
            word.store(word.load(Relaxed) | other.load(Relaxed), Relaxed);
        }
    }
}
