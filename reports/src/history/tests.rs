//! From rows to the revision at which something changed.

use vocabulary::{Kind, Target};

use super::*;
use crate::RunInfo;

fn row(run: usize, revision: &str, host: &str, cpu_ns: u64) -> Measurement {
    let case = "knapsack/random@n=10,type=f16#0".parse().unwrap();
    Measurement {
        run: RunInfo {
            run_id: format!("run-{run:03}"),
            utc: format!("2026-01-{:02}T00:00:00Z", run + 1),
            host_id: host.to_owned(),
            git_rev: Some(revision.to_owned()),
        },
        cpu_ns_median: Some(cpu_ns),
        cpu_ns_mad: Some(cpu_ns / 100),
        rounds: Some(9),
        ..Measurement::new(
            case,
            "mine.py",
            Kind::Program,
            Target::Process,
            Verdict::Accepted,
        )
    }
}

fn trend(rows: &[Measurement]) -> Trend {
    let mut trends = trends(&kept(rows, None).unwrap());
    assert_eq!(trends.len(), 1);
    trends.remove(0)
}

fn steps_of(trend: &Trend) -> Vec<Step> {
    steps(trend, &Terms::new(std::slice::from_ref(trend)))
}

#[test]
fn a_history_reads_back_as_it_was_added_and_a_run_is_there_once() {
    let folder = tempfile::tempdir().unwrap();
    let rows = kept(&[row(1, "b", "here", 300), row(0, "a", "here", 100)], None).unwrap();
    for _ in 0..2 {
        let files = add(folder.path(), &rows).unwrap();
        let names: Vec<_> = files.iter().map(|file| file.file_name().unwrap()).collect();
        assert_eq!(names, ["run-000.csv", "run-001.csv"]);
    }
    let read = read(folder.path()).unwrap();
    assert_eq!(read, rows);
    // 1.96 * 1.2533 * 1.4826 * 3 / sqrt 9 = 3.64.
    assert_eq!((read[1].low, read[1].high), (Some(296.0), Some(304.0)));
}

#[test]
fn what_failed_or_was_not_measured_is_not_kept() {
    let mut wrong = row(0, "a", "here", 100);
    wrong.verdict = Verdict::WrongAnswer;
    let mut judged = row(0, "a", "here", 100);
    judged.cpu_ns_median = None;
    assert_eq!(kept(&[wrong, judged], None).unwrap(), []);
}

#[test]
fn a_run_without_a_revision_needs_one() {
    let mut row = row(0, "a", "here", 100);
    row.run.git_rev = None;
    let error = kept(std::slice::from_ref(&row), None)
        .unwrap_err()
        .to_string();
    assert!(error.contains("--revision"), "{error}");
    assert_eq!(kept(&[row], Some("v2")).unwrap()[0].revision, "v2");
}

#[test]
fn a_run_that_is_called_like_a_path_writes_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let mut row = row(0, "a", "here", 100);
    row.run.run_id = "../outside".to_owned();
    let rows = kept(&[row], None).unwrap();
    let error = add(&folder.path().join("history"), &rows).unwrap_err();
    assert!(error.to_string().contains("is no name of a run"), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn several_runs_of_a_revision_are_one_point() {
    let trend = trend(&[
        row(0, "a", "here", 100),
        row(1, "b", "here", 200),
        row(2, "a", "here", 130),
        row(3, "a", "here", 110),
    ]);
    let points: Vec<(&str, usize, f64)> = trend
        .points
        .iter()
        .map(|point| (point.revision.as_str(), point.runs, point.value))
        .collect();
    assert_eq!(points, [("a", 3, 110.0), ("b", 1, 200.0)]);
    let interval = trend.points[0].interval.unwrap();
    assert_eq!((interval.low, interval.high), (100.0, 130.0));
}

#[test]
fn hosts_and_counters_are_never_mixed() {
    let mut counted = row(2, "c", "here", 100);
    (counted.instructions, counted.instruction_tier) = (Some(7), Some("perf".to_owned()));
    let mut other = counted.clone();
    other.run.run_id = "run-009".to_owned();
    other.instruction_tier = Some("callgrind".to_owned());
    let rows = [
        row(0, "a", "here", 1),
        row(1, "b", "there", 1),
        counted,
        other,
    ];
    let shown: Vec<String> = trends(&kept(&rows, None).unwrap())
        .iter()
        .map(|trend| format!("{} {} {}", trend.host_id, trend.metric.column(), trend.tier))
        .collect();
    assert_eq!(
        shown,
        [
            "here cpu_ns_median ",
            "here instructions callgrind",
            "here instructions perf",
            "there cpu_ns_median "
        ]
    );
}

#[test]
fn the_revision_at_which_times_rose_is_named() {
    let level = |run: usize| if run < 7 { 1000 } else { 1100 } + (run as u64 * 5) % 7;
    let rows: Vec<Measurement> = (0..14)
        .map(|run| row(run, &format!("r{run}"), "here", level(run)))
        .collect();
    let found = steps_of(&trend(&rows));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].at, 7);
    assert!((found[0].ratio - 1.1).abs() < 0.005, "{found:?}");
    // 7 against 7: 2 of C(14,7) = 3432, and 9 cuts (3 to 11).
    let expected = 9.0 * 2.0 / 3432.0;
    assert!((found[0].probability.unwrap() - expected).abs() < 1e-12);
}

#[test]
fn more_trends_ask_for_more_certainty() {
    let rows: Vec<Measurement> = (0..16)
        .map(|run| {
            row(
                run,
                &format!("r{run}"),
                "here",
                if run < 8 { 1000 } else { 1100 } + run as u64,
            )
        })
        .collect();
    let trend = trend(&rows);
    // 8 against 8: 2 of 12870, and 11 cuts: 0.17%.
    let terms = |trends| Terms {
        trends,
        ..Terms::new(&[])
    };
    assert_eq!(steps(&trend, &terms(5)).len(), 1);
    assert_eq!(steps(&trend, &terms(6)), []);
}

#[test]
fn a_count_steps_at_once_and_by_half_a_percent() {
    let counts = [1000, 1004, 1010, 1010, 900];
    let rows: Vec<Measurement> = counts
        .iter()
        .enumerate()
        .map(|(run, count)| {
            let mut row = row(run, &format!("r{run}"), "here", 1);
            row.cpu_ns_median = None;
            row.instructions = Some(*count);
            row
        })
        .collect();
    let trend = trend(&rows);
    let found: Vec<(usize, bool)> = steps_of(&trend)
        .iter()
        .map(|step| (step.at, step.ratio > 1.0))
        .collect();
    assert_eq!(found, [(2, true), (4, false)]);
}
