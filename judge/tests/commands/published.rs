//! What README and `reports/leaderboards` publish is what the commands make of the committed rows.

use std::path::{Path, PathBuf};

use crate::common::Bench;

const README: &str = include_str!("../../../README.md");

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    let path = repository().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A command, with the committed rows in place of `ROWS`.
fn output(arguments: &str) -> String {
    let rows = repository().join("reports/leaderboards");
    Bench::new().output(&arguments.replace("ROWS", &rows.display().to_string()), 0)
}

#[test]
fn the_table_in_the_readme_is_that_of_the_committed_rows() {
    let (_, table) = README.split_once("<!-- leaderboard -->\n").unwrap();
    let (table, _) = table.split_once("<!-- end -->").unwrap();
    let made = output("leaderboard ROWS -p kth_largest --target process --format markdown");
    assert_eq!(table, made, "run .ci/publish, or take its step `table`");
}

#[test]
fn the_committed_leaderboards_are_those_of_the_committed_rows() {
    let made = output("leaderboard ROWS --format csv");
    assert_eq!(read("reports/leaderboards/leaderboard.csv"), made);
}

#[test]
fn the_curve_in_the_readme_is_drawn_of_the_committed_rows() {
    let bench = Bench::new();
    let rows = repository().join("reports/leaderboards");
    let arguments = "--curves kth_largest/random --target process --svg curve.svg";
    bench.output(&format!("report {} {arguments}", rows.display()), 0);
    let made = std::fs::read_to_string(bench.path().join("curve.svg")).unwrap();
    assert!(made == read("docs/curve.svg"), "run .ci/publish");
}

#[test]
fn what_is_published_names_no_machine_and_no_folder_of_it() {
    for file in ["measurements.csv", "curves.csv", "environment.json"] {
        let text = read(&format!("reports/leaderboards/{file}"));
        for word in ["/home/", "/root", "/tmp/", "/work", "/var/"] {
            assert!(!text.contains(word), "{word} stands in {file}");
        }
    }
}
