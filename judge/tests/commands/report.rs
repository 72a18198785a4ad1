//! The page of a run, from the run to the command that it shows.

use crate::common::Bench;

/// The first command on the page of a run, as a shell has it.
fn first_command(page: &str) -> String {
    let code = page
        .split("<td>")
        .find_map(|cell| cell.split("<code>judge ").nth(1));
    let code = code.and_then(|code| code.split("</code>").next());
    code.expect("a command").replace("&#39;", "'")
}

#[test]
fn the_page_of_a_run_shows_its_curves_and_lies_in_its_folder() {
    let bench = Bench::new();
    bench.output(
        "run kth_largest/sorting --quick --growth-time 2 --out out",
        0,
    );
    let said = bench.output("report out", 0);
    assert_eq!(said.trim_end(), "out/report.html");
    let page = std::fs::read_to_string(bench.path().join("out/report.html")).unwrap();
    assert!(page.contains("kth_largest, function: CPU time (least)"));
    let points = page.matches("<use href=\"#m0\" x=").count();
    assert!(points > 12, "{points} points");
}

#[test]
fn the_command_beside_a_failure_shows_it_again() {
    let bench = Bench::new();
    bench.file("mine.py", "print(0)\n");
    bench.output(
        "run kth_largest mine.py --stop-at-first --growth-time 0 --quick",
        1,
    );
    bench.output("report judge-out/measurements.csv --out page.html", 0);
    let page = std::fs::read_to_string(bench.path().join("page.html")).unwrap();
    // No argument has a space in it.
    let command = first_command(&page).replace('\'', "");
    let again = bench.output(&format!("{command} --growth-time 0"), 1);
    assert!(
        again.contains("WA kth_largest/mine.py on kth_largest/"),
        "{again}"
    );
}

#[test]
fn the_command_beside_a_shipped_failure_gets_the_same_verdict() {
    let bench = Bench::new();
    bench.output(
        "run kth_largest/by_magnitude.py --target process --growth-time 0 --quick",
        0,
    );
    bench.output("report judge-out", 0);
    let page = std::fs::read_to_string(bench.path().join("judge-out/report.html")).unwrap();
    let command = first_command(&page).replace('\'', "");
    let again = bench.output(&format!("{command} --growth-time 0"), 0);
    assert!(again.contains("as expected"), "{again}");
}

#[test]
fn a_folder_without_rows_is_a_mistake_of_the_user() {
    let bench = Bench::new();
    let said = bench.output("report nowhere", 2);
    assert!(said.contains("nowhere: "), "{said}");
    bench.file("empty/measurements.csv", "schema_version,run_id\n");
    let said = bench.output("report empty", 2);
    assert!(said.contains("measurements.csv: no rows"), "{said}");
}
