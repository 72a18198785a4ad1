//! A chart of the curves of one family, and the small one beside those of the other families.
//!
//! Each curve has a colour and a mark, so that either is enough. The pale band is what the growth classes say that the points
//! allow: one class is a line, several are the area between them. A whisker reaches from the least round to the median.

use askama::Template;
use vocabulary::Growth;

use super::plane::{Plane, Tick, range, short};
use super::refit::Fitted;
use crate::statistics::robust::median;
use crate::table::count;
use crate::{Crossing, Curve, Metric};

/// How many colours and marks there are in the style; a curve beyond takes another colour for the same mark.
pub(super) const STYLES: usize = 7;

/// The large chart.
#[derive(Template)]
#[template(path = "chart.html")]
pub(super) struct Chart {
    label: String,
    plane: Plane,
    x: Vec<Tick>,
    y: Vec<Tick>,
    axis: String,
    metric: Metric,
    series: Vec<Series>,
    crossings: Vec<Mark>,
}

/// The chart of a family among its kin: lines alone, on axes that all share.
#[derive(Template)]
#[template(path = "small.html")]
pub(super) struct Small {
    label: String,
    plane: Plane,
    x: Vec<Tick>,
    y: Vec<Tick>,
    series: Vec<Series>,
}

/// One curve.
struct Series {
    style: Style,
    line: String,
    band: String,
    /// Whether the band is an area; otherwise it is a line.
    is_area: bool,
    whiskers: String,
    points: Vec<Mark>,
    kink: Option<Mark>,
}

/// Something at a place, with what is said of it.
struct Mark {
    row: usize,
    x: String,
    y: String,
    text: String,
}

/// The colour and the mark of a solution, the same in all charts of its group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Style {
    /// Its place among the solutions of the group, from 0.
    pub place: usize,
}

impl Style {
    pub(super) fn colour(self) -> usize {
        (self.place + 3 * (self.place / STYLES)) % STYLES
    }

    pub(super) fn mark(self) -> usize {
        self.place % STYLES
    }

    /// Whether its line is dashed, as those beyond the first round of marks are.
    pub(super) fn is_dashed(self) -> bool {
        (self.place / STYLES) % 2 == 1
    }
}

impl Chart {
    /// The chart of some curves of a family, each with its style. `None` without a point.
    pub(super) fn new(
        label: String,
        curves: &[(Style, &Fitted)],
        crossings: &[Crossing],
    ) -> Option<Chart> {
        let plane = plane([56.0, 10.0, 470.0, 300.0], curves)?;
        let first = &curves.first()?.1.curve;
        let crossings = crossings.iter().filter_map(|crossing| {
            let of = |name: &str| {
                let mut all = curves.iter().map(|(_, fitted)| &fitted.curve);
                all.find(|curve| curve.solution == name)
            };
            let cost = between(of(&crossing.overtaker)?, crossing.at)?;
            let row = curves.iter().find_map(|(_, fitted)| {
                let is_it = fitted.curve.solution == crossing.overtaker;
                fitted.row_at(crossing.before).filter(|_| is_it)
            })?;
            Some(Mark {
                row: row.number,
                x: short(plane.x(crossing.at as f64)),
                y: short(plane.y(cost)),
                text: crossing.to_string(),
            })
        });
        Some(Chart {
            label,
            x: plane.size_ticks(),
            y: plane.cost_ticks(first.metric.is_time()),
            axis: first.axis.clone(),
            metric: first.metric,
            series: curves
                .iter()
                .map(|(style, fitted)| series(*style, fitted, &plane))
                .collect(),
            crossings: crossings.collect(),
            plane,
        })
    }
}

impl Small {
    /// The small chart of a family; `all` are the curves whose axes it shares.
    pub(super) fn new(
        label: String,
        curves: &[(Style, &Fitted)],
        all: &[(Style, &Fitted)],
    ) -> Option<Small> {
        let plane = plane([48.0, 6.0, 196.0, 124.0], all)?;
        let is_time = curves.first()?.1.curve.metric.is_time();
        let ends = |ticks: Vec<Tick>| -> Vec<Tick> {
            let last = ticks.len().saturating_sub(1);
            let kept = ticks.into_iter().enumerate();
            kept.filter(|(place, _)| *place == 0 || *place == last)
                .map(|(_, tick)| tick)
                .collect()
        };
        Some(Small {
            label,
            x: ends(plane.size_ticks()),
            y: ends(plane.cost_ticks(is_time)),
            series: curves
                .iter()
                .map(|(style, fitted)| series(*style, fitted, &plane))
                .collect(),
            plane,
        })
    }
}

fn plane(frame: [f64; 4], curves: &[(Style, &Fitted)]) -> Option<Plane> {
    let points = || curves.iter().flat_map(|(_, fitted)| &fitted.curve.points);
    Some(Plane {
        frame,
        sizes: range(points().map(|point| point.size as f64))?,
        costs: range(points().map(|point| point.cost))?,
    })
}

fn series(style: Style, fitted: &Fitted, plane: &Plane) -> Series {
    let curve = &fitted.curve;
    let places = curve
        .points
        .iter()
        .map(|point| plane.place(point.size as f64, point.cost));
    let mark = |size: i64, cost: f64, row: usize, text: String| Mark {
        row,
        x: short(plane.x(size as f64)),
        y: short(plane.y(cost)),
        text,
    };
    let points = curve.points.iter().filter_map(|point| {
        let row = fitted.row_at(point.size)?;
        let text = format!(
            "{}: {} at {} = {}",
            curve.solution,
            curve.metric.show(point.cost),
            curve.axis,
            count(point.size)
        );
        Some(mark(point.size, point.cost, row.number, text))
    });
    let kink = curve.kink.and_then(|kink| {
        let text = format!(
            "{}: the exponent changes by {:+.1} at {} = {}",
            curve.solution,
            kink.change,
            curve.axis,
            count(kink.size)
        );
        let row = fitted.row_at(kink.size)?;
        Some(mark(kink.size, curve.cost_at(kink.size)?, row.number, text))
    });
    let (band, is_area) = band(curve, plane);
    Series {
        style,
        line: format!("M{}", places.collect::<Vec<_>>().join("L")),
        band,
        is_area,
        whiskers: whiskers(fitted, plane),
        points: points.collect(),
        kink,
    }
}

/// From the least round to the median, where a point is the least.
fn whiskers(fitted: &Fitted, plane: &Plane) -> String {
    let median_of = match fitted.curve.metric {
        Metric::CpuMinimum => Metric::CpuMedian,
        Metric::WallMinimum => Metric::WallMedian,
        _ => return String::new(),
    };
    let whisker = |point: &crate::curve::Point| {
        let median = median_of.of(fitted.row_at(point.size)?.of)?;
        let top = plane.y(median).max(plane.frame[1]);
        let from = plane.place(point.size as f64, point.cost);
        Some(format!("M{from}V{}", short(top)))
    };
    fitted.curve.points.iter().filter_map(whisker).collect()
}

/// What the allowed classes say, each through the middle of the points; a line for one, the area between them for several.
fn band(curve: &Curve, plane: &Plane) -> (String, bool) {
    let fits: Vec<Vec<f64>> = curve
        .classes
        .iter()
        .filter_map(|class| fit(class, curve))
        .collect();
    if fits.is_empty() || curve.points.len() < 2 {
        return (String::new(), false);
    }
    let edge = |of: fn(f64, f64) -> f64| -> Vec<String> {
        let points = curve.points.iter().enumerate();
        points
            .filter_map(|(place, point)| {
                let cost = fits.iter().map(|fit| fit[place]).reduce(of)?;
                Some(plane.place(point.size as f64, cost))
            })
            .collect()
    };
    let mut edges = edge(f64::max);
    let is_area = fits.len() > 1;
    if is_area {
        edges.extend(edge(f64::min).into_iter().rev());
    }
    (format!("M{}", edges.join("L")), is_area)
}

/// A class at each point, times the constant that leaves as many points above as below: where overhead drowns the smallest sizes,
/// they must not move it.
fn fit(class: &Growth, curve: &Curve) -> Option<Vec<f64>> {
    let points = curve.points.iter();
    let values: Option<Vec<f64>> = points
        .map(|point| class.evaluate(&point.parameters))
        .collect();
    let values = values?;
    let residuals: Vec<f64> = values
        .iter()
        .zip(&curve.points)
        .map(|(value, point)| (point.cost / value).ln())
        .collect();
    let constant = median(&residuals)?.exp();
    Some(values.iter().map(|value| value * constant).collect())
}

/// The cost at a size between two points, on a straight line on logarithmic axes.
fn between(curve: &Curve, size: i64) -> Option<f64> {
    let mut pairs = curve.points.windows(2);
    let pair = pairs.find(|pair| (pair[0].size..=pair[1].size).contains(&size))?;
    let [from, to] = [&pair[0], &pair[1]];
    let share = (size as f64 / from.size as f64).ln() / (to.size as f64 / from.size as f64).ln();
    Some(from.cost * (to.cost / from.cost).powf(share))
}
