//! Two summaries that were measured one after the other, as rows of CSVs are.
//!
//! Nothing interleaved them, so whatever the machine did between the two runs counts as a change: the interval is that of
//! chance within each run alone, and the threshold has to be wide.

use super::Estimate;
use crate::statistics::{Interval, normal};

/// A median with its spread.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// The median.
    pub median: f64,
    /// The median absolute deviation, not scaled.
    pub deviation: f64,
    /// How many samples it is of.
    pub count: u64,
}

/// What scales a median absolute deviation to a standard deviation of normal values.
const TO_STANDARD: f64 = 1.4826;
/// What a median's standard error is of a mean's, for normal values: the root of pi / 2.
const OF_MEDIAN: f64 = 1.2533;

impl Summary {
    /// The relative standard error of the median.
    fn relative_error(&self) -> f64 {
        OF_MEDIAN * TO_STANDARD * self.deviation / (self.count as f64).sqrt() / self.median
    }

    /// The interval of the median, which misses with a probability of `alpha` if the values are nearly normal.
    ///
    /// `None` where the median is not positive or of fewer than two samples.
    pub fn interval(&self, alpha: f64) -> Option<Interval> {
        if self.median <= 0.0 || self.count < 2 {
            return None;
        }
        let half_width = normal::critical(alpha)? * self.relative_error() * self.median;
        Some(Interval {
            low: self.median - half_width,
            high: self.median + half_width,
        })
    }

    /// The median of another over this one, with an interval that misses with a probability of `alpha` if both are of
    /// nearly normal values and the machine was the same. `None` where a median is not positive or of fewer than two samples.
    pub fn to(&self, head: &Summary, alpha: f64) -> Option<Estimate> {
        let is_possible = |summary: &Summary| summary.median > 0.0 && summary.count > 1;
        if !is_possible(self) || !is_possible(head) {
            return None;
        }
        let logarithm = (head.median / self.median).ln();
        let error = self.relative_error().hypot(head.relative_error());
        let half_width = normal::critical(alpha)? * error;
        Some(Estimate {
            median: logarithm,
            interval: Interval {
                low: logarithm - half_width,
                high: logarithm + half_width,
            },
            pairs: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_errors_of_both_sides_add_up_in_squares() {
        // Relative errors 1.2533 * 1.4826 * 3/100 / sqrt(9) = 0.018581 and 4/100 of the same, 0.024775; together 5/100 of
        // it, 0.030969; times 2.5758 is 0.079770.
        let summary = |median, deviation| Summary {
            median,
            deviation,
            count: 9,
        };
        let estimate = summary(100.0, 3.0).to(&summary(200.0, 8.0), 0.01).unwrap();
        assert!((estimate.median - 2.0_f64.ln()).abs() < 1e-12);
        assert!((estimate.half_width() - 0.079_770).abs() < 1e-5);
    }

    #[test]
    fn one_sample_says_nothing_of_its_spread() {
        let one = Summary {
            median: 5.0,
            deviation: 0.0,
            count: 1,
        };
        assert_eq!(one.to(&one, 0.01), None);
    }
}
