//! From the rows back to the curves.
//!
//! `curves.csv` says along which axis a solution was swept, between which sizes and in how many steps; the rows have the costs.
//! Growth is measured after everything is judged, so the rows of a sweep are the last ones in their file: what was only judged,
//! with whatever other parameters, is no point of a curve.

use std::collections::{BTreeMap, BTreeSet};

use vocabulary::{Growth, Target, Verdict};

use super::Source;
use super::rows::Row;
use crate::{Axis, Curve, CurveRow, Measurement, Metric};

/// A curve with the rows that it was fitted to.
#[derive(Clone, Debug)]
pub(super) struct Fitted<'a> {
    pub curve: Curve,
    pub rows: Vec<Row<'a>>,
}

/// Problem, target, family, solution and host.
type Key<'a> = (&'a str, Target, &'a str, &'a str, &'a str);

/// All curves of all sources, in the order of problem, target, axis, metric, family, solution and host. Runs of one machine make
/// one curve.
pub(super) fn refit<'a>(sources: &[Source], rows: &[Row<'a>]) -> Vec<Fitted<'a>> {
    let mut of_source: BTreeMap<(usize, Key), Vec<Row<'a>>> = BTreeMap::new();
    for row in rows {
        let key = (row.source, key(row.of));
        of_source.entry(key).or_default().push(*row);
    }
    let mut swept: BTreeMap<(Key, &str, Metric), (Axis, Vec<Row<'a>>)> = BTreeMap::new();
    for ((source, key), rows) in &of_source {
        let (problem, target, family, solution, _) = *key;
        let is_theirs = |row: &&CurveRow| {
            (
                row.problem.as_str(),
                row.target,
                row.family.as_str(),
                row.solution.as_str(),
            ) == (problem, target, family, solution)
        };
        for curve in sources[*source].curves.iter().filter(is_theirs) {
            let Some(metric) = Metric::of_column(&curve.metric) else {
                continue;
            };
            let (axis, points) = swept
                .entry((*key, curve.axis.as_str(), metric))
                .or_insert_with(|| (Axis::new(&curve.axis), Vec::new()));
            add_products(axis, &curve.classes);
            points.extend(sweep(rows, curve, metric));
        }
    }
    let fitted = swept
        .into_iter()
        .filter_map(|((_, _, metric), (axis, rows))| {
            let measurements: Vec<&Measurement> = rows.iter().map(|row| row.of).collect();
            let curve = Curve::fit(&measurements, metric, &axis)?;
            Some(Fitted { curve, rows })
        });
    fitted.collect()
}

fn key(row: &Measurement) -> Key<'_> {
    (
        &row.case.problem,
        row.target,
        &row.case.family,
        &row.solution,
        &row.run.host_id,
    )
}

/// Products that were allowed are candidates again. One that was not would not be allowed now, either, and changes nothing.
fn add_products(axis: &mut Axis, classes: &[Growth]) {
    let classes_of_one = Growth::classes(&axis.parameter);
    for class in classes {
        if !classes_of_one.contains(class) && !axis.products.contains(class) {
            axis.products.push(class.clone());
        }
    }
}

/// The rows of a sweep: the last ones, one a size, as many as the curve had points.
fn sweep<'a>(rows: &[Row<'a>], curve: &CurveRow, metric: Metric) -> Vec<Row<'a>> {
    let (Some(least), Some(most)) = (curve.axis_min, curve.axis_max) else {
        return Vec::new();
    };
    let mut sizes = BTreeSet::new();
    let mut found: Vec<Row> = Vec::new();
    for row in rows.iter().rev() {
        let size = row.of.case.parameters.integer(&curve.axis);
        let Some(size) = size.filter(|size| (least..=most).contains(size)) else {
            continue;
        };
        let counts = row.of.verdict == Verdict::Accepted && metric.of(row.of).is_some();
        if counts && (sizes.len() as u64) < curve.points && sizes.insert(size) {
            found.push(*row);
        }
    }
    found.reverse();
    found
}

impl Fitted<'_> {
    /// The row of a point, the first if there are several.
    pub(super) fn row_at(&self, size: i64) -> Option<&Row<'_>> {
        let mut rows = self.rows.iter();
        rows.find(|row| row.of.case.parameters.integer(&self.curve.axis) == Some(size))
    }
}

#[cfg(test)]
mod tests {
    use super::super::rows::gather;
    use super::*;
    use vocabulary::Kind;

    fn kernel(case: &str, count: u64) -> Measurement {
        let case = case.parse().unwrap();
        let (kind, target) = (Kind::Kernel, Target::Emulator);
        let mut row = Measurement::new(case, "some.cu", kind, target, Verdict::Accepted);
        row.kernel.warp_instructions = Some(count);
        row
    }

    /// A kernel is counted also where it is only judged: those rows are no points of its curve.
    fn source() -> Source {
        let judged = [10, 100, 1000, 4000].map(|n| kernel(&format!("a/b@n={n},k=1#0"), 77));
        let sweep: Vec<Measurement> = (0..8)
            .map(|step| 1000 << step)
            .map(|n: u64| kernel(&format!("a/b@n={n},k=8#0"), n * n / 10))
            .collect();
        let curve = crate::curves(&sweep, Metric::WarpInstructions, |_| Some(Axis::new("n")));
        Source {
            rows: judged.into_iter().chain(sweep).collect(),
            curves: curve.iter().map(Curve::row).collect(),
            ..Source::default()
        }
    }

    #[test]
    fn a_curve_is_fitted_to_its_sweep_and_not_to_what_was_only_judged() {
        let sources = [source()];
        let fitted = refit(&sources, &gather(&sources));
        let again: Vec<CurveRow> = fitted.iter().map(|fitted| fitted.curve.row()).collect();
        assert_eq!(again, sources[0].curves);
        assert_eq!(again[0].classes, ["n^2".parse().unwrap()]);
    }

    #[test]
    fn a_point_leads_to_the_row_that_it_is_of() {
        let sources = [source()];
        let fitted = refit(&sources, &gather(&sources));
        let row = fitted[0].row_at(4000).unwrap();
        assert_eq!(row.of.case.to_string(), "a/b@n=4000,k=8#0");
    }

    #[test]
    fn two_runs_of_one_machine_make_one_curve_and_two_machines_make_two() {
        let mut there = source();
        for row in &mut there.rows {
            row.run.host_id = "there".to_owned();
        }
        let sources = [source(), source(), there];
        let fitted = refit(&sources, &gather(&sources));
        let curves = fitted.iter().map(|fitted| fitted.curve.points.len());
        assert_eq!(curves.collect::<Vec<_>>(), [8, 8]);
        assert_eq!(fitted[0].rows.len(), 16);
    }
}
