//! The geometric mean of ratios.
//!
//! Ratios multiply: being twice as fast here and half as fast there is even, which only the geometric mean says
//! (0.5 and 2 give 1; the arithmetic mean gives 1.25, to the disadvantage of whichever is called the base).

use super::student::critical_95;
use super::{Interval, mean_and_squares, standard_deviation};

/// A geometric mean with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GeometricMean {
    /// The mean.
    pub mean: f64,
    /// Its 95% interval; `None` of a single ratio.
    pub interval: Option<Interval>,
}

/// The geometric mean of positive ratios, with a 95% interval by Student's t on their logarithms.
///
/// The interval says how far the mean depends on which cases were asked, taking them for a sample of all that could have
/// been. It is not about the noise within a case. Student's t, since the cases are few (5 to 40): resampling so few gives
/// intervals that are too narrow, and the logarithms of ratios have no long tail.
///
/// `None` of no ratios, or where one is not positive and finite.
pub fn geometric_mean(ratios: &[f64]) -> Option<GeometricMean> {
    let possible = |ratio: &f64| *ratio > 0.0 && ratio.is_finite();
    if !ratios.iter().all(possible) {
        return None;
    }
    let logarithms: Vec<f64> = ratios.iter().map(|ratio| ratio.ln()).collect();
    let (mean, _) = mean_and_squares(&logarithms)?;
    let half_width = standard_deviation(&logarithms).and_then(|deviation| {
        let error = deviation / (logarithms.len() as f64).sqrt();
        Some(critical_95(logarithms.len() - 1)? * error)
    });
    Some(GeometricMean {
        mean: mean.exp(),
        interval: half_width.map(|half_width| Interval {
            low: (mean - half_width).exp(),
            high: (mean + half_width).exp(),
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::assert_near;

    #[test]
    fn twice_as_fast_and_half_as_fast_is_even() {
        assert_near(geometric_mean(&[0.5, 2.0]).unwrap().mean, 1.0);
        assert_near(geometric_mean(&[1.0, 10.0, 100.0]).unwrap().mean, 10.0);
    }

    #[test]
    fn the_interval_is_that_of_students_t_on_logarithms() {
        // In units of ln 10 the logarithms are 0, 1, 2: mean 1, standard deviation 1, standard error 1/sqrt(3), and
        // t with 2 degrees of freedom is 4.303: 1 -+ 4.303/1.7320508 = 1 -+ 2.4843381.
        let interval = geometric_mean(&[1.0, 10.0, 100.0])
            .unwrap()
            .interval
            .unwrap();
        assert!((interval.low.log10() - (1.0 - 2.484_338_1)).abs() < 1e-6);
        assert!((interval.high.log10() - (1.0 + 2.484_338_1)).abs() < 1e-6);
    }

    #[test]
    fn equal_ratios_leave_no_width_and_one_ratio_no_interval() {
        let interval = geometric_mean(&[3.0, 3.0, 3.0]).unwrap().interval.unwrap();
        assert_near(interval.low, 3.0);
        assert_near(interval.high, 3.0);
        assert_eq!(geometric_mean(&[3.0]).unwrap().interval, None);
    }

    #[test]
    fn what_is_no_ratio_gives_no_mean() {
        for ratios in [
            &[][..],
            &[1.0, 0.0],
            &[1.0, -1.0],
            &[f64::INFINITY],
            &[f64::NAN],
        ] {
            assert_eq!(geometric_mean(ratios), None, "{ratios:?}");
        }
    }
}
