//! A chart of plain characters: both axes logarithmic, one letter a solution. It needs no colour and survives a pipe.

use vocabulary::units;

use super::{Panel, extent, panels};

/// Columns and rows of the plane.
pub(super) const SIZE: (usize, usize) = (64, 16);
/// Columns of the labels on the left.
pub(super) const LABEL: usize = 9;

/// One chart a problem and family. At most 26 solutions have a letter; of more, the table tells.
pub fn growth_chart(curves: &[crate::Curve]) -> String {
    let charts: Vec<String> = panels(curves).iter().filter_map(chart).collect();
    charts.join("\n")
}

fn chart(panel: &Panel<'_>) -> Option<String> {
    let [(left, right), (bottom, top)] = extent(&panel.curves)?;
    let (columns, rows) = SIZE;
    let place = |value: f64, (low, high): (f64, f64), cells: usize| {
        let share = if high > low {
            (value.ln() - low.ln()) / (high.ln() - low.ln())
        } else {
            0.5
        };
        (share * (cells - 1) as f64).round() as usize
    };
    let mut plane = vec![vec![' '; columns]; rows];
    let lettered: Vec<_> = panel.curves.iter().zip('a'..='z').collect();
    // Lines first, so that no line hides a point.
    for (curve, _) in &lettered {
        for pair in curve.points.windows(2) {
            let [from, to] = [&pair[0], &pair[1]].map(|point| {
                let column = place(point.size as f64, (left, right), columns);
                (column, place(point.cost, (bottom, top), rows))
            });
            let steps = to.0 - from.0;
            for step in 1..steps {
                let share = step as f64 / steps as f64;
                let row = from.1 as f64 + share * (to.1 as f64 - from.1 as f64);
                plane[row.round() as usize][from.0 + step] = '.';
            }
        }
    }
    for (curve, letter) in &lettered {
        for point in &curve.points {
            let column = place(point.size as f64, (left, right), columns);
            let cell = &mut plane[place(point.cost, (bottom, top), rows)][column];
            *cell = if cell.is_ascii_lowercase() {
                '*'
            } else {
                *letter
            };
        }
    }
    let mut text = format!(
        "{}: {} over {}, both logarithmic\n",
        panel.heading, panel.metric, panel.axis
    );
    for (row, cells) in plane.iter().enumerate().rev() {
        let share = row as f64 / (rows - 1) as f64;
        let label = if row % 5 == 0 {
            let cost = (bottom.ln() + share * (top.ln() - bottom.ln())).exp();
            panel.metric.show(cost)
        } else {
            String::new()
        };
        let line: String = cells.iter().collect();
        text += &format!("{label:>LABEL$} |{}\n", line.trim_end());
    }
    let ends = [left, right].map(|size| units::count(size as u64));
    text += &format!("{:LABEL$} +{}\n", "", "-".repeat(columns));
    text += &format!(
        "{:LABEL$}  {}{:>width$}\n",
        "",
        ends[0],
        ends[1],
        width = columns - ends[0].len()
    );
    for (curve, letter) in &lettered {
        text += &format!(
            "{:LABEL$}  {letter} {} ({}): {}\n",
            "",
            curve.solution,
            curve.target,
            curve.in_words()
        );
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Axis, Curve, Measurement, Metric, curves};
    use vocabulary::{Kind, Target, Verdict};

    fn of(solution: &str, cost: fn(f64) -> f64) -> Vec<Measurement> {
        let row = |n: i64| Measurement {
            cpu_ns_min: Some(cost(n as f64) as u64),
            ..Measurement::new(
                format!("kth_largest/random@n={n}#0").parse().unwrap(),
                solution,
                Kind::Function,
                Target::Function,
                Verdict::Accepted,
            )
        };
        [10, 100, 1000, 10_000].map(row).to_vec()
    }

    fn two() -> Vec<Curve> {
        let rows = [of("line", |n| 100.0 * n), of("square", |n| n * n)].concat();
        curves(&rows, Metric::CpuMinimum, |_| Some(Axis::new("n")))
    }

    #[test]
    fn every_curve_has_a_letter_where_it_was_measured() {
        let text = growth_chart(&two());
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 1 + 16 + 2 + 2, "{text}");
        assert!(lines[1].starts_with("   100 ms |"), "{text}");
        // The square is dearest, so it is `a`; both meet at n = 100, two letters in one place.
        assert!(
            lines[1].ends_with('a') && lines[1].len() == 9 + 2 + 64,
            "{text}"
        );
        assert!(lines[16].starts_with("   100 ns |a"), "{text}");
        assert_eq!(text.matches('*').count(), 1, "{text}");
        assert!(text.contains("a square (function): n^2"), "{text}");
    }

    #[test]
    fn of_nothing_there_is_no_chart() {
        assert_eq!(growth_chart(&[]), "");
    }
}
