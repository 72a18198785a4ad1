//! `judge leaderboard` as people and pipelines meet it.

use reports::{Measurement, MeasurementWriter, RunInfo};
use vocabulary::{Kind, Target, Verdict};

use crate::common::Bench;

/// Rows of one solution on a host, a case a time; without a time it failed.
fn rows(bench: &Bench, name: &str, host: &str, solution: &str, times: &[Option<u64>]) {
    let run = RunInfo {
        host_id: host.to_owned(),
        ..RunInfo::default()
    };
    let parameters = ["n".to_owned(), "type".to_owned()];
    let mut writer = MeasurementWriter::create(bench.path().join(name), &run, &parameters).unwrap();
    for (n, time) in (1..).zip(times) {
        let verdict = time.map_or(Verdict::WrongAnswer, |_| Verdict::Accepted);
        let case = format!("sums/random@n={n},type=f16#0").parse().unwrap();
        let row = Measurement {
            cpu_ns_median: *time,
            ..Measurement::new(case, solution, Kind::Program, Target::Process, verdict)
        };
        writer.write(&row).unwrap();
    }
}

/// Ben takes twice and three times what Anna does; Carl is wrong once.
fn three() -> Bench {
    let bench = Bench::new();
    rows(
        &bench,
        "anna.csv",
        "one",
        "anna.py",
        &[Some(100), Some(100)],
    );
    rows(&bench, "ben.csv", "one", "ben.py", &[Some(200), Some(300)]);
    rows(&bench, "carl.csv", "one", "carl.py", &[Some(1), None]);
    bench
}

#[test]
fn rows_of_several_people_make_one_leaderboard() {
    let shown = three().output("leaderboard anna.csv ben.csv carl.csv", 0);
    let lines = [
        "sums, process: ratio of CPU time (median) to the best, 2 shared cases",
        "rank  solution  ratio  95% interval   failed  note",
        "   1  anna.py    1.00  1.00 to 1.00        0",
        // The square root of 6; half of ln 3/2 is 0.2027, times 12.706 / sqrt 2 * sqrt 2 = 2.5759: exp(0.8959 + 2.5759).
        "   2  ben.py     2.45  1.00 to 32.19       0",
        "   -  carl.py                              1  failed: 1 WA",
        "  note: not separated: anna.py and ben.py",
        "",
    ];
    assert_eq!(shown, lines.join("\n"));
}

#[test]
fn every_form_says_the_same() {
    let bench = three();
    let markdown = bench.output("leaderboard anna.csv ben.csv carl.csv --format markdown", 0);
    assert!(
        markdown.contains("| 2 | ben.py | 2.45 | 1.00 to 32.19 | 0 |  |\n"),
        "{markdown}"
    );
    let csv = bench.output("leaderboard anna.csv ben.csv carl.csv --format csv", 0);
    bench.file("leaderboard.csv", &csv);
    let read = reports::read_leaderboard(bench.path().join("leaderboard.csv")).unwrap();
    let json = bench.output("leaderboard anna.csv ben.csv carl.csv --format json", 0);
    let objects: Vec<serde_json::Value> = json
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(objects.len(), 3);
    for (row, object) in read.iter().zip(&objects) {
        assert_eq!(object["solution"], row.solution);
        assert_eq!(object["geomean_ratio"].as_f64(), row.geomean_ratio);
        assert_eq!(object["note"].as_str(), row.note.as_deref());
    }
    assert_eq!(objects[0]["separated_from_next"], false);
}

#[test]
fn machines_have_leaderboards_of_their_own() {
    let bench = three();
    rows(&bench, "there.csv", "two", "ben.py", &[Some(5), Some(5)]);
    let shown = bench.output("leaderboard anna.csv ben.csv there.csv", 0);
    assert!(shown.contains("sums, process on host one: "), "{shown}");
    assert!(shown.contains("sums, process on host two: "), "{shown}");
    assert!(shown.contains("   1  anna.py    1.00"), "{shown}");
}

#[test]
fn a_run_and_its_rows_have_the_same_leaderboard() {
    let bench = Bench::new();
    bench.output(
        "run kth_largest --target function --quick --growth-time 3 --out out",
        0,
    );
    let written = std::fs::read_to_string(bench.path().join("out/leaderboard.csv")).unwrap();
    assert!(written.lines().count() > 2, "{written}");
    assert_eq!(bench.output("leaderboard out --format csv", 0), written);
}

#[test]
fn mistakes_say_the_mend_and_nothing_to_rank_ends_with_4() {
    let bench = three();
    for (arguments, says) in [
        ("leaderboard absent.csv", "absent.csv: "),
        ("leaderboard anna.csv -p knapsac", "did you mean knapsack"),
        (
            "leaderboard anna.csv --by cpu",
            "it must be one of cpu_ns_median",
        ),
    ] {
        let shown = bench.output(arguments, 2);
        assert!(shown.contains(says), "{arguments}: {shown}");
    }
    let shown = bench.output("leaderboard anna.csv --target function", 4);
    assert!(shown.contains("nothing to rank"), "{shown}");
}
