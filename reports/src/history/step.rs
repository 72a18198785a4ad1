//! Steps: the revisions at which a figure changed its level.
//!
//! Counts have no noise, so every change of a count beyond the threshold of counts is a step. Times do, and not only within a run:
//! the machine is never the same twice, which no interval of one run tells. A step of times is therefore one of the sequence of
//! revisions, by ranks and exact probabilities (`statistics::change`), and needs several revisions on both sides.

use super::Trend;
use crate::statistics::change::{LEAST, MOST, cuts};

/// When a change is a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terms {
    /// Probability with which any of all trends of times may have a step that chance made.
    pub alpha: f64,
    /// How many trends of times there are.
    pub trends: usize,
    /// The least change of a time, relative.
    pub times: f64,
    /// The least change of a count, relative.
    pub counts: f64,
}

/// A change of level.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Place of the first point on the new level.
    pub at: usize,
    /// The level behind over the level before.
    pub ratio: f64,
    /// How often chance alone makes such a step, at most; `None` of counts, which leave nothing to chance.
    pub probability: Option<f64>,
}

impl Terms {
    /// What is customary, for some trends together.
    pub fn new(trends: &[Trend]) -> Self {
        let times = trends.iter().filter(|trend| trend.metric.is_time());
        Terms {
            alpha: 0.01,
            trends: times.count(),
            times: 0.02,
            counts: 0.005,
        }
    }
}

impl Trend {
    /// Whether there are revisions enough to say anything.
    pub fn is_comparable(&self) -> bool {
        let least = if self.metric.is_time() { 2 * LEAST } else { 2 };
        self.points.len() >= least
    }
}

/// The steps of a trend, in order. Of times, the latest [`MOST`] revisions are looked at.
pub fn steps(trend: &Trend, terms: &Terms) -> Vec<Step> {
    let values = trend.values();
    if trend.metric.is_time() {
        let skipped = values.len().saturating_sub(MOST);
        let alpha = terms.alpha / terms.trends.max(1) as f64;
        let cuts = cuts(&values[skipped..], alpha, terms.times);
        let step = |cut: crate::statistics::change::Cut| Step {
            at: skipped + cut.at,
            ratio: cut.ratio,
            probability: Some(cut.probability),
        };
        return cuts.into_iter().map(step).collect();
    }
    let pairs = values.windows(2).enumerate();
    let steps = pairs.map(|(place, pair)| Step {
        at: place + 1,
        ratio: pair[1] / pair[0],
        probability: None,
    });
    steps
        .filter(|step| step.ratio.ln().abs() >= terms.counts.ln_1p())
        .collect()
}
