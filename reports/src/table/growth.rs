//! How the solutions of a problem grow, one table a family.

use std::collections::BTreeMap;
use std::fmt::Write;

use vocabulary::{Target, units};

use super::{Align, Table};
use crate::curve::THREADS;
use crate::{Curve, Metric};

/// One table a problem and family: each solution's cost at the largest size that all solutions of its target share, the
/// ratio to the best there, the exponent and the set of growth classes; below it, with notes, what weakens the curves.
///
/// The best stands first. Where the solutions of a target share no size, each is shown at its own largest, without a ratio.
pub fn growth_table(curves: &[Curve], with_notes: bool) -> String {
    type Group<'a> = (&'a str, &'a str, &'a str, Metric, &'a str);
    let mut groups: BTreeMap<Group, Vec<&Curve>> = BTreeMap::new();
    for curve in curves {
        let group = (
            curve.problem.as_str(),
            curve.family.as_str(),
            curve.axis.as_str(),
            curve.metric,
            curve.host_id.as_str(),
        );
        groups.entry(group).or_default().push(curve);
    }
    let one_host = curves
        .iter()
        .all(|curve| curve.host_id == curves[0].host_id);
    let tables = groups
        .iter()
        .map(|((problem, family, axis, metric, host), curves)| {
            let host = if one_host {
                String::new()
            } else {
                format!(" on host {host}")
            };
            let heading = format!("{problem}/{family}: {metric} over {axis}{host}\n");
            let notes = if with_notes {
                notes(curves, axis)
            } else {
                String::new()
            };
            heading + &family_table(curves, axis, *metric) + &notes
        });
    tables.collect::<Vec<_>>().join("\n")
}

fn family_table(curves: &[&Curve], axis: &str, metric: Metric) -> String {
    let said = if axis == THREADS {
        "speed-up"
    } else {
        "growth"
    };
    let cost = if metric.is_time() { "time" } else { "count" };
    let mut table = Table::new(&[
        ("solution", Align::Left),
        ("target", Align::Left),
        (axis, Align::Right),
        (cost, Align::Right),
        ("ratio", Align::Right),
        ("exponent", Align::Right),
        (said, Align::Left),
    ]);
    let mut targets: BTreeMap<Target, Vec<&Curve>> = BTreeMap::new();
    for curve in curves {
        targets.entry(curve.target).or_default().push(curve);
    }
    for curves in targets.values() {
        let size = largest_common_size(curves);
        let cost_of = |curve: &Curve| match size {
            Some(size) => curve.cost_at(size).map(|cost| (size, cost)),
            None => curve.points.last().map(|point| (point.size, point.cost)),
        };
        let mut costs: Vec<(&Curve, i64, f64)> = curves
            .iter()
            .filter_map(|curve| cost_of(curve).map(|(size, cost)| (*curve, size, cost)))
            .collect();
        costs.sort_by(|(_, _, a), (_, _, b)| a.total_cmp(b));
        let best = costs
            .first()
            .map(|(_, _, cost)| *cost)
            .filter(|_| size.is_some());
        for (curve, size, cost) in &costs {
            table.row([
                curve.solution.clone(),
                curve.target.to_string(),
                count(*size),
                metric.show(*cost),
                best.map(|best| format!("{:.2}", cost / best))
                    .unwrap_or_default(),
                exponent(curve),
                curve.in_words(),
            ]);
        }
    }
    table.to_string()
}

/// The largest size at which all curves have a point.
pub(crate) fn largest_common_size(curves: &[&Curve]) -> Option<i64> {
    let (first, others) = curves.split_first()?;
    let mut sizes = first.points.iter().rev().map(|point| point.size);
    sizes.find(|size| others.iter().all(|curve| curve.cost_at(*size).is_some()))
}

/// `1.06 ± 0.05`; the half-width is left out where there is none.
pub(crate) fn exponent(curve: &Curve) -> String {
    let Some(exponent) = curve.exponent else {
        return String::new();
    };
    // Rounded before it is printed, since -0.001 would be printed as -0.00.
    let value = (exponent.value * 100.0).round() / 100.0 + 0.0;
    match exponent.interval {
        Some(interval) => {
            let half_width = (interval.high - interval.low) / 2.0;
            format!("{value:.2} ± {half_width:.2}")
        }
        None => format!("{value:.2}"),
    }
}

/// A size as people read it.
pub(crate) fn count(size: i64) -> String {
    u64::try_from(size).map_or_else(|_| size.to_string(), units::count)
}

/// The notes, indented below the table.
fn notes(curves: &[&Curve], axis: &str) -> String {
    let mut text = String::new();
    for note in noted(curves, axis) {
        let _ = writeln!(text, "  note: {note}");
    }
    text
}

/// What is to be said of some curves, each once, with the solutions that it is about before it.
pub(crate) fn noted(curves: &[&Curve], axis: &str) -> Vec<String> {
    let mut notes: Vec<(String, Vec<String>)> = Vec::new();
    let mut note = |text: String, curve: &Curve| {
        let who = format!("{} ({})", curve.solution, curve.target);
        match notes.iter_mut().find(|(known, _)| *known == text) {
            Some((_, solutions)) => solutions.push(who),
            None => notes.push((text, vec![who])),
        }
    };
    for curve in curves {
        for warning in &curve.warnings {
            note(warning.to_string(), curve);
        }
        if let Some(kink) = curve.kink {
            let size = count(kink.size);
            note(
                format!(
                    "the exponent changes by {:+.1} at {axis}={size}, as where a cache is full",
                    kink.change
                ),
                curve,
            );
        }
    }
    let notes = notes.into_iter().map(|(note, solutions)| {
        let who = match solutions.len() {
            many if many > 1 && many == curves.len() => "all".to_owned(),
            _ => solutions.join(", "),
        };
        format!("{who}: {note}")
    });
    notes.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Axis, Measurement, curves};
    use vocabulary::{Kind, Verdict};

    fn rows(
        solution: &str,
        target: Target,
        sizes: &[i64],
        cost: impl Fn(f64) -> f64,
    ) -> Vec<Measurement> {
        let row = |n: &i64| Measurement {
            cpu_ns_min: Some(cost(*n as f64) as u64),
            ..Measurement::new(
                format!("kth_largest/random@n={n}#0").parse().unwrap(),
                solution,
                Kind::Function,
                target,
                Verdict::Accepted,
            )
        };
        sizes.iter().map(row).collect()
    }

    fn table(rows: &[Vec<Measurement>]) -> String {
        growth_table(
            &curves(&rows.concat(), Metric::CpuMinimum, |_| Some(Axis::new("n"))),
            true,
        )
    }

    const SIZES: [i64; 6] = [1000, 4000, 16_000, 64_000, 256_000, 1_024_000];

    #[test]
    fn solutions_are_compared_at_the_largest_size_that_their_target_shares() {
        let table = table(&[
            rows("sort", Target::Function, &SIZES, |n| n * n.ln()),
            rows("select", Target::Function, &SIZES[..5], |n| 2.0 * n),
            rows("sort", Target::Process, &SIZES, |n| 9.0 * n),
        ]);
        let lines = [
            "kth_largest/random: CPU time (least) over n",
            "solution  target            n     time  ratio     exponent  growth",
            "sort      process   1_024_000  9.22 ms   1.00  1.00 ± 0.00  n",
            "select    function    256_000   512 us   1.00  1.00 ± 0.00  n",
            "sort      function    256_000  3.19 ms   6.23  1.10 ± 0.01  n log n",
            "  note: select (function): 5 of the 6 sizes that tell classes apart: give more time, or sizes nearer each other",
            "",
        ];
        assert_eq!(table, lines.join("\n"));
    }

    #[test]
    fn without_a_shared_size_there_is_no_ratio() {
        let table = table(&[
            rows("a", Target::Function, &[1000], |n| n),
            rows("b", Target::Function, &[2000], |n| n),
        ]);
        assert!(
            table.contains("\na         function  1_000  1.00 us                   unknown\n"),
            "{table}"
        );
        assert!(table.contains("\n  note: all: 1 of the 6 sizes"), "{table}");
    }

    #[test]
    fn a_kink_is_noted_with_its_size() {
        let table = table(&[rows("a", Target::Function, &SIZES, |n| {
            100.0 * n * (n / 64_000.0).max(1.0)
        })]);
        assert!(table.contains("changes by +1.0 at n=64_000"), "{table}");
    }

    #[test]
    fn there_is_no_negative_zero() {
        let table = table(&[rows("a", Target::Function, &SIZES, |n| 1e9 - n / 1e3)]);
        assert!(table.contains(" 0.00 ± 0.00  1\n"), "{table}");
        assert!(!table.contains("-0.00"), "{table}");
    }

    #[test]
    fn no_curves_make_no_table() {
        assert_eq!(growth_table(&[], true), "");
    }
}
