//! A curve for machines.

use reports::Curve;
use serde::Serialize;
use vocabulary::{Growth, Kind, Target};

use crate::solution::Solution;

/// One line of `--format json`.
#[derive(Serialize)]
pub(super) struct Line<'a> {
    problem: &'a str,
    solution: &'a str,
    kind: Kind,
    target: Target,
    family: &'a str,
    axis: &'a str,
    metric: &'a str,
    classes: Vec<String>,
    decided: bool,
    exponent: Option<f64>,
    exponent_low: Option<f64>,
    exponent_high: Option<f64>,
    local_slopes: &'a [f64],
    kink_at: Option<i64>,
    points: Vec<(i64, f64)>,
    bound: Option<String>,
    keeps_to_bound: Option<bool>,
    warnings: Vec<String>,
}

impl<'a> Line<'a> {
    pub(super) fn new(
        curve: &'a Curve,
        solution: Option<&Solution>,
        bound: Option<&Growth>,
    ) -> Self {
        let interval = curve.exponent.and_then(|exponent| exponent.interval);
        Line {
            problem: &curve.problem,
            solution: &curve.solution,
            kind: solution.map_or(Kind::Program, Solution::kind),
            target: curve.target,
            family: &curve.family,
            axis: &curve.axis,
            metric: curve.metric.column(),
            classes: curve.classes.iter().map(Growth::to_string).collect(),
            decided: curve.decided().is_some(),
            exponent: curve.exponent.map(|exponent| exponent.value),
            exponent_low: interval.map(|interval| interval.low),
            exponent_high: interval.map(|interval| interval.high),
            local_slopes: &curve.local_slopes,
            kink_at: curve.kink.map(|kink| kink.size),
            points: curve
                .points
                .iter()
                .map(|point| (point.size, point.cost))
                .collect(),
            bound: bound.map(Growth::to_string),
            keeps_to_bound: bound.and_then(|bound| curve.keeps_to(bound)),
            warnings: curve.warnings.iter().map(ToString::to_string).collect(),
        }
    }
}
