//! Tiny programs, each bound to its verdict: what ended a run decides.
#![cfg(target_os = "linux")]

use crate::common::Bench;

/// Judges a program on a case whose right output is the number 7; the verdict and the whole JSON line.
fn judged(name: &str, source: &str, options: &str) -> (String, String) {
    let bench = Bench::new();
    bench.file("cases/one.in", "7\n");
    bench.file("cases/one.ans", "7\n");
    bench.file(name, source);
    let arguments = format!(
        "run --cases cases {name} --format json --growth-time 0 --time-limit 0.3 --memory-limit 64 {options}"
    );
    let output = bench.judge(&arguments).output().expect("the judge runs");
    let line = String::from_utf8(output.stdout).expect("JSON is UTF-8");
    let json: serde_json::Value = serde_json::from_str(&line).unwrap_or_else(|error| {
        panic!("{error}: {line}{}", String::from_utf8_lossy(&output.stderr))
    });
    let verdict = json["verdict"].as_str().expect("a verdict").to_owned();
    assert_eq!(
        output.status.code(),
        Some(i32::from(verdict != "AC")),
        "{line}"
    );
    (verdict, line)
}

fn verdict_of_c(body: &str) -> (String, String) {
    let source = format!(
        "#include <signal.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <unistd.h>\nint main(void) {{ {body} }}\n"
    );
    judged("main.c", &source, "")
}

macro_rules! verdicts {
    ($($name:ident: $verdict:literal, $body:literal;)*) => {$(
        #[test]
        fn $name() {
            let (verdict, line) = verdict_of_c($body);
            assert_eq!(verdict, $verdict, "{line}");
        }
    )*};
}

verdicts! {
    a_right_answer_is_accepted: "AC", "puts(\"7\"); return 0;";
    a_wrong_answer_is_wrong: "WA", "puts(\"8\"); return 0;";
    an_empty_output_is_wrong: "WA", "return 0;";
    closing_standard_output_is_an_empty_output: "WA", "fclose(stdout); return 0;";
    an_exit_code_is_a_runtime_error_even_behind_a_right_answer: "RE", "puts(\"7\"); return 3;";
    an_abort_is_a_runtime_error: "RE", "abort();";
    a_null_pointer_is_a_runtime_error: "RE", "volatile int *p = 0; return *p;";
    an_endless_loop_exceeds_the_time_limit: "TLE", "for (volatile int i = 0;; i++) {}";
    a_right_answer_before_an_endless_loop_does_not_count: "TLE", "puts(\"7\"); fflush(stdout); for (volatile int i = 0;; i++) {}";
    sleeping_exceeds_the_time_limit: "TLE", "sleep(60); puts(\"7\"); return 0;";
    stopping_itself_exceeds_the_time_limit: "TLE", "raise(SIGSTOP); puts(\"7\"); return 0;";
    a_flood_exceeds_the_output_limit: "OLE", "static char b[65536]; for (;;) if (write(1, b, sizeof b) < 0) return 1;";
    a_right_answer_before_a_flood_does_not_count: "OLE", "puts(\"7\"); fflush(stdout); static char b[65536]; memset(b, ' ', sizeof b); for (;;) if (write(1, b, sizeof b) < 0) return 1;";
    a_child_that_stays_behind_does_not_outlive_the_run: "AC", "if (fork() == 0) { close(0); close(1); close(2); sleep(60); } puts(\"7\"); return 0;";
}

#[test]
fn a_memory_hog_exceeds_the_memory_limit() {
    let (verdict, line) = verdict_of_c(
        "for (int i = 0; i < 4096; i++) { char *p = malloc(1 << 20); if (!p) return 1; memset(p, 1, 1 << 20); } puts(\"7\"); return 0;",
    );
    assert_eq!(verdict, "MLE", "{line}");
}

#[test]
fn what_does_not_compile_is_a_compile_error_with_the_compilers_words() {
    let (verdict, line) = judged("main.c", "int main(void) { return nothing; }", "");
    assert_eq!(verdict, "CE");
    assert!(line.contains("nothing"), "{line}");
}

#[test]
fn the_answers_cannot_be_found() {
    let source = "import os\nfound = []\nfor folder, _, names in os.walk('/'):\n    if folder.startswith(('/proc', '/sys')): continue\n    found += [n for n in names if n.endswith('.ans')]\nprint(len(found) + 7)\n";
    let (verdict, line) = judged("main.py", source, "--time-scale 20");
    assert_eq!(verdict, "AC", "{line}");
}

#[test]
fn nothing_can_be_written_outside_the_scratch_folder() {
    let source = "import os\ncould = 0\nfor place in ['/', '/usr', '/etc', '/program', '/dev', os.path.expanduser('~root')]:\n    try:\n        open(os.path.join(place, 'x'), 'w').write('x'); could += 1\n    except OSError: pass\nopen('x', 'w').write('x')\nprint(could + 7)\n";
    let (verdict, line) = judged("main.py", source, "--time-scale 20");
    assert_eq!(verdict, "AC", "{line}");
}

#[test]
fn the_network_cannot_be_reached() {
    let source = "import socket\ntry:\n    s = socket.socket(); s.settimeout(1); s.connect(('127.0.0.1', 22)); print(8)\nexcept OSError: print(7)\n";
    let (verdict, line) = judged("main.py", source, "--time-scale 20");
    assert_eq!(verdict, "AC", "{line}");
}
