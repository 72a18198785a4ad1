//! The base against its own copy, in the same run: what a comparison shows where nothing changed.

use super::{Change, Estimate, beyond};

/// What the base shows against itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SelfCheck {
    /// The copy over the base.
    pub estimate: Estimate,
    border: f64,
}

impl SelfCheck {
    /// A check against the border that the comparison itself has.
    pub fn new(estimate: Estimate, border: f64) -> Self {
        SelfCheck { estimate, border }
    }

    /// Whether the interval leaves the threshold: then the run is too noisy for it.
    pub fn is_noisy(&self) -> bool {
        self.reach() > self.border
    }

    /// The end that lies further from 0.
    pub fn reach(&self) -> f64 {
        let interval = self.estimate.interval;
        interval.low.abs().max(interval.high.abs())
    }

    /// What an estimate says in view of this check. In a noisy run a change must lie beyond all that the base shows against
    /// itself, and nothing is called the same.
    pub fn judge(&self, estimate: &Estimate) -> Change {
        match beyond(estimate.interval, self.border.max(self.reach())) {
            Change::Same if self.is_noisy() => Change::Undecided,
            change => change,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::Interval;

    fn estimate(low: f64, high: f64) -> Estimate {
        Estimate {
            median: f64::midpoint(low, high),
            interval: Interval { low, high },
            pairs: Some(12),
        }
    }

    #[test]
    fn a_quiet_run_leaves_the_threshold_as_it_is() {
        let check = SelfCheck::new(estimate(-0.01, 0.005), 0.02);
        assert!(!check.is_noisy());
        assert_eq!(check.judge(&estimate(0.021, 0.03)), Change::Slower);
        assert_eq!(check.judge(&estimate(-0.01, 0.01)), Change::Same);
    }

    #[test]
    fn in_a_noisy_run_a_change_must_lie_beyond_the_noise() {
        let check = SelfCheck::new(estimate(-0.05, 0.01), 0.02);
        assert!(check.is_noisy());
        assert_eq!(check.judge(&estimate(0.03, 0.04)), Change::Undecided);
        assert_eq!(check.judge(&estimate(0.051, 0.07)), Change::Slower);
        assert_eq!(check.judge(&estimate(-0.08, -0.051)), Change::Faster);
    }

    #[test]
    fn in_a_noisy_run_nothing_is_the_same() {
        let check = SelfCheck::new(estimate(-0.05, 0.01), 0.02);
        assert_eq!(check.judge(&estimate(-0.01, 0.01)), Change::Undecided);
    }
}
