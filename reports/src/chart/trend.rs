//! The trend of a figure over revisions, in a terminal and as SVG.
//!
//! ```text
//!  1.12 ms |       . o o     o the median of a revision
//!          |       o : .     : and . its interval
//!  1.00 ms | o o o
//!          +--------^----    ^ a step
//! ```

use askama::Template;

use super::terminal::{LABEL, SIZE};
use crate::history::{Step, Trend};
use crate::statistics::robust::median;

/// The range of values that a chart shows: all intervals, and room of a tenth above and below. A trend that hardly moves is shown
/// as one that hardly moves: the range is a tenth of the values at the least.
fn range(trend: &Trend) -> Option<(f64, f64)> {
    let mut ends = Vec::new();
    for point in &trend.points {
        ends.push(point.value);
        ends.extend(point.interval.iter().flat_map(|at| [at.low, at.high]));
    }
    let low = ends.iter().copied().reduce(f64::min)?;
    let high = ends.iter().copied().reduce(f64::max)?;
    let missing = (0.1 * high - (high - low)).max(0.0) / 2.0;
    let room = (high - low + 2.0 * missing) / 10.0;
    Some((low - missing - room, high + missing + room))
}

/// A chart of plain characters: a column a revision, the latest that fit.
pub fn trend_chart(trend: &Trend, steps: &[Step], with_host: bool) -> String {
    let (columns, rows) = (SIZE.0, 12);
    let each = if 2 * trend.points.len() <= columns {
        2
    } else {
        1
    };
    let skipped = trend.points.len().saturating_sub(columns / each);
    let shown = &trend.points[skipped..];
    let Some((low, high)) = range(trend) else {
        return String::new();
    };
    let place = |value: f64| {
        let share = (value - low) / (high - low);
        (share * (rows - 1) as f64).round() as usize
    };
    let width = each * shown.len();
    let mut plane = vec![vec![' '; width]; rows];
    let mut marks = vec!['-'; width];
    for (index, point) in shown.iter().enumerate() {
        let column = index * each;
        if let Some(at) = point.interval {
            let (from, to) = (place(at.low), place(at.high));
            for (row, line) in plane.iter_mut().enumerate().take(to + 1).skip(from) {
                line[column] = if row == from || row == to { '.' } else { ':' };
            }
        }
        plane[place(point.value)][column] = 'o';
        if steps.iter().any(|step| step.at == skipped + index) {
            marks[column] = '^';
        }
    }
    let mut text = trend.title(with_host) + "\n";
    for (row, cells) in plane.iter().enumerate().rev() {
        let value = low + (high - low) * row as f64 / (rows - 1) as f64;
        let label = match row % 5 {
            0 => trend.metric.show(value),
            _ => String::new(),
        };
        let line: String = cells.iter().collect();
        text += format!("{label:>LABEL$} | {line}").trim_end();
        text.push('\n');
    }
    text += &format!("{:LABEL$} +-{}\n", "", marks.iter().collect::<String>());
    if let [first, .., last] = shown {
        text += &format!("{:LABEL$}   {} to {}\n", "", first.revision, last.revision);
    }
    for step in steps {
        text += &format!("{:LABEL$}   ^ {}\n", "", in_words(trend, step));
    }
    text
}

/// `1.10 times from 1a2b3c4 (2026-11-23) on, after 5d6e7f8`
fn in_words(trend: &Trend, step: &Step) -> String {
    let (before, point) = (&trend.points[step.at - 1], &trend.points[step.at]);
    format!(
        "{:.3} times from {} ({}) on, after {}",
        step.ratio,
        point.revision,
        point.date(),
        before.revision
    )
}

/// Width and height of a trend in a picture, and the part that is drawn into: left, top, right, bottom.
const PICTURE: (f64, f64) = (760.0, 250.0);
const FRAME: [f64; 4] = [78.0, 34.0, 748.0, 214.0];

/// The picture.
#[derive(Template)]
#[template(path = "trend.svg", escape = "html")]
struct Picture {
    width: f64,
    height: f64,
    frame: [f64; 4],
    panels: Vec<Panel>,
}

struct Panel {
    top: f64,
    title: String,
    ticks: Vec<(String, String)>,
    points: Vec<Dot>,
    /// From, to and height of each level.
    levels: Vec<[String; 3]>,
    steps: Vec<(String, String)>,
    /// Where a revision is named, to which side of that its name stands, and the name.
    names: Vec<(String, &'static str, String)>,
}

struct Dot {
    x: String,
    y: String,
    whisker: Option<(String, String)>,
    text: String,
}

/// An SVG document of some trends with their steps, one below the other. `None` of none.
pub fn trend_svg(trends: &[(&Trend, Vec<Step>)], with_host: bool) -> Option<String> {
    let panels: Vec<Panel> = trends
        .iter()
        .enumerate()
        .filter_map(|(place, (trend, steps))| {
            panel(trend, steps, with_host, PICTURE.1 * place as f64)
        })
        .collect();
    let picture = Picture {
        width: PICTURE.0,
        height: PICTURE.1 * panels.len() as f64,
        frame: FRAME,
        panels,
    };
    let text = (!picture.panels.is_empty()).then(|| picture.render())?;
    Some(text.expect("a template of our own values writes into memory"))
}

fn panel(trend: &Trend, steps: &[Step], with_host: bool, top: f64) -> Option<Panel> {
    let (low, high) = range(trend)?;
    let [left, upper, right, lower] = FRAME;
    let count = trend.points.len() as f64;
    let x = |place: f64| left + (right - left) * (place + 0.5) / count;
    let y = |value: f64| lower - (lower - upper) * (value - low) / (high - low);
    let short = |value: f64| format!("{value:.1}");
    let points = trend.points.iter().enumerate().map(|(place, point)| Dot {
        x: short(x(place as f64)),
        y: short(y(point.value)),
        whisker: point
            .interval
            .map(|at| (short(y(at.low)), short(y(at.high)))),
        text: format!(
            "{}, {}: {}",
            point.revision,
            point.date(),
            trend.metric.show(point.value)
        ),
    });
    let mut ends: Vec<usize> = vec![0];
    ends.extend(steps.iter().map(|step| step.at));
    ends.push(trend.points.len());
    let values = trend.values();
    let levels = ends.windows(2).filter_map(|ends| {
        let level = median(&values[ends[0]..ends[1]])?;
        let (from, to) = (x(ends[0] as f64 - 0.4), x(ends[1] as f64 - 0.6));
        Some([from, to, y(level)].map(short))
    });
    let name = |place: usize, anchor| {
        let revision = trend.points[place].revision.clone();
        (short(x(place as f64)), anchor, revision)
    };
    let last = trend.points.len() - 1;
    let mut names = vec![name(0, "start")];
    names.extend((last > 0).then(|| name(last, "end")));
    Some(Panel {
        top,
        title: trend.title(with_host),
        ticks: round_values(low, high)
            .into_iter()
            .map(|value| (short(y(value)), trend.metric.show(value)))
            .collect(),
        points: points.collect(),
        levels: levels.collect(),
        steps: steps
            .iter()
            .map(|step| {
                let at = x(step.at as f64 - 0.5);
                let change = 100.0 * (step.ratio - 1.0);
                let revision = &trend.points[step.at].revision;
                (short(at), format!("{change:+.1}% from {revision}"))
            })
            .collect(),
        names,
    })
}

/// Some three to six round values between two.
fn round_values(low: f64, high: f64) -> Vec<f64> {
    let power = 10f64.powf(((high - low) / 4.0).log10().floor());
    let fits = |step: &&f64| (high - low) / (**step * power) <= 5.0;
    let step = [1.0, 2.0, 5.0, 10.0].iter().find(fits).unwrap_or(&10.0) * power;
    let first = (low / step).ceil();
    (0..)
        .map(|place| (first + f64::from(place)) * step)
        .take_while(|value| *value <= high)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::TrendPoint;
    use crate::statistics::Interval;
    use crate::{Metric, history};
    use vocabulary::Target;

    fn trend() -> Trend {
        let point = |place: usize| {
            let value = if place < 7 { 1e6 } else { 1.5e6 } + 1000.0 * (place % 3) as f64;
            TrendPoint {
                revision: format!("r{place}"),
                utc: format!("2026-01-{:02}T00:00:00Z", place + 1),
                runs: 1,
                value,
                interval: Some(Interval {
                    low: value - 9e4,
                    high: value + 9e4,
                }),
            }
        };
        Trend {
            host_id: "here".to_owned(),
            solution: "<mine>.py".to_owned(),
            target: Target::Process,
            case: "knapsack/random@n=10#0".parse().unwrap(),
            cache_state: String::new(),
            metric: Metric::CpuMedian,
            tier: String::new(),
            points: (0..14).map(point).collect(),
        }
    }

    fn steps(trend: &Trend) -> Vec<Step> {
        history::steps(trend, &history::Terms::new(std::slice::from_ref(trend)))
    }

    #[test]
    fn a_step_is_marked_below_the_revision_and_said_in_words() {
        let trend = trend();
        let text = trend_chart(&trend, &steps(&trend), false);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[0],
            "knapsack/<mine>.py (process) on random@n=10#0: CPU time (median)"
        );
        assert_eq!(lines.len(), 1 + 12 + 1 + 1 + 1, "{text}");
        assert_eq!(
            lines[13], "          +---------------^-------------",
            "{text}"
        );
        let plane: String = lines[1..13].concat();
        assert_eq!(plane.matches('o').count(), 14, "{text}");
        let said = "1.500 times from r7 (2026-01-08) on, after r6";
        assert!(lines[15].contains(said), "{text}");
    }

    #[test]
    fn the_picture_has_a_dot_a_revision_and_a_line_a_level() {
        let trend = trend();
        let svg = trend_svg(&[(&trend, steps(&trend))], true).unwrap();
        assert_eq!(svg.matches("<circle").count(), 14);
        assert_eq!(svg.matches("class=\"level\"").count(), 2);
        assert!(svg.contains("+50.0% from r7"), "{svg}");
        assert!(
            svg.contains("&#60;mine&#62;.py") && svg.contains("host here"),
            "{svg}"
        );
        assert_eq!(trend_svg(&[], true), None);
    }

    #[test]
    fn the_values_beside_the_axis_are_round() {
        assert_eq!(round_values(0.93, 2.2), [1.0, 1.5, 2.0]);
        assert_eq!(round_values(97.0, 113.0), [100.0, 105.0, 110.0]);
    }
}
