//! From rows to ranks; the rules stand at the top of `leaderboard.rs`.

use std::collections::{BTreeMap, BTreeSet};

use vocabulary::Verdict;

use super::{Place, Standing, Unranked, belief};
use crate::statistics::Interval;
use crate::statistics::geometric::{GeometricMean, geometric_mean};
use crate::{Measurement, Metric};

/// What must be alike for two figures to be compared: the case, the device, the state of the caches, and what counted.
///
/// Ordered, so that sums over cases are the same to the last bit every time.
type Conditions<'a> = (String, &'a str, &'a str, &'a str);

/// What is known of a solution.
#[derive(Default)]
struct Record<'a> {
    measured: BTreeMap<Conditions<'a>, f64>,
    failures: BTreeMap<Verdict, u64>,
    set_aside: BTreeMap<String, u64>,
}

/// The number of shared cases, and all standings in the order of the leaderboard.
pub(super) fn rank(rows: &[&Measurement], metric: Metric) -> (u64, Vec<Standing>) {
    let records = records(rows, metric);
    let mut unranked: BTreeMap<&str, Unranked> = BTreeMap::new();
    for (solution, record) in &records {
        if !record.failures.is_empty() {
            unranked.insert(solution, Unranked::Failed);
        } else if record.measured.is_empty() {
            unranked.insert(solution, Unranked::NotMeasured);
        }
    }
    let shared = share(&records, &mut unranked);
    let mut ranked: Vec<(&str, GeometricMean)> = records
        .keys()
        .filter(|solution| !unranked.contains_key(*solution))
        .filter_map(|solution| Some((*solution, ratio(solution, &records, &unranked, &shared)?)))
        .collect();
    // Equal ratios stay in the order of the names.
    ranked.sort_by(|(_, a), (_, b)| a.mean.total_cmp(&b.mean));

    let standing = |solution: &str, place| {
        let record = &records[solution];
        Standing {
            solution: solution.to_owned(),
            measured: record.measured.len() as u64,
            failures: record.failures.clone(),
            set_aside: record.set_aside.clone(),
            place,
        }
    };
    let mut standings = Vec::new();
    for (index, (solution, ratio)) in ranked.iter().enumerate() {
        let next = ranked.get(index + 1).map(|(_, next)| next);
        let place = Place {
            rank: index as u64 + 1,
            ratio: *ratio,
            separated_from_next: next.map(|next| is_separated(ratio, next)),
        };
        standings.push(standing(solution, Ok(place)));
    }
    standings.extend(
        unranked
            .iter()
            .map(|(solution, reason)| standing(solution, Err(*reason))),
    );
    (shared.len() as u64, standings)
}

/// Per solution, what the decisive row of each case says.
fn records<'a>(rows: &[&'a Measurement], metric: Metric) -> BTreeMap<&'a str, Record<'a>> {
    let mut decisive: BTreeMap<(&str, Conditions), &Measurement> = BTreeMap::new();
    for row in rows {
        let held = decisive
            .entry((&row.solution, conditions(row, metric)))
            .or_insert(row);
        if weight(row, metric) >= weight(held, metric) {
            *held = row;
        }
    }
    let mut records: BTreeMap<&str, Record> = BTreeMap::new();
    for ((solution, conditions), row) in decisive {
        let record = records.entry(solution).or_default();
        if is_failure(row.verdict) {
            *record.failures.entry(row.verdict).or_default() += 1;
        } else if let (Verdict::Accepted, Some(value)) = (row.verdict, metric.of(row)) {
            match belief::doubt(row) {
                Some(reason) => *record.set_aside.entry(reason).or_default() += 1,
                None => {
                    record.measured.insert(conditions, value);
                }
            }
        }
    }
    records
}

fn conditions(row: &Measurement, metric: Metric) -> Conditions<'_> {
    let counted_by = row.instruction_tier.as_deref();
    (
        row.case.to_string(),
        row.kernel.device.as_deref().unwrap_or_default(),
        row.kernel.cache_state.as_deref().unwrap_or_default(),
        counted_by
            .filter(|_| metric == Metric::Instructions)
            .unwrap_or_default(),
    )
}

/// Which of two rows of a case counts: the later run, then the failure, then the one with a figure.
fn weight(row: &Measurement, metric: Metric) -> (&str, &str, bool, bool) {
    let is_measured = metric.of(row).is_some();
    (
        &row.run.utc,
        &row.run.run_id,
        is_failure(row.verdict),
        is_measured,
    )
}

/// The judge's own faults and skipped cases are nobody's failure.
fn is_failure(verdict: Verdict) -> bool {
    !matches!(
        verdict,
        Verdict::Accepted | Verdict::JudgeError | Verdict::Skipped
    )
}

/// The cases that all solutions without a reason against them share. While these are less than half of all cases, the
/// solutions with the fewest get a reason.
fn share<'a>(
    records: &BTreeMap<&'a str, Record<'a>>,
    unranked: &mut BTreeMap<&'a str, Unranked>,
) -> BTreeSet<Conditions<'a>> {
    loop {
        let candidates: BTreeMap<&str, BTreeSet<&Conditions>> = records
            .iter()
            .filter(|(solution, _)| !unranked.contains_key(*solution))
            .map(|(solution, record)| (*solution, record.measured.keys().collect()))
            .collect();
        let all: BTreeSet<&Conditions> = candidates.values().flatten().copied().collect();
        let is_shared =
            |case: &&&Conditions| candidates.values().all(|cases| cases.contains(**case));
        let shared: BTreeSet<Conditions> = all
            .iter()
            .filter(is_shared)
            .map(|case| (*case).clone())
            .collect();
        if 2 * shared.len() >= all.len() {
            return shared;
        }
        let fewest = candidates.values().map(BTreeSet::len).min();
        for (solution, cases) in candidates {
            if Some(cases.len()) == fewest {
                let reason = Unranked::TooFewCases {
                    measured: cases.len() as u64,
                    cases: all.len() as u64,
                };
                unranked.insert(solution, reason);
            }
        }
    }
}

/// The geometric mean of a solution's ratio to the best of the ranked, over the shared cases.
fn ratio(
    solution: &str,
    records: &BTreeMap<&str, Record>,
    unranked: &BTreeMap<&str, Unranked>,
    shared: &BTreeSet<Conditions>,
) -> Option<GeometricMean> {
    let ranked = || {
        records
            .iter()
            .filter(|(name, _)| !unranked.contains_key(*name))
    };
    let ratios: Option<Vec<f64>> = shared
        .iter()
        .map(|case| {
            let own = records.get(solution)?.measured.get(case)?;
            let values = ranked().filter_map(|(_, record)| record.measured.get(case));
            let best = values.copied().min_by(f64::total_cmp)?;
            Some(own / best)
        })
        .collect();
    let mean = geometric_mean(&ratios?)?;
    Some(GeometricMean {
        interval: mean.interval.map(|interval| Interval {
            low: interval.low.max(1.0),
            high: interval.high,
        }),
        ..mean
    })
}

fn is_separated(ratio: &GeometricMean, next: &GeometricMean) -> bool {
    match (ratio.interval, next.interval) {
        (Some(own), Some(next)) => own.high < next.low,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
