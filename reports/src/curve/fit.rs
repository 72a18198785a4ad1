//! From rows to curves.

use std::collections::BTreeMap;

use vocabulary::{Growth, Target, Verdict};

use super::{Axis, Curve, KinkAt, Point, THREADS, Warning, clear, costs, costs_over};
use crate::statistics::growth::{Rule, Scored, candidates};
use crate::statistics::robust::median;
use crate::statistics::slope::{exponent, kink, local_slopes};
use crate::{Measurement, Metric};

/// Sizes without which there is no set of classes: of three, one is always nearly right.
const LEAST_SIZES: usize = 4;

/// Sizes without which there is a warning; what is known about the rule was measured on six and more.
const GOOD_SIZES: usize = 6;

/// The range without which there is a warning: over less, n and n log n differ by less than caches bend a curve.
const GOOD_RANGE: f64 = 100.0;

/// A larger size that costs less than this share of the one before is more than noise.
const LEAST_STEP: f64 = 0.9;

/// Nothing shorter than this many times the overhead is to be believed.
const OVERHEADS: f64 = 20.0;

/// The machine may move by this much, relative.
const MOST_DRIFT: f64 = 0.05;

/// An instruction may take so many times as long in the greatest case as in the least: a factor like this is what n log n is above n.
const MOST_DEARER: f64 = 1.5;

/// Fewer instructions than these are mostly what begins and ends a call.
const LEAST_INSTRUCTIONS: f64 = 1000.0;

/// What the best class may leave.
const MOST_DEVIATION: f64 = 0.25;

/// The curves of all rows, in the order of problem, family, target, solution and host. `axis_of` names the axis of a row's solution;
/// one without has no curves, and neither has a solution without an accepted row that was measured.
///
/// All rows of a solution and family make its curve: where two parameters were swept one after the other, give the
/// rows of one sweep.
pub fn curves(
    rows: &[Measurement],
    metric: Metric,
    axis_of: impl Fn(&Measurement) -> Option<Axis>,
) -> Vec<Curve> {
    type Key<'a> = (&'a str, &'a str, Target, &'a str, &'a str, Option<&'a str>);
    let mut groups: BTreeMap<Key, Vec<&Measurement>> = BTreeMap::new();
    for row in rows {
        if row.verdict == Verdict::Accepted && metric.of(row).is_some() {
            let case = &row.case;
            let key = (
                case.problem.as_str(),
                case.family.as_str(),
                row.target,
                row.solution.as_str(),
                row.run.host_id.as_str(),
                // Counts of different counters are not of one unit.
                row.instruction_tier
                    .as_deref()
                    .filter(|_| metric == Metric::Instructions),
            );
            groups.entry(key).or_default().push(row);
        }
    }
    let curves = groups
        .into_values()
        .filter_map(|rows| Curve::fit(&rows, metric, &axis_of(rows.first()?)?));
    curves.collect()
}

impl Curve {
    /// The curve of accepted rows of one solution, target, family and host. `None` if no row has both the axis and the
    /// metric.
    pub fn fit(rows: &[&Measurement], metric: Metric, axis: &Axis) -> Option<Curve> {
        let first = rows.first()?;
        let points = points(rows, metric, &axis.parameter);
        if points.is_empty() {
            return None;
        }
        let clear: Vec<Point> = clear(&points).cloned().collect();
        let plane: Vec<(f64, f64)> = clear
            .iter()
            .map(|point| (point.size as f64, point.cost))
            .collect();
        // More threads are no larger task: there is a speed-up, and no growth.
        let grows = axis.parameter != THREADS;
        let rule = if metric.is_time() {
            Rule::OF_TIMES
        } else {
            Rule::OF_COUNTS
        };
        let scores = if grows {
            score_points(&clear, axis, rule)
        } else {
            Vec::new()
        };
        let best = scores
            .iter()
            .min_by(|a, b| a.deviation.total_cmp(&b.deviation));
        let classes = if clear.len() < LEAST_SIZES {
            Vec::new()
        } else {
            rule.allowed(&scores)
        };
        let is_exponential =
            best.is_some_and(|best| Growth::classes(&axis.parameter).last() == Some(&best.growth));
        let mut warnings = if grows {
            shape_warnings(&clear, is_exponential)
        } else {
            Vec::new()
        };
        if let Some(best) =
            best.filter(|best| best.deviation > MOST_DEVIATION && !classes.is_empty())
        {
            warnings.push(Warning::NoClassFits {
                deviation: best.deviation,
            });
        }
        let lower = best.filter(|_| !classes.is_empty());
        warnings.extend(lower.and_then(|best| lower_order_dominated(best, &clear)));
        if metric.is_time() && grows {
            let instructions = self::points(rows, Metric::Instructions, &axis.parameter);
            warnings.extend(dearer_instructions(&clear, &instructions));
        }
        warnings.extend(row_warnings(rows, metric, &axis.parameter));
        Some(Curve {
            host_id: first.run.host_id.clone(),
            problem: first.case.problem.clone(),
            solution: first.solution.clone(),
            target: first.target,
            family: first.case.family.clone(),
            axis: axis.parameter.clone(),
            metric,
            exponent: exponent(&plane),
            local_slopes: local_slopes(&plane).unwrap_or_default(),
            kink: best.and_then(|best| kink_beyond(best, &clear)),
            scores,
            classes,
            warnings,
            points,
        })
    }
}

/// Where a row stands on an axis.
fn size_of(row: &Measurement, axis: &str) -> Option<i64> {
    if axis == THREADS {
        row.threads.and_then(|threads| threads.try_into().ok())
    } else {
        row.case.parameters.integer(axis)
    }
}

/// One point a size: the median of its rows. Where the overhead that was subtracted is greater than what is left, its own scatter is
/// all that one would see.
fn points(rows: &[&Measurement], metric: Metric, axis: &str) -> Vec<Point> {
    let mut sizes: BTreeMap<i64, Vec<(&Measurement, f64)>> = BTreeMap::new();
    for row in rows {
        if let (Some(size), Some(cost)) = (size_of(row, axis), metric.of(row)) {
            sizes.entry(size).or_default().push((row, cost));
        }
    }
    let point = |(size, rows): (i64, Vec<(&Measurement, f64)>)| {
        let costs: Vec<f64> = rows.iter().map(|(_, cost)| *cost).collect();
        let cost = median(&costs)?;
        let overheads = rows.iter().filter_map(|(row, _)| row.overhead_ns);
        let is_drowned = metric.is_time() && overheads.max().is_some_and(|most| most as f64 > cost);
        Some(Point {
            size,
            parameters: rows.first()?.0.case.parameters.clone(),
            cost,
            is_clear: !is_drowned,
        })
    };
    sizes.into_iter().filter_map(point).collect()
}

fn score_points(points: &[Point], axis: &Axis, rule: Rule) -> Vec<Scored> {
    let points = costs(points);
    let classes = candidates(&axis.parameter, &axis.products, &points);
    rule.score(&classes, &points)
}

/// The kink of what the best class leaves: a class that bends by itself, as 2^n does, has none for that.
fn kink_beyond(best: &Scored, points: &[Point]) -> Option<KinkAt> {
    let kink = kink(&costs_over(points, |at| best.evaluate(at))?)?;
    Some(KinkAt {
        size: points[kink.index].size,
        change: kink.change,
    })
}

/// What the points alone show. An exponential cannot span a wide range of sizes, and needs none.
fn shape_warnings(points: &[Point], is_exponential: bool) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if points.len() < GOOD_SIZES {
        warnings.push(Warning::TooFewSizes {
            found: points.len(),
            needed: GOOD_SIZES,
        });
    }
    if let [first, .., last] = points {
        let factor = last.size as f64 / first.size as f64;
        if factor < GOOD_RANGE && !is_exponential {
            warnings.push(Warning::NarrowRange {
                factor,
                needed: GOOD_RANGE,
            });
        }
    }
    let steps = points
        .windows(2)
        .map(|pair| (pair[1].size, pair[1].cost / pair[0].cost));
    let worst = steps.min_by(|(_, a), (_, b)| a.total_cmp(b));
    if let Some((size, ratio)) = worst.filter(|(_, ratio)| *ratio < LEAST_STEP) {
        warnings.push(Warning::NonMonotonic { size, ratio });
    }
    warnings
}

/// Up to where the term beside the best class is the greater one.
fn lower_order_dominated(best: &Scored, points: &[Point]) -> Option<Warning> {
    let (lower, coefficient) = best.lower.as_ref()?;
    let is_less = |point: &&Point| {
        let at = &point.parameters;
        let terms = best.growth.evaluate(at).zip(lower.evaluate(at));
        terms.is_some_and(|(leading, lower)| leading < coefficient * lower)
    };
    let size = points
        .iter()
        .filter(is_less)
        .map(|point| point.size)
        .max()?;
    Some(Warning::LowerOrderDominated { size })
}

/// Whether times grow faster than the instructions that were counted beside them.
fn dearer_instructions(times: &[Point], instructions: &[Point]) -> Option<Warning> {
    let each = times.iter().filter_map(|time| {
        let mut counted = instructions.iter();
        let count = counted.find(|count| count.size == time.size)?.cost;
        (count >= LEAST_INSTRUCTIONS).then(|| time.cost / count)
    });
    let each: Vec<f64> = each.collect();
    let factor = each.last()? / each.first()?;
    (factor > MOST_DEARER).then_some(Warning::DearerInstructions { factor })
}

/// What the rows say about how they were measured.
fn row_warnings(rows: &[&Measurement], metric: Metric, axis: &str) -> Vec<Warning> {
    let is_small = |row: &&&Measurement| match (metric.of(row), row.overhead_ns) {
        (Some(cost), Some(overhead)) => metric.is_time() && cost < OVERHEADS * overhead as f64,
        _ => false,
    };
    let sizes = rows
        .iter()
        .filter(is_small)
        .filter_map(|row| size_of(row, axis));
    let overhead = sizes.max().map(|size| Warning::OverheadDominated { size });
    let drifts = rows.iter().filter_map(|row| row.drift.map(f64::abs));
    let drift = drifts
        .max_by(f64::total_cmp)
        .filter(|drift| *drift > MOST_DRIFT);
    let drift = drift.map(|drift| Warning::MachineDrifted { drift });
    overhead.into_iter().chain(drift).collect()
}
