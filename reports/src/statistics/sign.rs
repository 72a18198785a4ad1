//! The interval of a median by counting signs: exact for any distribution, whatever its tails.
//!
//! ```text
//!  x1 x2 x3 x4 x5 x6 x7 x8 x9 x10 x11 x12      sorted; each lies below the true median with probability 1/2,
//!     [------------------------------]         so how many do is binomial: [x2, x11] misses it with 2 * 13/4096 = 0.6%
//! ```
//!
//! All that is asked for is that the values are independent of each other and have one median.

use super::Interval;

/// The narrowest interval between two of the values that misses the median with a probability of at most `alpha`.
///
/// `None` of fewer values than [`least_count`] says, or where one is NaN.
pub fn median_interval(values: &[f64], alpha: f64) -> Option<Interval> {
    if values.iter().any(|value| value.is_nan()) {
        return None;
    }
    let outside = outside(values.len(), alpha)?;
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    Some(Interval {
        low: sorted[outside],
        high: sorted[sorted.len() - 1 - outside],
    })
}

/// How many values there must be before any interval misses the median with a probability of at most `alpha`.
pub fn least_count(alpha: f64) -> usize {
    let count = (1..1024).find(|count| outside(*count, alpha).is_some());
    count.unwrap_or(1024)
}

/// How many values may be left out at either end; `None` if even the two extremes enclose too little.
fn outside(count: usize, alpha: f64) -> Option<usize> {
    // P(B <= k) for B binomial with probability 1/2, summed from below; in logarithms, as 2^-count may be no f64.
    let mut logarithm = -(count as f64) * std::f64::consts::LN_2;
    let (mut cumulative, mut outside) = (0.0, None);
    for below in 0..count.div_ceil(2) {
        cumulative += logarithm.exp();
        if 2.0 * cumulative > alpha {
            break;
        }
        outside = Some(below);
        logarithm += ((count - below) as f64 / (below + 1) as f64).ln();
    }
    outside
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upto(count: u32) -> Vec<f64> {
        (1..=count).map(f64::from).collect()
    }

    fn ends(count: u32, alpha: f64) -> Option<(f64, f64)> {
        let interval = median_interval(&upto(count), alpha)?;
        Some((interval.low, interval.high))
    }

    #[test]
    fn the_ends_are_those_of_the_binomial_distribution() {
        // 5 values: all on one side with 2/32 = 6.25%.
        assert_eq!(ends(5, 0.0625), Some((1.0, 5.0)));
        assert_eq!(ends(5, 0.0624), None);
        // 10 values: at most 1 below with (1 + 10)/1024, twice that is 2.15%; at most 2 with 56/1024, twice is 10.9%.
        assert_eq!(ends(10, 0.05), Some((2.0, 9.0)));
        // 12 values: at most 1 below with 13/4096, twice 0.63%; at most 2 with 79/4096, twice 3.9%.
        assert_eq!(ends(12, 0.01), Some((2.0, 11.0)));
        // 25 values, printed in every table of the sign test: at most 5 below with 0.0020, at most 6 with 0.0073.
        assert_eq!(ends(25, 0.01), Some((6.0, 20.0)));
    }

    #[test]
    fn every_pattern_of_signs_is_missed_as_often_as_was_said() {
        // All 2^9 ways for 9 values to lie below or above the true median: [x2, x8] misses it where at most 1 lies below or
        // at most 1 above, which is (1 + 9) * 2 = 20 of 512 ways, 3.9%.
        let missed = |outside: u32| {
            let all = 0_u32..1 << 9;
            let patterns = all.filter(|pattern| {
                let below = pattern.count_ones();
                below <= outside || 9 - below <= outside
            });
            patterns.count()
        };
        assert_eq!(missed(1), 20);
        assert_eq!(ends(9, 20.0 / 512.0), Some((2.0, 8.0)));
        assert_eq!(ends(9, 19.9 / 512.0), Some((1.0, 9.0)));
        assert_eq!(missed(0), 2);
        assert_eq!(ends(9, 1.9 / 512.0), None);
    }

    #[test]
    fn order_and_outliers_do_not_matter() {
        let mut values = upto(12);
        values.swap(0, 7);
        values[11] = 1e9;
        let interval = median_interval(&values, 0.01).unwrap();
        assert_eq!((interval.low, interval.high), (2.0, 11.0));
        values[3] = f64::NAN;
        assert_eq!(median_interval(&values, 0.01), None);
    }

    #[test]
    fn the_least_count_is_where_two_extremes_suffice() {
        // 2 * 2^-8 = 0.78% is the first below 1%; 2 * 2^-11 = 0.098% the first below 0.1%.
        assert_eq!(least_count(0.01), 8);
        assert_eq!(least_count(0.001), 11);
    }

    #[test]
    fn thousands_of_values_do_not_underflow() {
        // By the normal approximation 2.576 * sqrt(4000) / 2 = 81.5 to either side of the middle.
        let (low, high) = ends(4000, 0.01).unwrap();
        assert!((1917.0..=1920.0).contains(&low), "{low}");
        assert_eq!(low + high, 4001.0);
    }
}
