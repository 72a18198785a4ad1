//! `judge compare` as a pipeline meets it: what it says and how it ends. Nothing here depends on fine timing.
#![cfg(target_os = "linux")]

use reports::{Measurement, MeasurementWriter, RunInfo};
use vocabulary::{Kind, Target, Verdict};

use crate::common::Bench;

/// Reads a number, adds so many times, and prints it.
fn program(times: u64, answer: &str) -> String {
    format!(
        "#include <stdio.h>\nint main(void) {{ int n, k, x; if (scanf(\"%d %d %d\", &n, &k, &x) != 3) return 1; for (volatile \
         long i = 0; i < {times}; i++) {{}} printf(\"%d\\n\", {answer}); }}\n"
    )
}

/// The only case that such a program answers, and little time for it.
const ON_ONE: &str = "-p kth_largest --case kth_largest/random@n=1,k=1#0 --time 1 --threshold 50";

#[test]
fn a_program_against_itself_is_no_regression() {
    let bench = Bench::new();
    bench.file("a.c", &program(2_000_000, "x"));
    let shown = bench.output(&format!("compare a.c a.c {ON_ONE}"), 0);
    assert!(shown.contains("1 case: 1 "), "{shown}");
    assert!(!shown.contains("SLOWER"), "{shown}");
}

#[test]
fn far_more_work_is_slower_and_ends_with_3_in_every_form() {
    let bench = Bench::new();
    bench.file("a.c", &program(2_000_000, "x"));
    bench.file("b.c", &program(20_000_000, "x"));
    let line = format!("compare a.c b.c {ON_ONE} --format json --markdown comment.md");
    let output = bench
        .judge(&line)
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_STEP_SUMMARY", bench.path().join("summary.md"))
        .output()
        .expect("the judge runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{errors}");
    assert!(
        errors.contains("::error title=judge compare, slower::"),
        "{errors}"
    );
    let row: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one line of JSON");
    assert_eq!(row["verdict"], "SLOWER");
    assert_eq!(row["case"], "kth_largest/random@n=1,k=1#0");
    assert!(row["compared"]["pairs"].as_u64() >= Some(24), "{row}");
    let [low, high] = ["change_low", "change_high"].map(|name| row["compared"][name].as_f64());
    assert!(low > Some(0.5) && high >= low, "{row}");
    assert!(row["wall"]["change"].is_number() && row["self_check"]["noisy"].is_boolean());
    for file in ["comment.md", "summary.md"] {
        let text = std::fs::read_to_string(bench.path().join(file)).expect("it was written");
        assert!(text.starts_with("### 1 case: 1 SLOWER"), "{text}");
        assert!(text.contains("| SLOWER | kth_largest/b.c |"), "{text}");
    }
}

#[test]
fn a_head_that_is_wrong_is_never_a_ratio_and_ends_with_1() {
    let bench = Bench::new();
    bench.file("a.c", &program(1000, "x"));
    bench.file("b.c", &program(1000, "x + 1"));
    let shown = bench.output(&format!("compare a.c b.c {ON_ONE}"), 1);
    assert!(shown.contains("HEAD is WA"), "{shown}");
    assert!(shown.contains("NOT COMPARED"), "{shown}");
    // A base that is wrong leaves nothing to compare with.
    let shown = bench.output(&format!("compare b.c a.c {ON_ONE}"), 4);
    assert!(
        shown.contains("nothing to compare with") && shown.contains("BASE is WA"),
        "{shown}"
    );
}

#[test]
fn functions_of_two_judges_are_compared_through_their_runners() {
    let bench = Bench::new();
    let judge = env!("CARGO_BIN_EXE_judge");
    let case = "--case kth_largest/random@n=2000,k=5#0 --time 1 --threshold 50";
    let shown = bench.output(
        &format!("compare {judge} {judge} kth_largest/sorting {case}"),
        0,
    );
    assert!(shown.contains("kth_largest/sorting"), "{shown}");
    assert!(!shown.contains("SLOWER"), "{shown}");
    let shown = bench.output(&format!("compare {judge} {judge} kth_largest/absent"), 2);
    assert!(shown.contains("nothing is called"), "{shown}");
}

/// Rows of one case a time, on a host.
fn rows(bench: &Bench, name: &str, host: &str, times: &[(Verdict, u64)]) {
    let run = RunInfo {
        run_id: name.to_owned(),
        utc: "2026-11-23T00:00:00Z".to_owned(),
        host_id: host.to_owned(),
        git_rev: None,
    };
    let parameters = ["n".to_owned(), "k".to_owned()];
    let mut writer = MeasurementWriter::create(bench.path().join(name), &run, &parameters)
        .expect("it can be written");
    for (n, (verdict, cpu_ns)) in (1_i64..).zip(times) {
        let case = format!("kth_largest/random@n={n},k=1#0")
            .parse()
            .expect("a case");
        let row = Measurement {
            cpu_ns_median: Some(*cpu_ns),
            cpu_ns_mad: Some(cpu_ns / 1000),
            rounds: Some(15),
            ..Measurement::new(case, "mine.cpp", Kind::Program, Target::Process, *verdict)
        };
        writer.write(&row).expect("it can be written");
    }
}

#[test]
fn rows_of_two_runs_end_as_the_rows_say_and_are_called_unpaired() {
    let right = |cpu_ns| (Verdict::Accepted, cpu_ns);
    let bench = Bench::new();
    rows(
        &bench,
        "old.csv",
        "one",
        &[right(1_000_000), right(2_000_000)],
    );
    rows(
        &bench,
        "same.csv",
        "one",
        &[right(1_010_000), right(1_500_000)],
    );
    rows(
        &bench,
        "slow.csv",
        "one",
        &[right(1_010_000), right(3_000_000)],
    );
    let wrong = (Verdict::WrongAnswer, 1_000_000);
    rows(&bench, "wrong.csv", "one", &[right(1_010_000), wrong]);
    let shown = bench.output("compare old.csv same.csv", 0);
    assert!(shown.contains("2 cases: 1 FASTER, 1 SAME"), "{shown}");
    assert!(shown.contains("not measured in turn"), "{shown}");
    let shown = bench.output("compare old.csv slow.csv", 3);
    assert!(shown.contains("2 cases: 1 SLOWER, 1 SAME"), "{shown}");
    let shown = bench.output("compare old.csv wrong.csv", 1);
    assert!(shown.contains("HEAD is WA"), "{shown}");
}

#[test]
fn rows_of_different_hosts_are_refused_unless_asked_for() {
    let bench = Bench::new();
    rows(&bench, "old.csv", "one", &[(Verdict::Accepted, 1_000_000)]);
    rows(&bench, "new.csv", "two", &[(Verdict::Accepted, 1_000_000)]);
    let shown = bench.output("compare old.csv new.csv", 2);
    assert!(shown.contains("--across-hosts"), "{shown}");
    bench.output("compare old.csv new.csv --across-hosts", 0);
}

#[test]
fn nothing_to_compare_with_is_loud_and_ends_with_4() {
    let bench = Bench::new();
    rows(&bench, "empty.csv", "one", &[]);
    rows(&bench, "new.csv", "one", &[(Verdict::Accepted, 1_000_000)]);
    let shown = bench.output("compare empty.csv new.csv", 4);
    assert!(
        shown.contains("nothing to compare with: empty.csv has no rows"),
        "{shown}"
    );
}

#[test]
fn mistakes_end_with_2_and_say_the_mend() {
    let bench = Bench::new();
    bench.file("a.c", &program(1000, "x"));
    bench.file("a.cu", "");
    rows(&bench, "new.csv", "one", &[(Verdict::Accepted, 1_000_000)]);
    for (arguments, says) in [
        (
            "compare absent.c a.c -p kth_largest",
            "absent.c: no such file (BASE)",
        ),
        (
            "compare absent.csv new.csv",
            "absent.csv: no such file (BASE)",
        ),
        ("compare a.c a.c", "-p PROBLEM"),
        ("compare a.c a.c -p kth_larges", "did you mean kth_largest"),
        ("compare a.c new.csv", "compare two programs"),
        ("compare a.c a.cu -p kth_largest", "judge counters"),
        ("compare new.csv new.csv --time 3", "--time"),
        ("compare a.c a.c -p kth_largest --threshold 0", "threshold"),
        (
            "compare a.c a.c -p kth_largest --case knapsack/uncorrelated@n=5",
            "another problem",
        ),
    ] {
        let shown = bench.output(arguments, 2);
        assert!(shown.contains(says), "{arguments}: {shown}");
    }
}
