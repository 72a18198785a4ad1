//! A user's own file: the smallest case that breaks it, stress, foreign folders.
#![cfg(target_os = "linux")]

use crate::common::Bench;
use predicates::str::contains;

const RIGHT: &str =
    "n, k = map(int, input().split())\nprint(sorted(map(int, input().split()))[-k])\n";
const DISTINCT: &str = "n, k = map(int, input().split())\ns = sorted(set(map(int, input().split())))\nprint(s[-min(k, len(s))])\n";
const NEGATIVE: &str = "n, k = map(int, input().split())\nprint(sorted((abs(x) for x in map(int, input().split())))[-k])\n";
const CRASHES: &str = "n, k = map(int, input().split())\na = sorted(map(int, input().split()))\nif n > 3 and a[0] == a[1]: raise ValueError(a[0])\nprint(a[-k])\n";

/// Families on which all of the mistakes show, and small sizes: a run over all takes its time.
const SOME: &str = "--growth-time 0 --quick";

#[test]
fn a_right_file_is_accepted_and_its_rows_are_written() {
    let bench = Bench::new();
    bench.file("mine.py", RIGHT);
    let shown = bench.output(
        &format!(
            "run kth_largest mine.py --family random --growth-time 2 {}",
            "--quick"
        ),
        0,
    );
    assert!(shown.contains("AC"), "{shown}");
    for name in [
        "measurements.csv",
        "samples.csv",
        "curves.csv",
        "leaderboard.csv",
        "environment.json",
    ] {
        let path = bench.path().join("judge-out").join(name);
        let content =
            std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(content.lines().count() > 1, "{name} is empty");
    }
    let rows = reports::read_measurements(bench.path().join("judge-out/measurements.csv")).unwrap();
    assert!(
        rows.iter().any(|row| row.cpu_ns_median.is_some()),
        "growth was measured"
    );
    assert!(
        rows.iter()
            .all(|row| row.verdict == vocabulary::Verdict::Accepted)
    );
}

#[test]
fn a_wrong_file_is_shown_with_the_smallest_case_that_breaks_it() {
    let bench = Bench::new();
    bench.file("mine.py", DISTINCT);
    // On a machine that does much else, runs take many times as long.
    let shown = bench.output(
        &format!("run kth_largest mine.py {SOME} --search-time 300"),
        1,
    );
    assert!(
        shown.contains("WA kth_largest/mine.py on kth_largest/"),
        "{shown}"
    );
    assert!(shown.contains("first difference"), "{shown}");
    // Two equal elements and the second of them: no smaller case can show it, and one that small does.
    let smallest = shown
        .lines()
        .filter(|line| line.starts_with("WA "))
        .any(|line| line.contains("@n=2,") || line.contains("@n=3,"));
    assert!(smallest, "{shown}");
    let again = shown
        .lines()
        .find_map(|line| line.trim().strip_prefix("again: judge "))
        .expect("a command");
    let arguments = again.replace('\'', "");
    let shown = bench.output(&format!("{arguments} --growth-time 0"), 1);
    assert!(shown.contains("0 of 1 case"), "{shown}");
}

/// Has `stress` find a planted bug, and shrink the case to four elements at most.
fn stressed(name: &str, source: &str, verdict: &str) {
    let bench = Bench::new();
    bench.file(name, source);
    let shown = bench.output(&format!("stress {name} -p kth_largest --time 60"), 1);
    assert!(
        shown.contains(&format!("{verdict} kth_largest/{name}")),
        "{shown}"
    );
    let folder = bench
        .path()
        .join("judge-out/stress")
        .join(format!("kth_largest-{name}"));
    let input = std::fs::read_to_string(folder.join("failing.in")).unwrap();
    let elements = input.lines().nth(1).unwrap_or_default();
    assert!(elements.split_whitespace().count() <= 4, "{input}");
    assert!(folder.join("failing.ans").is_file() && folder.join("command.txt").is_file());
    // The saved command shows the failure again.
    let again = std::fs::read_to_string(folder.join("command.txt")).unwrap();
    let arguments = again.trim().strip_prefix("judge ");
    let arguments = arguments.expect("a command of the judge");
    bench.output(&format!("{arguments} --growth-time 0 --exact"), 1);
}

#[test]
fn stress_finds_and_shrinks_what_forgets_repeated_values() {
    stressed("distinct.py", DISTINCT, "WA");
}

#[test]
fn stress_finds_and_shrinks_what_forgets_negative_values() {
    stressed("negative.py", NEGATIVE, "WA");
}

#[test]
fn stress_finds_and_shrinks_what_crashes() {
    stressed("crashes.py", CRASHES, "RE");
}

#[test]
fn stress_passes_what_is_right() {
    let bench = Bench::new();
    bench.file("mine.py", RIGHT);
    let shown = bench.output("stress mine.py -p kth_largest --time 3 --most 20", 0);
    assert!(shown.contains("nothing found"), "{shown}");
}

#[test]
fn stress_against_a_reference_finds_where_the_two_part() {
    let bench = Bench::new();
    bench.file("mine.py", RIGHT);
    bench.file("brute.py", DISTINCT);
    let shown = bench.output(
        "stress mine.py -p kth_largest --against brute.py --time 60",
        1,
    );
    assert!(shown.contains("the reference's verdict"), "{shown}");
}

#[test]
fn a_folder_of_cases_is_judged_by_tokens_tolerance_bytes_or_a_checker() {
    let bench = Bench::new();
    bench.file("cases/a.in", "2\n");
    bench.file("cases/a.ans", "1.4142136\n");
    bench.file("root.py", "print(float(input()) ** 0.5)\n");
    bench.file("accepts.py", "import sys\nsys.exit(42 if open(sys.argv[2]).read().startswith(open(sys.argv[3]).read()[:5]) else 43)\n");
    let folder = "run --cases cases root.py --growth-time 0";
    bench.output(folder, 1);
    let shown = bench.output(&format!("{folder} --abs 1e-6"), 0);
    assert!(shown.contains("worst error"), "{shown}");
    bench.output(&format!("{folder} --exact"), 1);
    bench.output(
        &format!("{folder} --checker accepts.py --checker-style 42/43"),
        0,
    );
    // By the other style 42 is neither yes nor no: the checker's fault, not the program's.
    let shown = bench.output(&format!("{folder} --checker accepts.py"), 1);
    assert!(
        shown.contains("JE") && shown.contains("the checker"),
        "{shown}"
    );
}

#[test]
fn the_null_program_of_every_language_ends_by_itself_and_answers_nothing() {
    let bench = Bench::new();
    bench.file("cases/a.in", "2 3\n");
    bench.file("cases/a.ans", "");
    for (key, language) in judge::language::Languages::built_in().iter() {
        let source = language.null_program.as_ref().expect(key);
        let file = format!("null.{}", language.extensions[0]);
        bench.file(&file, source);
        let shown = bench.output(
            &format!("run --cases cases {file} --exact --growth-time 0"),
            0,
        );
        let is_absent = shown.contains(&language.install);
        assert!(is_absent || shown.contains("AC ["), "{key}: {shown}");
    }
}

#[test]
fn what_a_process_costs_beside_its_work_stands_in_its_rows() {
    let bench = Bench::new();
    let sorts = "import sys\nn, k, *a = map(int, sys.stdin.read().split())\nprint(sorted(a)[-k])\n";
    let file = bench.file("mine.py", sorts);
    let growth = "--quick --family random --growth-time 2";
    // A command has no language, so no null program: its own smallest case stands in.
    for given in [
        format!("run kth_largest mine.py {growth}"),
        format!("run kth_largest {growth} -- python3 {}", file.display()),
    ] {
        bench.output(&given, 0);
        let rows = bench.path().join("judge-out/measurements.csv");
        let rows = reports::read_measurements(&rows).unwrap();
        let timed: Vec<_> = rows.iter().filter(|row| row.rounds.is_some()).collect();
        assert!(!timed.is_empty(), "{given}");
        let is_known = |overhead: Option<u64>| overhead.is_some_and(|time| time > 0);
        assert!(timed.iter().all(|row| is_known(row.overhead_ns)), "{given}");
        let first = timed[0].overhead_ns;
        let is_one = timed.iter().all(|row| row.overhead_ns == first);
        assert!(is_one || timed[0].language == "command", "{given}");
    }
}

#[test]
fn a_sanitizer_finds_what_a_right_answer_hides() {
    let bench = Bench::new();
    bench.file("past.cpp", "#include <algorithm>\n#include <iostream>\nint main() { int n, k; std::cin >> n >> k; int *a = new int[n]; for (int i = 0; i < n; i++) std::cin >> a[i]; std::sort(a, a + n); volatile int past = a[n]; (void)past; std::cout << a[n - k]; }");
    let arguments = "run kth_largest past.cpp --family random --set n=5 --growth-time 0";
    bench.output(arguments, 0);
    let shown = bench.output(&format!("{arguments} --sanitize"), 1);
    assert!(
        shown.contains("heap-buffer-overflow") || shown.contains("AddressSanitizer"),
        "{shown}"
    );
}

#[test]
fn a_command_is_run_as_it_is() {
    let bench = Bench::new();
    bench.file("mine.py", RIGHT);
    bench.output(
        "run -p kth_largest --family random --set n=50 --growth-time 0 -- python3 mine.py",
        0,
    );
}

#[test]
fn mistakes_of_the_user_end_with_2_and_say_the_mend() {
    let bench = Bench::new();
    bench.file("mine.py", RIGHT);
    bench.file("mine.xyz", "");
    for (arguments, says) in [
        ("run nonsense", "judge list problems"),
        ("run kth_larges", "did you mean kth_largest"),
        ("run kth_largest/heap_of", "heap_of_k"),
        ("run mine.py", "-p PROBLEM"),
        ("run kth_largest mine.xyz", "--language"),
        (
            "run kth_largest mine.py --language pyton",
            "did you mean python",
        ),
        (
            "run kth_largest mine.py --family randon",
            "did you mean random",
        ),
        ("run kth_largest mine.py --set q=1", "no parameter `q`"),
        ("run kth_largest mine.py --set n=0", "n from 1"),
        ("run kth_largest ./absent.py", "no such file"),
        ("run --cases absent mine.py", "absent"),
        ("run kth_largest --time-limit -1", "time-limit"),
        ("show kth_largest/random@n=5,k=9", "k from 1 to 5"),
        ("show kth_largest/random", "needs n"),
        ("show kth_largest/rnadom@5", "did you mean random"),
        ("verify mine.py", "judge run"),
        ("stress -p kth_largest", "name one file"),
    ] {
        bench
            .judge(arguments)
            .assert()
            .code(2)
            .stderr(contains(says));
    }
}
