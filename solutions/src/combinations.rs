//! A search that never meets a dead end, for both combination sums.
//!
//! ```text
//! last[s]   the last place from which the candidates behind can still make s
//! next[s]   one bit a candidate: taking it as the smallest of a combination of s can be completed
//! ```
//!
//! Each step of the search follows a set bit of `next`, so it leads to at least one combination: the search costs what
//! its output is long, beside n * target byte operations for the tables.

use problems::combination_sum::{Input, Output};

/// Which candidate may come next for every sum that is left.
pub(crate) struct Guide {
    /// Ascending, none above the target.
    candidates: Vec<i32>,
    /// One bit a candidate: it differs from the one before.
    firsts: u128,
    next: Vec<u128>,
    /// Whether the candidates behind start after the one taken (1) or with it (0).
    step: usize,
}

impl Guide {
    /// The tables for an input whose candidates are taken once each or as often as one likes.
    ///
    /// # Panics
    /// If more than 128 candidates are at most the target; the problems have 100.
    pub(crate) fn new(input: &Input, is_each_once: bool) -> Self {
        let mut candidates = input.candidates.clone();
        candidates.retain(|&value| i64::from(value) <= input.target);
        candidates.sort_unstable();
        assert!(candidates.len() <= 128, "a word has one bit a candidate");
        let step = usize::from(is_each_once);
        let length = input.target as usize + 1;

        // Places count from 1 here; 0 is a sum that cannot be made. The empty sum can be made behind all candidates.
        let mut last = vec![0_u8; length];
        last[0] = candidates.len() as u8 + 1;
        for (place, &value) in candidates.iter().enumerate().rev() {
            let value = value as usize;
            let mark = |sum: usize| {
                if last[sum] == 0 && last[sum - value] != 0 {
                    last[sum] = place as u8 + 1;
                }
            };
            if is_each_once {
                (value..length).rev().for_each(mark);
            } else {
                (value..length).for_each(mark);
            }
        }

        let (mut next, mut firsts) = (vec![0_u128; length], 0);
        for (place, &value) in candidates.iter().enumerate() {
            let bit = 1 << place;
            if place == 0 || candidates[place - 1] != value {
                firsts |= bit;
            }
            for (next, &last) in next[value as usize..].iter_mut().zip(&last) {
                if usize::from(last) > place + step {
                    *next |= bit;
                }
            }
        }
        Guide {
            candidates,
            firsts,
            next,
            step,
        }
    }

    /// Lists every combination of a target.
    pub(crate) fn list(&self, target: i64, output: &mut Output) {
        output.combinations.clear();
        self.descend(0, target as usize, &mut Vec::new(), output);
    }

    fn descend(&self, from: usize, rest: usize, path: &mut Vec<i32>, output: &mut Output) {
        // Of equal candidates only the first one that is left may be taken: else a combination would come twice.
        let mut open = self.next[rest] & (self.firsts | 1 << from) & (u128::MAX << from);
        while open != 0 {
            let place = open.trailing_zeros() as usize;
            open &= open - 1;
            let value = self.candidates[place];
            path.push(value);
            match rest - value as usize {
                0 => output.combinations.push(path),
                rest => self.descend(place + self.step, rest, path, output),
            }
            path.pop();
        }
    }
}
