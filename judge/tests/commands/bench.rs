//! Curves of what is shipped, as people and machines get them.

use crate::common::Bench;

/// One curve, briefly: `combination_sum_ii` has the smallest cases.
const BRIEF: &str = "--target function --quick --no-chart";

#[test]
fn every_curve_has_a_row_a_line_and_a_place_in_the_figure() {
    let bench = Bench::new();
    let text = bench.output(
        &format!("bench kth_largest/introselect kth_largest/sorting --family random {BRIEF} --svg curves.svg"),
        0,
    );
    assert!(
        text.contains("kth_largest/random: CPU time (least) over n"),
        "{text}"
    );
    assert!(text.contains("2 curves"), "{text}");
    let rows = std::fs::read_to_string(bench.path().join("judge-out/curves.csv")).unwrap();
    assert_eq!(rows.lines().count(), 3, "{rows}");
    let figure = std::fs::read_to_string(bench.path().join("curves.svg")).unwrap();
    assert!(figure.contains("introselect ("));
}

#[test]
fn json_has_one_object_a_curve_with_its_set_and_points() {
    let bench = Bench::new();
    let text = bench.output(
        &format!("bench kth_largest/introselect --family random --to 8000 {BRIEF} --format json"),
        0,
    );
    let lines: Vec<serde_json::Value> = text
        .lines()
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    assert_eq!(lines.len(), 1, "{text}");
    let curve = &lines[0];
    assert_eq!(curve["axis"], "n");
    assert_eq!(curve["bound"], "n");
    let sizes: Vec<i64> = curve["points"]
        .as_array()
        .unwrap()
        .iter()
        .map(|point| point[0].as_i64().unwrap())
        .collect();
    assert_eq!(sizes, [1000, 2000, 4000, 8000]);
}

#[test]
fn any_parameter_grows_and_what_cannot_is_refused_with_the_mend() {
    let bench = Bench::new();
    let text = bench.output(
        &format!("bench sliding_window_maximum/monotone_deque --axis k --from 4 --to 64 --set n=2000 --family random {BRIEF}"),
        0,
    );
    assert!(text.contains("over k"), "{text}");
    for (arguments, mend) in [
        ("bench kth_largest --axis m", "it has n, k"),
        ("bench knapsack --axis range", "say --from and --to"),
        ("bench knapsack --set n=5", "it is what grows"),
        ("bench knapsack --family similar", "--family similar"),
        ("bench knapsack --from 9 --to 9", "less than --to"),
    ] {
        let error = bench.output(arguments, 2);
        assert!(error.contains(mend), "{error}");
    }
}

#[test]
fn what_is_not_right_has_no_curve() {
    let bench = Bench::new();
    bench.file("first.py", "print(input().split()[0])\n");
    let text = bench.output("bench kth_largest first.py --quick --no-chart", 1);
    assert!(text.contains("WA") && text.contains("0 curves"), "{text}");
}

#[test]
fn threads_grow_for_functions_and_programs_alike() {
    let bench = Bench::new();
    let text = bench.output(
        "bench sliding_window_maximum/van_herk_in_parallel sliding_window_maximum/monotone_deque.cpp --axis threads \
             --from 1 --to 2 --set n=100000 --family random --quick --no-chart",
        0,
    );
    assert!(
        text.contains("wall-clock time (least) over threads"),
        "{text}"
    );
    assert!(text.contains("times as fast with 2"), "{text}");
    let rows = std::fs::read_to_string(bench.path().join("judge-out/measurements.csv")).unwrap();
    let mut reader = csv_columns(&rows, &["solution", "threads", "cpu_ns_min"]);
    reader.retain(|row| !row[2].is_empty());
    let mut kinds: Vec<&str> = reader.iter().map(|row| row[1].as_str()).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, ["1", "1", "2", "2"], "{rows}");
}

/// Some columns of a file, by name.
fn csv_columns(text: &str, names: &[&str]) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headers = reader.headers().unwrap().clone();
    let places: Vec<usize> = names
        .iter()
        .map(|name| headers.iter().position(|header| header == *name).unwrap())
        .collect();
    let row = |record: csv::StringRecord| places.iter().map(|at| record[*at].to_owned()).collect();
    reader
        .records()
        .map(|record| row(record.unwrap()))
        .collect()
}
