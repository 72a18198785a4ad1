//! Whether one version of something is slower than another: words made of intervals.
//!
//! ```text
//!        -threshold      0      +threshold
//!  FASTER  |--|  :       :       :
//!  SAME          : |-----:---|   :
//!  SLOWER        :       :       :  |--|
//!  UNDECIDED     :       : |-----:----|      the answer lies on either side of a border
//! ```
//!
//! Everything is a logarithm of a ratio, head over base: 0.01 is about 1% slower, and swapping the two only changes the sign.

mod self_check;
pub mod unpaired;

use std::fmt;

use crate::statistics::Interval;
use crate::statistics::robust::median;
use crate::statistics::sign::median_interval;

pub use self_check::SelfCheck;

/// What a comparison finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Change {
    /// The whole interval lies beyond the threshold, to the worse.
    Slower,
    /// The whole interval lies beyond the threshold, to the better.
    Faster,
    /// The whole interval lies within the threshold.
    Same,
    /// It lies on both sides of a border.
    Undecided,
}

impl Change {
    /// The word in tables and machine forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Change::Slower => "SLOWER",
            Change::Faster => "FASTER",
            Change::Same => "SAME",
            Change::Undecided => "UNDECIDED",
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The median of logarithms of ratios, with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The median.
    pub median: f64,
    /// Its interval.
    pub interval: Interval,
    /// How many ratios it is of; none if it is not of pairs.
    pub pairs: Option<usize>,
}

impl Estimate {
    /// By counting signs, so that the interval misses the true median with a probability of at most `alpha`; `None` of too
    /// few ratios for that.
    pub fn of_pairs(logarithms: &[f64], alpha: f64) -> Option<Self> {
        Some(Estimate {
            median: median(logarithms)?,
            interval: median_interval(logarithms, alpha)?,
            pairs: Some(logarithms.len()),
        })
    }

    /// Half the width of the interval.
    pub fn half_width(&self) -> f64 {
        (self.interval.high - self.interval.low) / 2.0
    }
}

/// From where on a change counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threshold {
    /// Relative: 0.02 is 2%.
    pub relative: f64,
    /// And this much in all, in the unit of the base: less than that never counts.
    pub absolute: f64,
}

impl Threshold {
    /// The border as a logarithm of a ratio, for a base of this size: whichever of the two is the wider.
    pub fn border(&self, base: f64) -> f64 {
        self.relative.max(self.absolute / base).ln_1p()
    }

    /// What an estimate says of a base of this size.
    pub fn judge(&self, estimate: &Estimate, base: f64) -> Change {
        beyond(estimate.interval, self.border(base))
    }
}

/// What an interval says about a border to either side of 0.
fn beyond(interval: Interval, border: f64) -> Change {
    let Interval { low, high } = interval;
    if low > border {
        Change::Slower
    } else if high < -border {
        Change::Faster
    } else if -border <= low && high <= border {
        Change::Same
    } else {
        Change::Undecided
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(low: f64, high: f64) -> Interval {
        Interval { low, high }
    }

    #[test]
    fn only_an_interval_wholly_beyond_the_border_is_a_change() {
        for (low, high, change) in [
            (0.021, 0.05, Change::Slower),
            (0.02, 0.05, Change::Undecided),
            (-0.01, 0.019, Change::Same),
            (-0.02, 0.02, Change::Same),
            (-0.03, 0.01, Change::Undecided),
            (-0.5, -0.021, Change::Faster),
            (-0.5, 0.5, Change::Undecided),
        ] {
            assert_eq!(beyond(interval(low, high), 0.02), change, "{low} to {high}");
        }
    }

    #[test]
    fn the_wider_of_both_thresholds_is_the_border() {
        let threshold = Threshold {
            relative: 0.02,
            absolute: 1000.0,
        };
        // Of 10_000 ns the floor is 10%; of a millisecond it is 0.1%, and 2% is more.
        assert!((threshold.border(10_000.0) - 1.1_f64.ln()).abs() < 1e-12);
        assert!((threshold.border(1e6) - 1.02_f64.ln()).abs() < 1e-12);
        let estimate = Estimate {
            median: 0.05,
            interval: interval(0.04, 0.06),
            pairs: Some(20),
        };
        assert_eq!(threshold.judge(&estimate, 1e6), Change::Slower);
        assert_eq!(threshold.judge(&estimate, 10_000.0), Change::Same);
    }

    #[test]
    fn swapping_base_and_head_only_swaps_the_words() {
        let ratios = [
            1.03_f64, 1.05, 1.04, 1.06, 1.05, 1.04, 1.05, 1.07, 1.03, 1.05,
        ];
        let logarithms: Vec<f64> = ratios.iter().map(|ratio| ratio.ln()).collect();
        let negated: Vec<f64> = logarithms.iter().map(|logarithm| -logarithm).collect();
        let threshold = Threshold {
            relative: 0.02,
            absolute: 0.0,
        };
        // 10 values at 5%: [x2, x9] = [1.03, 1.06], above 1.02.
        let slower = Estimate::of_pairs(&logarithms, 0.05).unwrap();
        assert_eq!(slower.interval, interval(1.03_f64.ln(), 1.06_f64.ln()));
        assert_eq!(threshold.judge(&slower, 1e9), Change::Slower);
        let faster = Estimate::of_pairs(&negated, 0.05).unwrap();
        assert_eq!(threshold.judge(&faster, 1e9), Change::Faster);
    }

    #[test]
    fn too_few_pairs_give_no_estimate() {
        assert_eq!(Estimate::of_pairs(&[0.0; 7], 0.01), None);
        assert!(Estimate::of_pairs(&[0.0; 8], 0.01).is_some());
    }
}
