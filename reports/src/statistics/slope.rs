//! Lines through a curve on logarithmic axes.
//!
//! ```text
//! ln t |             /      the exponent is the slope of one line through all points;
//!      |            / 0.9   local slopes are those between neighbours;
//!      |     ______/        a kink is where two lines do much better than one
//!      |____/ 0.1
//!      +------------------ ln n
//! ```

use super::student::critical_95;
use super::{Interval, mean_and_squares};

/// The exponent b of t = a n^b.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exponent {
    /// The exponent.
    pub value: f64,
    /// Its 95% interval; `None` of two sizes, which always lie on a line.
    pub interval: Option<Interval>,
}

/// Where the slope changes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kink {
    /// Index of the point at which it changes.
    pub index: usize,
    /// By how much: positive where the curve becomes steeper.
    pub change: f64,
}

/// The slope must move by more than this; less is what caches do to every curve.
const LEAST_CHANGE: f64 = 0.3;

/// Sizes that a side must have: two always lie on a line.
const LEAST_POINTS: usize = 3;

/// Factor that the sizes of a side must span: within less, a few percent of noise move the slope by as much as a kink.
const LEAST_SPAN: f64 = 4.0;

/// Two lines must leave at most this share of the squared residuals of one: noise alone hardly lets them.
const MOST_LEFT: f64 = 1.0 / 3.0;

/// The exponent by least squares over `(size, cost)`, on logarithmic axes.
///
/// The interval takes the residuals for independent, which the bend of caches is not: it says how well a power law
/// describes these points, no more. `None` of fewer than two sizes, or where a number is not positive and finite.
pub fn exponent(points: &[(f64, f64)]) -> Option<Exponent> {
    let line = Line::through(&logarithms(points)?)?;
    let degrees = points.len() - 2;
    let interval = critical_95(degrees).map(|critical| {
        let half_width = critical * (line.residual / degrees as f64 / line.spread).sqrt();
        Interval {
            low: line.slope - half_width,
            high: line.slope + half_width,
        }
    });
    Some(Exponent {
        value: line.slope,
        interval,
    })
}

/// The slopes between neighbouring points, on logarithmic axes; `None` where [`exponent`] is.
pub fn local_slopes(points: &[(f64, f64)]) -> Option<Vec<f64>> {
    let points = logarithms(points)?;
    let slopes = points.windows(2).map(|pair| {
        let ((x, y), (next_x, next_y)) = (pair[0], pair[1]);
        (next_x > x).then(|| (next_y - y) / (next_x - x))
    });
    slopes.collect()
}

/// The point where a curve, ordered by size, is best broken into two lines, if their slopes differ by more than 0.3 and
/// they leave at most a third of the squared residuals of a single line. Each side has three sizes or more, over a
/// factor of four or more.
///
/// To see what a growth class does not explain, give the cost over that class.
pub fn kink(points: &[(f64, f64)]) -> Option<Kink> {
    let points = logarithms(points)?;
    let straight = Line::through(&points)?;
    let breaks = (0..points.len()).filter_map(|index| {
        let before = side(&points[..=index])?;
        let after = side(&points[index..])?;
        let change = after.slope - before.slope;
        Some((before.residual + after.residual, Kink { index, change }))
    });
    let (residual, kink) = breaks.min_by(|(a, _), (b, _)| a.total_cmp(b))?;
    let is_kink = kink.change.abs() > LEAST_CHANGE && residual <= MOST_LEFT * straight.residual;
    is_kink.then_some(kink)
}

fn side(points: &[(f64, f64)]) -> Option<Line> {
    let (first, last) = (points.first()?, points.last()?);
    let enough = points.len() >= LEAST_POINTS && last.0 - first.0 >= LEAST_SPAN.ln() - 1e-9;
    enough.then(|| Line::through(points))?
}

fn logarithms(points: &[(f64, f64)]) -> Option<Vec<(f64, f64)>> {
    let logarithms = points.iter().map(|(x, y)| {
        let point = (x.ln(), y.ln());
        (point.0.is_finite() && point.1.is_finite()).then_some(point)
    });
    logarithms.collect()
}

/// A line by least squares.
struct Line {
    slope: f64,
    /// Sum of the squared residuals.
    residual: f64,
    /// Sum of the squared deviations of x.
    spread: f64,
}

impl Line {
    fn through(points: &[(f64, f64)]) -> Option<Line> {
        let (xs, ys): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
        let (mean_x, spread) = mean_and_squares(&xs)?;
        let (mean_y, _) = mean_and_squares(&ys)?;
        if spread <= f64::EPSILON {
            return None;
        }
        let product = |(x, y): &(f64, f64)| (x - mean_x) * (y - mean_y);
        let slope = points.iter().map(product).sum::<f64>() / spread;
        let squared = |(x, y): &(f64, f64)| (y - mean_y - slope * (x - mean_x)).powi(2);
        Some(Line {
            slope,
            residual: points.iter().map(squared).sum(),
            spread,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::assert_near;

    /// Sizes 2^0, 2^1, ... with these exponents of two as costs.
    fn powers(exponents: &[f64]) -> Vec<(f64, f64)> {
        let sizes = (0..).map(|index| f64::from(index).exp2());
        sizes
            .zip(exponents.iter().map(|exponent| exponent.exp2()))
            .collect()
    }

    #[test]
    fn the_exponent_is_the_slope_of_least_squares() {
        // In units of ln 2: x = 0 1 2, y = 0 1 3; means 1 and 4/3; Sxx = 2, Sxy = 4/3 + 0 + 5/3 = 3, so b = 3/2.
        // Residuals from -1/6 + 3/2 x: 1/6 -1/3 1/6, their squares sum to 1/6; s^2 = 1/6 with 1 degree of freedom;
        // standard error sqrt(1/6 / 2) = 0.2886751346; t = 12.706, half-width 3.66790626.
        let exponent = exponent(&powers(&[0.0, 1.0, 3.0])).unwrap();
        assert_near(exponent.value, 1.5);
        let interval = exponent.interval.unwrap();
        assert!(
            (interval.low - (1.5 - 3.667_906_26)).abs() < 1e-6,
            "{interval:?}"
        );
        assert!(
            (interval.high - (1.5 + 3.667_906_26)).abs() < 1e-6,
            "{interval:?}"
        );
    }

    #[test]
    fn two_sizes_have_an_exponent_and_no_interval() {
        let exponent = exponent(&[(10.0, 5.0), (1000.0, 50_000.0)]).unwrap();
        assert_near(exponent.value, 2.0); // 10^4 over 10^2
        assert_eq!(exponent.interval, None);
    }

    #[test]
    fn one_size_or_a_cost_of_zero_has_no_exponent() {
        for points in [
            &[][..],
            &[(4.0, 1.0)],
            &[(4.0, 1.0), (4.0, 2.0)],
            &[(1.0, 0.0), (2.0, 1.0)],
        ] {
            assert_eq!(exponent(points), None, "{points:?}");
        }
    }

    #[test]
    fn local_slopes_are_those_between_neighbours() {
        let slopes = local_slopes(&powers(&[0.0, 1.0, 3.0, 3.0])).unwrap();
        for (slope, expected) in slopes.iter().zip([1.0, 2.0, 0.0]) {
            assert_near(*slope, expected);
        }
        assert_eq!(slopes.len(), 3);
    }

    #[test]
    fn a_broken_line_has_a_kink_where_it_breaks() {
        // Flat up to the fifth point, slope 1 from there on.
        let kink = kink(&powers(&[0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 4.0])).unwrap();
        assert_eq!(kink.index, 4);
        assert_near(kink.change, 1.0);
    }

    #[test]
    fn a_straight_line_has_no_kink_and_neither_has_a_slight_bend() {
        assert_eq!(kink(&powers(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0])), None);
        // Slopes 1 and 1.25: a change of 0.25.
        assert_eq!(kink(&powers(&[0.0, 1.0, 2.0, 3.0, 4.25, 5.5, 6.75])), None);
    }

    #[test]
    fn noise_is_no_kink() {
        // Broken at the fourth point the slopes differ by 0.47, but two lines leave 62% of the squares of one.
        let zigzag = [0.5, -0.3, 0.4, -0.4, 0.1, 0.2, 1.0, 0.3, 1.2];
        assert_eq!(kink(&powers(&zigzag)), None);
    }

    #[test]
    fn too_few_sizes_or_too_near_ones_have_no_kink() {
        assert_eq!(kink(&powers(&[0.0, 0.0, 1.0, 2.0])), None);
        let near: Vec<(f64, f64)> = powers(&[0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 3.0]);
        let near: Vec<(f64, f64)> = near
            .iter()
            .map(|(x, y)| (x.powf(0.2), y.powf(0.2)))
            .collect();
        assert_eq!(kink(&near), None);
    }
}
