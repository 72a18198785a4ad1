//! Two programs that talk to each other: what is said, and what early ends and full pipes come to.
#![cfg(target_os = "linux")]

use std::path::PathBuf;
use std::time::Duration;

use sandbox::{Command, Ended, Exit, Interaction, Limits, Part, Sandbox, Settings, Side, interact};

fn talk(solution: &str, interactor: &str, limits: &Limits) -> Option<Interaction> {
    let settings = Settings {
        helper: PathBuf::from(env!("CARGO_BIN_EXE_sandbox-helper")),
        allow_unsafe: false,
    };
    let sandbox = match Sandbox::new(settings) {
        Ok(sandbox) => sandbox,
        Err(error) => {
            eprintln!("SKIPPED: {error}");
            return None;
        }
    };
    let shell = |script: &str| Command {
        program: "/bin/sh".into(),
        arguments: vec!["-c".into(), script.into()],
        ..Command::default()
    };
    let (mut first, mut second) = (sandbox.slot(None).unwrap(), sandbox.slot(None).unwrap());
    let (solution, interactor) = (shell(solution), shell(interactor));
    let solution = Part {
        slot: &mut first,
        command: &solution,
        limits,
    };
    let interactor = Part {
        slot: &mut second,
        command: &interactor,
        limits,
    };
    Some(interact(solution, interactor, 1 << 16).unwrap())
}

#[test]
fn a_talk_is_written_down_in_its_order() {
    let solution = "read n; echo $((n * 2)); read word; echo got $word";
    let interactor =
        "echo 21; read answer; [ $answer = 42 ] && echo right; read thanks; echo \"$thanks\" >&2";
    let Some(talk) = talk(solution, interactor, &Limits::default()) else {
        return;
    };
    assert_eq!(
        (talk.solution.exit, talk.interactor.exit),
        (Exit::Code(0), Exit::Code(0))
    );
    assert_eq!(talk.interactor.error_output, b"got right\n");
    let said: Vec<_> = talk
        .transcript
        .iter()
        .map(|it| (it.from, std::str::from_utf8(&it.bytes).unwrap()))
        .collect();
    use Side::{Interactor, Solution};
    assert_eq!(
        said,
        [
            (Interactor, "21\n"),
            (Solution, "42\n"),
            (Interactor, "right\n"),
            (Solution, "got right\n")
        ]
    );
}

#[test]
fn an_interactor_that_ends_first_ends_the_input_of_the_solution() {
    let Some(talk) = talk(
        "read n; read more || exit 9",
        "echo 1; exit 1",
        &Limits::default(),
    ) else {
        return;
    };
    assert_eq!(
        (talk.solution.exit, talk.interactor.exit),
        (Exit::Code(9), Exit::Code(1))
    );
    assert_eq!(talk.first, Some(Side::Interactor));
}

#[test]
fn a_solution_that_ends_first_is_known_as_such() {
    let Some(talk) = talk("exit 3", "read n || exit 4", &Limits::default()) else {
        return;
    };
    assert_eq!(
        (talk.solution.exit, talk.interactor.exit),
        (Exit::Code(3), Exit::Code(4))
    );
    assert_eq!(talk.first, Some(Side::Solution));
}

#[test]
fn a_side_that_is_not_heard_any_more_is_told_by_a_signal() {
    let Some(talk) = talk("exec yes", "head -c 100000 >/dev/null", &Limits::default()) else {
        return;
    };
    assert_eq!(talk.interactor.exit, Exit::Code(0));
    assert_eq!(
        (talk.solution.ended, talk.solution.exit),
        (Ended::ByItself, Exit::Signal(13))
    );
}

/// The clock ends one of two that are stuck; the other is ended by it, too, or ends by itself at the pipe's end that this
/// leaves, whichever comes first.
fn assert_ended_by_the_clock(stuck: &Interaction) {
    let ended = [&stuck.solution.ended, &stuck.interactor.ended];
    assert!(ended.contains(&&Ended::WallLimit), "{ended:?}");
    let may = [Ended::WallLimit, Ended::ByItself];
    assert!(ended.iter().all(|ended| may.contains(ended)), "{ended:?}");
}

#[test]
fn two_that_wait_for_each_other_end_by_the_clock_and_two_that_flood_by_their_output() {
    let limits = Limits {
        wall: Duration::from_millis(500),
        ..Limits::default()
    };
    let Some(silent) = talk("read n", "read n", &limits) else {
        return;
    };
    assert_ended_by_the_clock(&silent);
    // Neither reads, so the pipes fill and both stop.
    let Some(full) = talk("exec yes", "exec yes", &limits) else {
        return;
    };
    assert_ended_by_the_clock(&full);
    let limits = Limits {
        output: 1000,
        ..Limits::default()
    };
    let Some(flood) = talk("exec yes", "exec cat >/dev/null", &limits) else {
        return;
    };
    assert_eq!(flood.solution.ended, Ended::OutputLimit);
    assert_eq!(flood.interactor.ended, Ended::ByItself);
}
