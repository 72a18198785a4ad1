//! Pure functions on `f64`: what the figures of every report are made by.
//!
//! ```text
//! robust      median, median absolute deviation, quantiles       samples of one case -> a summary
//! slope       log-log line, exponent with interval, kink         a curve -> a number
//! growth      the set of growth classes that a curve allows      a curve -> words
//! geometric   geometric mean of ratios, with interval            many cases -> one figure
//! sign        the exact interval of a median                     pairs of runs -> an interval
//! change      where a sequence changes its level, by ranks      runs over revisions -> steps
//! student, normal     critical values                            what the other intervals stand on
//! ```

pub mod change;
pub mod geometric;
pub mod growth;
pub mod normal;
pub mod robust;
pub mod sign;
pub mod slope;
pub mod student;

/// Both ends of an interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// The mean, and the sum of squared deviations from it. `None` of nothing.
fn mean_and_squares(values: &[f64]) -> Option<(f64, f64)> {
    if values.is_empty() {
        return None;
    }
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let squares = values.iter().map(|value| (value - mean).powi(2)).sum();
    Some((mean, squares))
}

/// The standard deviation of a sample (divisor n - 1); `None` of fewer than two values.
fn standard_deviation(values: &[f64]) -> Option<f64> {
    let (_, squares) = mean_and_squares(values)?;
    let degrees = values.len().checked_sub(1).filter(|degrees| *degrees > 0)?;
    Some((squares / degrees as f64).sqrt())
}

/// Asserts that two numbers agree to nine digits.
#[cfg(test)]
#[track_caller]
fn assert_near(found: f64, expected: f64) {
    let allowed = 1e-9 * expected.abs().max(1.0);
    assert!(
        (found - expected).abs() <= allowed,
        "{found} is not {expected}"
    );
}
