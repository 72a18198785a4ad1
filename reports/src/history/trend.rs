//! The figure of a solution on a case, revision after revision.

use std::collections::BTreeMap;

use vocabulary::{CaseId, Target};

use crate::statistics::Interval;
use crate::statistics::robust::median;
use crate::{HistoryRow, Metric};

/// A figure over revisions, on one machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    /// The machine.
    pub host_id: String,
    /// Name of the solution.
    pub solution: String,
    /// Where it ran.
    pub target: Target,
    /// The input.
    pub case: CaseId,
    /// State of a device's caches; empty elsewhere.
    pub cache_state: String,
    /// What the figure is.
    pub metric: Metric,
    /// What counted it; empty of times.
    pub tier: String,
    /// One a revision, in the order in which they were first measured.
    pub points: Vec<TrendPoint>,
}

/// A revision.
#[derive(Clone, Debug, PartialEq)]
pub struct TrendPoint {
    /// Its name.
    pub revision: String,
    /// When it was first measured.
    pub utc: String,
    /// Runs that measured it.
    pub runs: usize,
    /// The median of its runs.
    pub value: f64,
    /// What the noise within the run leaves open; of several runs, the least and the greatest.
    pub interval: Option<Interval>,
}

/// What makes a trend.
type Key<'a> = (&'a str, Target, String, &'a str, &'a str, Metric, &'a str);

/// A figure of a run.
struct Figure<'a> {
    row: &'a HistoryRow,
    value: f64,
    interval: Option<Interval>,
}

/// All trends of some rows, which stand in the order of their runs: by host, target, case and solution, times before counts.
pub fn trends(rows: &[HistoryRow]) -> Vec<Trend> {
    let mut trends: BTreeMap<Key, Vec<Figure>> = BTreeMap::new();
    for row in rows {
        let interval = row.low.zip(row.high);
        let interval = interval.map(|(low, high)| Interval { low, high });
        let counted = row.instructions.map(|count| count as f64);
        let tier = row.instruction_tier.as_deref().unwrap_or_default();
        let figures = [
            (Metric::of_column(&row.metric), "", row.median, interval),
            (Some(Metric::Instructions), tier, counted, None),
        ];
        for (metric, tier, value, interval) in figures {
            let (Some(metric), Some(value)) = (metric, value.filter(|value| *value > 0.0)) else {
                continue;
            };
            let key = (
                row.host_id.as_str(),
                row.target,
                row.case.to_string(),
                row.solution.as_str(),
                row.cache_state.as_deref().unwrap_or_default(),
                metric,
                tier,
            );
            let figure = Figure {
                row,
                value,
                interval,
            };
            trends.entry(key).or_default().push(figure);
        }
    }
    let trend = |(key, figures): (Key, Vec<Figure>)| {
        let (host, target, _, solution, cache_state, metric, tier) = key;
        Trend {
            host_id: host.to_owned(),
            solution: solution.to_owned(),
            target,
            case: figures[0].row.case.clone(),
            cache_state: cache_state.to_owned(),
            metric,
            tier: tier.to_owned(),
            points: points(&figures),
        }
    };
    trends.into_iter().map(trend).collect()
}

/// One a revision.
fn points(figures: &[Figure]) -> Vec<TrendPoint> {
    let mut revisions: Vec<Vec<&Figure>> = Vec::new();
    for figure in figures {
        let is_same = |known: &&mut Vec<&Figure>| known[0].row.revision == figure.row.revision;
        match revisions.iter_mut().find(is_same) {
            Some(known) => known.push(figure),
            None => revisions.push(vec![figure]),
        }
    }
    let point = |figures: &Vec<&Figure>| {
        let values: Vec<f64> = figures.iter().map(|figure| figure.value).collect();
        let ends = || Interval {
            low: values.iter().copied().fold(f64::INFINITY, f64::min),
            high: values.iter().copied().fold(0.0, f64::max),
        };
        Some(TrendPoint {
            revision: figures[0].row.revision.clone(),
            utc: figures[0].row.utc.clone(),
            runs: figures.len(),
            value: median(&values)?,
            interval: match figures.as_slice() {
                [only] => only.interval,
                _ => Some(ends()),
            },
        })
    };
    revisions.iter().filter_map(point).collect()
}

impl TrendPoint {
    /// The day on which it was first measured: `2026-11-23`.
    pub fn date(&self) -> &str {
        self.utc.split('T').next().unwrap_or_default()
    }
}

impl Trend {
    /// `kth_largest/heap.cpp (process) on random@n=1000,k=5#0: CPU time (median)`, with the host where it matters.
    pub fn title(&self, with_host: bool) -> String {
        let case = self.case.to_string();
        let case = case.split_once('/').map_or(case.as_str(), |(_, rest)| rest);
        let (problem, solution, target) = (&self.case.problem, &self.solution, self.target);
        let mut title = format!("{problem}/{solution} ({target}) on {case}: {}", self.metric);
        for (word, of) in [("caches", &self.cache_state), ("by", &self.tier)] {
            if !of.is_empty() {
                title += &format!(", {word} {of}");
            }
        }
        if with_host {
            title += &format!(", host {}", self.host_id);
        }
        title
    }

    /// The values, in the order of the points.
    pub fn values(&self) -> Vec<f64> {
        self.points.iter().map(|point| point.value).collect()
    }
}
