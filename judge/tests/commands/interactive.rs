//! Problems in which a program talks with an interactor: a number is guessed, ten questions at most.
#![cfg(target_os = "linux")]

use crate::common::Bench;

/// Says how many numbers there are; answers each guess with `<`, `>` or `=`. In testlib's manner: the files of input, output
/// and answer; 0 accepts, 1 refuses.
const INTERACTOR: &str = "\
import sys
most, secret = map(int, open(sys.argv[1]).read().split())
def refuse(why):
    sys.stderr.write(why)
    sys.exit(1)
print(most, flush=True)
for question in range(10):
    line = sys.stdin.readline()
    if not line.strip():
        refuse('no guess')
    guess = int(line)
    if guess == secret:
        print('=', flush=True)
        open(sys.argv[2], 'w').write(str(question))
        sys.exit(0)
    print('<' if secret < guess else '>', flush=True)
refuse('ten guesses')
";

const RIGHT: &str = "\
low, high = 1, int(input())
while True:
    middle = (low + high) // 2
    print(middle, flush=True)
    said = input()
    if said == '=': break
    if said == '<': high = middle - 1
    else: low = middle + 1
";

/// Counts up, which takes too many guesses.
const WRONG: &str = "\
most = int(input())
for guess in range(1, most + 1):
    print(guess, flush=True)
    if input() == '=': break
";

/// Judges a program against an interactor, which must come to a verdict; everything that is shown.
fn judged(verdict: &str, program: &str, interactor: &str, options: &str) -> (String, Bench) {
    let bench = Bench::new();
    bench.file("guess/a.in", "1000 1\n");
    bench.file("guess/b.in", "1000 777\n");
    bench.file("talks.py", interactor);
    bench.file("mine.py", program);
    let arguments =
        format!("run --cases guess --interactor talks.py mine.py --growth-time 0 {options}");
    let shown = bench.output(&arguments, i32::from(verdict != "AC"));
    let row = format!("{verdict:>8} [");
    assert!(shown.lines().any(|line| line.starts_with(&row)), "{shown}");
    (shown, bench)
}

#[test]
fn who_guesses_the_number_is_accepted() {
    let (shown, _) = judged("AC", RIGHT, INTERACTOR, "");
    assert!(shown.contains("2 cases"), "{shown}");
}

#[test]
fn who_asks_too_often_is_wrong_and_the_talk_is_shown_and_saved() {
    let (shown, bench) = judged("WA", WRONG, INTERACTOR, "");
    for part in [
        "1 of 2 cases",
        "ten guesses",
        "< 1000",
        "lines more",
        "> 10",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let saved = bench.path().join("judge-out/transcripts/guess-mine.py.txt");
    let saved = std::fs::read_to_string(saved).unwrap();
    // The eleventh guess may still be heard.
    assert!((21..=22).contains(&saved.lines().count()), "{saved}");
    assert!(saved.starts_with("< 1000\n> 1\n< >\n> 2\n"), "{saved}");
}

#[test]
fn who_leaves_early_is_wrong_and_who_crashes_is_a_runtime_error() {
    let (shown, _) = judged("WA", "input()\nprint(5)\n", INTERACTOR, "");
    assert!(shown.contains("no guess"), "{shown}");
    let (shown, _) = judged("RE", "input()\nraise ValueError('here')\n", INTERACTOR, "");
    assert!(shown.contains("here"), "{shown}");
}

#[test]
fn who_waits_for_an_interactor_that_waits_exceeds_the_time_limit() {
    // input() would flush for it.
    let forgets_to_flush = RIGHT
        .replace(", flush=True", "")
        .replace("input()", "sys.stdin.readline()");
    let forgets_to_flush = format!("import sys\n{forgets_to_flush}");
    let (shown, _) = judged("TLE", &forgets_to_flush, INTERACTOR, "--time-limit 0.3");
    assert!(shown.contains("flushed?"), "{shown}");
    let silent = "import time\ninput()\ntime.sleep(1000)\n";
    judged("TLE", silent, INTERACTOR, "--time-limit 0.3");
}

#[test]
fn what_the_interactor_does_wrong_is_no_fault_of_the_program() {
    let (shown, _) = judged("JE", RIGHT, "import sys\nsys.exit(3)\n", "");
    assert!(shown.contains("the interactor: exit code 3"), "{shown}");
    // Whose pipe broke because the program left is not at fault.
    let goes_on = "while True: print(1)\n";
    let dies = format!("import signal\nsignal.signal(signal.SIGPIPE, signal.SIG_DFL)\n{goes_on}");
    judged("WA", "input()\n", &dies, "");
}

#[test]
fn the_other_style_accepts_by_42_and_refuses_by_43() {
    let other = INTERACTOR
        .replace("exit(0)", "exit(42)")
        .replace("exit(1)", "exit(43)");
    judged("AC", RIGHT, &other, "--checker-style 42/43");
    let (shown, _) = judged("WA", WRONG, &other, "--checker-style 42/43");
    assert!(
        shown.contains("--interactor 'talks.py' --checker-style 42/43"),
        "{shown}"
    );
}
