//! Robust summaries. Nothing here minds an outlier; every function is `None` of no values, or where one is NaN.

/// Median, spread and ends of a sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// See [`median`].
    pub median: f64,
    /// See [`median_absolute_deviation`].
    pub deviation: f64,
    /// The least value.
    pub minimum: f64,
    /// The greatest value.
    pub maximum: f64,
}

/// All of it at once.
pub fn summary(values: &[f64]) -> Option<Summary> {
    let sorted = sorted(values)?;
    Some(Summary {
        median: quantile_of_sorted(&sorted, 0.5),
        deviation: median_absolute_deviation(values)?,
        minimum: sorted[0],
        maximum: sorted[sorted.len() - 1],
    })
}

/// The middle value; the mean of the two middle ones of an even number.
pub fn median(values: &[f64]) -> Option<f64> {
    quantile(values, 0.5)
}

/// The median of the distances from the median, as it is: not scaled to resemble a standard deviation (for which one
/// would multiply it by 1.4826).
pub fn median_absolute_deviation(values: &[f64]) -> Option<f64> {
    let center = median(values)?;
    let distances: Vec<f64> = values.iter().map(|value| (value - center).abs()).collect();
    median(&distances)
}

/// The least value.
pub fn minimum(values: &[f64]) -> Option<f64> {
    Some(sorted(values)?[0])
}

/// The greatest value.
pub fn maximum(values: &[f64]) -> Option<f64> {
    sorted(values)?.last().copied()
}

/// The value below which a share of the sample lies: at place `share * (n - 1)` of the sorted values, counted from 0,
/// and on the straight line between two of them (type 7 of Hyndman and Fan, the default of R and NumPy).
///
/// `None` also where the share is not from 0 to 1.
pub fn quantile(values: &[f64], share: f64) -> Option<f64> {
    let sorted = sorted(values)?;
    let possible = (0.0..=1.0).contains(&share);
    possible.then(|| quantile_of_sorted(&sorted, share))
}

fn quantile_of_sorted(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let (below, above) = (
        sorted[place.floor() as usize],
        sorted[place.ceil() as usize],
    );
    below + (above - below) * place.fract()
}

fn sorted(values: &[f64]) -> Option<Vec<f64>> {
    if values.is_empty() || values.iter().any(|value| value.is_nan()) {
        return None;
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    Some(sorted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::assert_near;

    #[test]
    fn the_median_is_the_middle_or_between_the_two_middle_ones() {
        assert_near(median(&[9.0, 1.0, 5.0]).unwrap(), 5.0);
        assert_near(median(&[5.0, 1.0, 4.0, 2.0]).unwrap(), 3.0); // 1 2 | 4 5
        assert_near(median(&[7.0]).unwrap(), 7.0);
    }

    #[test]
    fn the_deviations_are_sorted_before_their_median_is_taken() {
        // Median of 1 1 2 2 4 6 9 is 2. Distances in this order: 1 1 0 0 2 4 7, whose middle one is 0.
        // Sorted: 0 0 1 1 2 4 7, whose middle one is 1.
        let values = [1.0, 1.0, 2.0, 2.0, 4.0, 6.0, 9.0];
        assert_near(median_absolute_deviation(&values).unwrap(), 1.0);
    }

    #[test]
    fn one_wild_value_moves_neither_median_nor_deviation_far() {
        // Median 3 of 1 2 3 4 1000; distances 2 1 0 1 997, sorted 0 1 1 2 997: 1.
        let all = summary(&[1000.0, 2.0, 3.0, 4.0, 1.0]).unwrap();
        assert_near(all.median, 3.0);
        assert_near(all.deviation, 1.0);
        assert_near(all.minimum, 1.0);
        assert_near(all.maximum, 1000.0);
    }

    #[test]
    fn quantiles_lie_on_the_line_between_neighbours() {
        let values = [40.0, 10.0, 30.0, 20.0];
        // Place 0.25 * 3 = 0.75 between 10 and 20; 0.9 * 3 = 2.7 between 30 and 40.
        for (share, value) in [
            (0.0, 10.0),
            (0.25, 17.5),
            (0.5, 25.0),
            (0.9, 37.0),
            (1.0, 40.0),
        ] {
            assert_near(quantile(&values, share).unwrap(), value);
        }
        assert_eq!(quantile(&values, 1.5), None);
    }

    #[test]
    fn nothing_comes_of_nothing_or_of_what_is_no_number() {
        for values in [&[][..], &[1.0, f64::NAN]] {
            assert_eq!(summary(values), None);
            assert_eq!(median(values), None);
            assert_eq!(minimum(values), None);
            assert_eq!(maximum(values), None);
        }
    }
}
