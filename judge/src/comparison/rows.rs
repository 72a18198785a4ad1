//! Two CSVs of measurements against each other: row for row, unpaired.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use reports::comparison::unpaired::Summary;
use reports::comparison::{Change, Threshold};
use reports::{Measurement, Metric, read_measurements};
use vocabulary::Verdict;

use super::Side;
use super::decide::ALPHA;
use super::row::{Compared, Row};
use crate::usage::Usage;

/// Two runs one after the other differ by 1.4 to 3.9% where nothing changed: less than this says nothing of times.
pub const TIMES: f64 = 0.05;
/// Counts have no noise, but a new compiler moves them a little.
pub const COUNTS: f64 = 0.005;

/// What a row is matched by.
type Key = (String, String, Option<String>);

/// The rows of two files that can be compared.
pub struct Matched {
    pairs: Vec<(Measurement, Measurement)>,
    /// How many rows of times or counts only the base has, and only the head.
    pub alone: [usize; 2],
    /// How many rows the base has.
    pub base_rows: usize,
}

/// Reads both files. Rows of different hosts are refused, unless they are asked for.
pub fn read(base: &Path, head: &Path, across_hosts: bool) -> anyhow::Result<Matched> {
    let read = |path: &Path| {
        read_measurements(path).map_err(|error| anyhow::Error::new(Usage::new(error.to_string())))
    };
    let (base_rows, head_rows) = (read(base)?, read(head)?);
    let hosts = |rows: &[Measurement]| {
        let hosts = rows.iter().map(|row| row.run.host_id.clone());
        hosts.collect::<BTreeSet<String>>()
    };
    let (of_base, of_head) = (hosts(&base_rows), hosts(&head_rows));
    let is_one = of_base.len() <= 1 && of_base == of_head;
    if !is_one && !across_hosts && !base_rows.is_empty() && !head_rows.is_empty() {
        let list = |hosts: BTreeSet<String>| hosts.into_iter().collect::<Vec<_>>().join(", ");
        return Err(Usage::new(format!(
            "{} was measured on host {}, {} on {}: times of different machines say nothing about the code. Measure both on \
             one, or say --across-hosts",
            base.display(),
            list(of_base),
            head.display(),
            list(of_head)
        ))
        .into());
    }
    Ok(matched(base_rows, head_rows))
}

fn matched(base: Vec<Measurement>, head: Vec<Measurement>) -> Matched {
    let base_rows = base.len();
    let (base, mut head) = (by_key(base), by_key(head));
    let mut found = Matched {
        pairs: Vec::new(),
        alone: [0, 0],
        base_rows,
    };
    for (key, base) in base {
        match head.remove(&key) {
            Some(head) => found.pairs.push((base, head)),
            None => found.alone[0] += usize::from(has_figure(&base)),
        }
    }
    found.alone[1] = head.values().filter(|row| has_figure(row)).count();
    // What neither side measured was only judged, and is of no interest while both are right.
    found.pairs.retain(|(base, head)| {
        let figures = has_figure(base) || has_figure(head);
        figures || base.verdict != head.verdict
    });
    found
}

fn metric(row: &Measurement) -> Metric {
    Metric::of_target(row.target)
}

fn has_figure(row: &Measurement) -> bool {
    metric(row).of(row).is_some()
}

/// A case is judged first and measured later: of several rows the one that is not right counts, then the one with a figure.
fn by_key(rows: Vec<Measurement>) -> BTreeMap<Key, Measurement> {
    let mut kept: BTreeMap<Key, Measurement> = BTreeMap::new();
    for row in rows {
        let threads = row.threads.unwrap_or(0);
        let place = format!("{} {} {threads}", row.case, row.target);
        let key = (row.solution.clone(), place, row.kernel.cache_state.clone());
        let rank = |row: &Measurement| (row.verdict != Verdict::Accepted, has_figure(row));
        match kept.get(&key) {
            Some(known) if rank(known) >= rank(&row) => {}
            _ => {
                kept.insert(key, row);
            }
        }
    }
    kept
}

impl Matched {
    /// Whether there is nothing to compare.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// A row for each pair, under a threshold or the metric's own.
    pub fn compare(&self, threshold: Option<f64>, absolute: f64) -> Vec<Row> {
        let alpha = ALPHA / self.pairs.len().max(1) as f64;
        let row = |(base, head): &(Measurement, Measurement)| {
            let metric = metric(base);
            let relative = threshold.unwrap_or(if metric.is_time() { TIMES } else { COUNTS });
            let threshold = Threshold {
                relative,
                absolute: if metric.is_time() { absolute } else { 0.0 },
            };
            Row {
                solution: format!("{}/{}", base.case.problem, base.solution),
                case: Some(base.case.to_string()),
                target: base.target,
                metric: metric.to_string(),
                threshold: relative,
                result: compared(base, head, threshold, alpha),
            }
        };
        self.pairs.iter().map(row).collect()
    }
}

/// What two rows say. A row that is not right is never turned into a ratio.
fn compared(base: &Measurement, head: &Measurement, threshold: Threshold, alpha: f64) -> Compared {
    for (side, row) in [(Side::Base, base), (Side::Head, head)] {
        if row.verdict != Verdict::Accepted {
            let detail = row.detail.as_deref().unwrap_or("no reason given");
            return Compared::Not {
                side: Some((side, row.verdict)),
                reason: format!("{} is {}: {detail}", side.name(), row.verdict),
            };
        }
    }
    let metric = metric(base);
    let without = |side: Side| Compared::Not {
        side: None,
        reason: format!("{} has no {metric}", side.name()),
    };
    let Some(base_figure) = metric.of(base) else {
        return without(Side::Base);
    };
    let Some(head_figure) = metric.of(head) else {
        return without(Side::Head);
    };
    let medians = [base_figure, head_figure];
    let summary = |row: &Measurement, median: f64| {
        let deviation = match metric {
            Metric::WallMedian => row.wall_ns_mad,
            Metric::CpuMedian => row.cpu_ns_mad,
            _ => Some(0),
        };
        let counted = !metric.is_time();
        Some(Summary {
            median,
            deviation: deviation? as f64,
            count: if counted { 2 } else { row.rounds? },
        })
    };
    let estimate = summary(base, base_figure)
        .zip(summary(head, head_figure))
        .and_then(|(base, head)| base.to(&head, alpha));
    let Some(estimate) = estimate else {
        return Compared::Not {
            side: None,
            reason: "a spread is not known of fewer than two rounds".to_owned(),
        };
    };
    let change = threshold.judge(&estimate, base_figure);
    let remark = (change == Change::Undecided).then(|| {
        "the interval reaches across the threshold; compare the programs themselves, in pairs, or measure both for longer"
            .to_owned()
    });
    Compared::Unpaired {
        change,
        estimate,
        medians,
        remark,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::{Kind, Target};

    fn row(n: i64, verdict: Verdict, cpu_ns: Option<u64>) -> Measurement {
        Measurement {
            cpu_ns_median: cpu_ns,
            cpu_ns_mad: cpu_ns.map(|_| 1000),
            rounds: Some(15),
            ..Measurement::new(
                format!("knapsack/random@n={n}#0").parse().unwrap(),
                "one_row",
                Kind::Program,
                Target::Process,
                verdict,
            )
        }
    }

    fn words(base: Vec<Measurement>, head: Vec<Measurement>) -> Vec<Option<Change>> {
        let rows = matched(base, head).compare(None, 0.0);
        rows.iter().map(Row::change).collect()
    }

    #[test]
    fn rows_of_one_case_are_compared_and_others_are_counted() {
        let right = |n, cpu_ns| row(n, Verdict::Accepted, Some(cpu_ns));
        let found = words(
            vec![
                right(1, 1_000_000),
                right(2, 1_000_000),
                right(3, 1_000_000),
            ],
            vec![right(1, 1_200_000), right(2, 1_010_000), right(3, 800_000)],
        );
        let expected = [Change::Slower, Change::Same, Change::Faster].map(Some);
        assert_eq!(found, expected);
        let alone = matched(vec![right(1, 5)], vec![right(2, 5), right(3, 5)]);
        assert!(alone.is_empty());
        assert_eq!(alone.alone, [1, 2]);
    }

    #[test]
    fn a_row_that_is_not_right_is_never_a_ratio() {
        let base = vec![row(1, Verdict::Accepted, Some(1_000_000))];
        let head = vec![row(1, Verdict::TimeLimit, Some(2_000_000_000))];
        let rows = matched(base, head).compare(None, 0.0);
        assert_eq!(rows[0].change(), None);
        assert!(rows[0].is_broken());
    }

    #[test]
    fn rows_that_were_only_judged_are_left_out_while_both_are_right() {
        let judged = || vec![row(1, Verdict::Accepted, None)];
        assert!(matched(judged(), judged()).is_empty());
        let wrong = vec![row(1, Verdict::WrongAnswer, None)];
        assert_eq!(words(judged(), wrong), [None]);
    }
}
