//! Curves and trends as pictures: in a terminal, and as SVG.

mod svg;
mod terminal;
mod trend;

pub use svg::growth_svg;
pub use terminal::growth_chart;
pub use trend::{trend_chart, trend_svg};

use std::collections::BTreeMap;

use crate::{Curve, Metric};

/// Curves that stand on the same axes.
struct Panel<'a> {
    heading: String,
    axis: &'a str,
    metric: Metric,
    curves: Vec<&'a Curve>,
}

/// One panel a problem, family, axis and metric; in it the cheapest at its largest size last, as in a legend read downwards.
fn panels(curves: &[Curve]) -> Vec<Panel<'_>> {
    let mut groups: BTreeMap<(&str, &str, &str, Metric), Vec<&Curve>> = BTreeMap::new();
    for curve in curves.iter().filter(|curve| curve.points.len() > 1) {
        let key = (
            curve.problem.as_str(),
            curve.family.as_str(),
            curve.axis.as_str(),
            curve.metric,
        );
        groups.entry(key).or_default().push(curve);
    }
    let largest = |curve: &Curve| curve.points.last().map_or(0.0, |point| point.cost);
    let mut panels = Vec::new();
    for ((problem, family, axis, metric), mut curves) in groups {
        curves.sort_by(|a, b| largest(b).total_cmp(&largest(a)));
        panels.push(Panel {
            heading: format!("{problem}/{family}"),
            axis,
            metric,
            curves,
        });
    }
    panels
}

/// Least and greatest size and cost of some curves.
fn extent(curves: &[&Curve]) -> Option<[(f64, f64); 2]> {
    let points = || curves.iter().flat_map(|curve| &curve.points);
    let range = |of: fn(&crate::curve::Point) -> f64| {
        let least = points().map(of).reduce(f64::min)?;
        let most = points().map(of).reduce(f64::max)?;
        Some((least, most))
    };
    Some([
        range(|point| point.size as f64)?,
        range(|point| point.cost)?,
    ])
}
