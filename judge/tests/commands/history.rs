//! `judge history`, from a run to the revision at which it got slower.

use reports::{Measurement, MeasurementWriter, RunInfo};
use vocabulary::{Kind, Target, Verdict};

use crate::common::Bench;

/// The rows of a run that measured two cases of a program.
fn run(bench: &Bench, number: usize, host: &str, cpu_ns: u64) -> String {
    let name = format!("run-{number:02}-{host}");
    let run = RunInfo {
        run_id: name.clone(),
        utc: format!("2026-01-{:02}T00:00:00Z", number + 1),
        host_id: host.to_owned(),
        git_rev: Some(format!("rev{number:02}")),
    };
    let file = format!("{name}.csv");
    let parameters = ["n".to_owned()];
    let mut writer =
        MeasurementWriter::create(bench.path().join(&file), &run, &parameters).unwrap();
    for n in [10, 1000] {
        let case = format!("sums/random@n={n}#0").parse().unwrap();
        let row = Measurement {
            cpu_ns_median: Some(cpu_ns * n),
            cpu_ns_mad: Some(cpu_ns / 50 * n),
            rounds: Some(15),
            ..Measurement::new(
                case,
                "mine.py",
                Kind::Program,
                Target::Process,
                Verdict::Accepted,
            )
        };
        writer.write(&row).unwrap();
    }
    file
}

/// Twenty revisions; from the twelfth on the program takes longer by a part, or not.
fn twenty(slower_by: u64) -> Bench {
    let bench = Bench::new();
    for number in 0..20 {
        let level = if number < 11 { 1000 } else { 1000 + slower_by };
        let file = run(&bench, number, "here", level + (number as u64 * 7) % 10);
        bench.output(&format!("history add {file}"), 0);
    }
    bench
}

#[test]
fn the_revision_at_which_it_got_slower_ends_with_3_and_is_named() {
    let bench = twenty(80);
    let shown = bench.output("history steps", 3);
    for word in [
        "+8.1%",
        "rev11",
        "rev10",
        "2026-01-12",
        "2 trends: 2 rose, 0 fell",
    ] {
        assert!(shown.contains(word), "no {word} in\n{shown}");
    }
    let json = bench.output("history steps --format json --case *n=10#0", 3);
    let step: serde_json::Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
    assert_eq!(
        (&step["revision"], &step["after"]),
        (&"rev11".into(), &"rev10".into())
    );
    assert!(step["probability"].as_f64().unwrap() < 0.01, "{step}");
}

#[test]
fn noise_is_no_step_and_neither_is_what_was_before_since() {
    let shown = twenty(0).output("history steps", 0);
    assert!(shown.contains("2 trends: 0 rose, 0 fell"), "{shown}");
    let bench = twenty(80);
    bench.output("history steps --since rev11", 3);
    bench.output("history steps --since rev12", 0);
    let shown = bench.output("history steps --since rev99", 2);
    assert!(shown.contains("--since rev99"), "{shown}");
    bench.output("history steps --threshold 20", 0);
}

#[test]
fn a_chart_marks_the_step_and_machines_are_kept_apart() {
    let bench = twenty(80);
    let there = run(&bench, 21, "there", 9000);
    bench.output(&format!("history add {there}"), 0);
    bench.output("history steps", 3);
    let shown = bench.output(
        "history show sums/mine.py --case *n=10#0 --svg trend.svg",
        0,
    );
    assert!(
        shown.contains("host here") && shown.contains("host there"),
        "{shown}"
    );
    assert!(
        shown.contains("from rev11 (2026-01-12) on, after rev10"),
        "{shown}"
    );
    let svg = std::fs::read_to_string(bench.path().join("trend.svg")).unwrap();
    assert_eq!(svg.matches("<circle").count(), 21);
    let json = bench.output("history show --format json", 0);
    let lines = json.lines().filter(|line| line.starts_with('{'));
    let points: Vec<usize> = lines
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|trend| trend["points"].as_array().unwrap().len())
        .collect();
    assert_eq!(points, [20, 20, 1, 1]);
}

#[test]
fn too_few_revisions_end_with_4_and_mistakes_with_2() {
    let bench = Bench::new();
    let file = run(&bench, 0, "here", 1000);
    let shown = bench.output("history steps", 2);
    assert!(
        shown.contains("history: ") && shown.contains("--history"),
        "{shown}"
    );
    bench.output(&format!("history add {file} --history kept"), 0);
    let shown = bench.output("history steps --history kept", 4);
    assert!(shown.contains("nothing to compare with"), "{shown}");
    let shown = bench.output("history show sums/your.py --history kept", 2);
    assert!(
        shown.contains("nothing is called `sums/your.py`"),
        "{shown}"
    );
    let header = std::fs::read_to_string(bench.path().join(&file)).unwrap();
    let header = header.lines().next().unwrap().to_owned();
    bench.file("empty.csv", &format!("{header}\n"));
    bench.output("history add empty.csv", 4);
}
