//! Curves: how the cost of a solution grows along a parameter, in one family.
//!
//! ```text
//! measurements --by host, problem, family, target, solution--> points --> exponent, set of classes, kink
//!                                                                |
//!                                                             warnings, each with what to do
//! ```
//!
//! Only accepted rows with the metric count. Rows of the same size (several seeds or runs) become one point, their
//! median. Families are never pooled, and neither are hosts.

mod crossing;
mod fit;
mod warning;

use vocabulary::{Growth, Parameters, Target};

pub use crossing::{Crossing, crossings};
pub use fit::curves;
pub use warning::Warning;

use crate::statistics::growth::{Scored, lies_above};
use crate::statistics::slope::{Exponent, exponent};
use crate::{CurveRow, Metric};

/// The axis that is no parameter of a case: how many threads a function is given, or processors a program.
pub const THREADS: &str = "threads";

/// A parameter along which cost is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    /// The parameter.
    pub parameter: String,
    /// Growths that are considered beside the classes of one parameter: over several, as the problem names them (`n*capacity`), or
    /// what the solution states (`n*log(n)*log(n)`).
    pub products: Vec<Growth>,
}

/// Cost at one size.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The value on the axis.
    pub size: i64,
    /// All parameters of the case.
    pub parameters: Parameters,
    /// The cost, in the unit of the metric.
    pub cost: f64,
    /// Whether it says how the cost grows: the overhead that was subtracted is not greater than what is left.
    pub is_clear: bool,
}

/// Where the slope changes beyond what the best class explains; most often where a cache is full.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KinkAt {
    /// The size.
    pub size: i64,
    /// By how much the exponent changes there: positive where the curve becomes steeper.
    pub change: f64,
}

/// The cost of a solution over growing sizes, and what can be said about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// The machine.
    pub host_id: String,
    /// The problem.
    pub problem: String,
    /// Name of the solution.
    pub solution: String,
    /// Where it ran.
    pub target: Target,
    /// The family of the inputs.
    pub family: String,
    /// The parameter that grows.
    pub axis: String,
    /// What the cost is.
    pub metric: Metric,
    /// The points, by size, each size once.
    pub points: Vec<Point>,
    /// Slope of ln(cost) over ln(size), with its 95% interval. `None` of fewer than two sizes.
    pub exponent: Option<Exponent>,
    /// Slopes between neighbouring points, on logarithmic axes.
    pub local_slopes: Vec<f64>,
    /// All classes that were considered, with their scores, from the slowest growth to the fastest.
    pub scores: Vec<Scored>,
    /// The set of classes that the points allow, from the slowest growth to the fastest; empty if they are too few.
    pub classes: Vec<Growth>,
    /// Where the slope changes.
    pub kink: Option<KinkAt>,
    /// What a reader should know.
    pub warnings: Vec<Warning>,
}

impl Axis {
    /// An axis without products.
    pub fn new(parameter: &str) -> Self {
        Axis {
            parameter: parameter.to_owned(),
            products: Vec::new(),
        }
    }
}

impl Curve {
    /// The set in words: `n log n`, `undecided between n and n log n`, or `unknown` if there are too few sizes to say.
    pub fn classes_in_words(&self) -> String {
        let words: Vec<String> = self.classes.iter().map(Growth::in_words).collect();
        match words.as_slice() {
            [] => "unknown".to_owned(),
            [only] => only.clone(),
            [rest @ .., last] => format!("undecided between {} and {last}", rest.join(", ")),
        }
    }

    /// What the curve says: how the cost grows, or how much faster more threads are.
    pub fn in_words(&self) -> String {
        match (self.axis.as_str(), self.points.as_slice()) {
            (THREADS, [first, .., last]) => {
                let speed_up = first.cost / last.cost;
                format!("{speed_up:.2} times as fast with {}", last.size)
            }
            (THREADS, _) => "unknown".to_owned(),
            _ => self.classes_in_words(),
        }
    }

    /// The class, if the set is one.
    pub fn decided(&self) -> Option<&Growth> {
        match self.classes.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    /// Whether the curve keeps to a bound. It fails only where the *whole* set lies above, and the cost rises over the bound by more
    /// than these points may by chance: the 95% interval of the slope of ln(cost / bound) lies above 0. `None` if there is no
    /// set, or the bound is over parameters that the cases do not have.
    pub fn keeps_to(&self, bound: &Growth) -> Option<bool> {
        if self.classes.is_empty() {
            return None;
        }
        let clear: Vec<Point> = clear(&self.points).cloned().collect();
        let points = costs(&clear);
        let above: Option<Vec<bool>> = self
            .classes
            .iter()
            .map(|class| lies_above(class, bound, &points))
            .collect();
        let over = costs_over(&clear, |at| bound.evaluate(at))?;
        let rise = exponent(&over).and_then(|slope| slope.interval);
        let rises = rise.is_some_and(|interval| interval.low > 0.0);
        above.map(|above| !(rises && above.into_iter().all(|above| above)))
    }

    /// The cost at a size, if it was measured there.
    pub fn cost_at(&self, size: i64) -> Option<f64> {
        let point = self.points.iter().find(|point| point.size == size);
        point.map(|point| point.cost)
    }

    /// The curve as a row of `curves.csv`.
    pub fn row(&self) -> CurveRow {
        let interval = self.exponent.and_then(|exponent| exponent.interval);
        CurveRow {
            problem: self.problem.clone(),
            solution: self.solution.clone(),
            target: self.target,
            family: self.family.clone(),
            axis: self.axis.clone(),
            metric: self.metric.column().to_owned(),
            classes: self.classes.clone(),
            decided: self.decided().is_some(),
            exponent: self.exponent.map(|exponent| exponent.value),
            exponent_low: interval.map(|interval| interval.low),
            exponent_high: interval.map(|interval| interval.high),
            axis_min: self.points.first().map(|point| point.size),
            axis_max: self.points.last().map(|point| point.size),
            points: self.points.len() as u64,
            kink_at: self.kink.map(|kink| kink.size),
            warnings: self
                .warnings
                .iter()
                .map(|warning| warning.name().to_owned())
                .collect(),
        }
    }
}

/// The points that say how the cost grows.
fn clear(points: &[Point]) -> impl Iterator<Item = &Point> {
    points.iter().filter(|point| point.is_clear)
}

/// Points as growths are held against them.
fn costs(points: &[Point]) -> Vec<(Parameters, f64)> {
    let cost = |point: &Point| (point.parameters.clone(), point.cost);
    points.iter().map(cost).collect()
}

/// Each size with the cost over a growth. `None` if that has no value somewhere.
fn costs_over(
    points: &[Point],
    growth: impl Fn(&Parameters) -> Option<f64>,
) -> Option<Vec<(f64, f64)>> {
    let over = |point: &Point| Some((point.size as f64, point.cost / growth(&point.parameters)?));
    points.iter().map(over).collect()
}

#[cfg(test)]
mod tests;
