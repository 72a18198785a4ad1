//! What comes of a zygote that is killed: the slot heals, and the run is repeated once.
#![cfg(target_os = "linux")]

use std::fs;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use sandbox::{
    Command, Ended, Error, Exit, Input, Limits, Outcome, Part, Sandbox, Settings, Slot, Streams,
    interact,
};

/// A slot whose zygote bears a name of its own, by which it is told from those of other tests.
struct Victim {
    slot: Slot,
    name: String,
    _folder: tempfile::TempDir,
}

impl Victim {
    fn new(name: &str) -> Option<Victim> {
        let folder = tempfile::tempdir().unwrap();
        let helper = folder.path().join(name);
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_sandbox-helper"), &helper).unwrap();
        let settings = Settings {
            helper,
            allow_unsafe: false,
        };
        match Sandbox::new(settings) {
            Ok(sandbox) => Some(Victim {
                slot: sandbox.slot(None).unwrap(),
                name: name.to_owned(),
                _folder: folder,
            }),
            Err(error) => {
                eprintln!("SKIPPED: {error}");
                None
            }
        }
    }

    fn run(&mut self, script: &str) -> Result<Outcome, Error> {
        let input = Input::Bytes(b"one line\n".as_slice().into());
        self.slot.run(&shell(script), &limits(), Streams { input })
    }
}

fn limits() -> Limits {
    Limits {
        wall: Duration::from_secs(60),
        ..Limits::default()
    }
}

fn shell(script: &str) -> Command {
    Command {
        program: "/bin/sh".into(),
        arguments: vec!["-c".into(), script.into()],
        ..Command::default()
    }
}

/// Children of a process by their names.
fn children(process: u32) -> Vec<(u32, String)> {
    let tasks = fs::read_dir(format!("/proc/{process}/task"))
        .into_iter()
        .flatten()
        .flatten();
    let lists: String = tasks
        .map(|task| fs::read_to_string(task.path().join("children")).unwrap_or_default())
        .collect();
    let numbers = lists.split_whitespace().map(|it| it.parse().unwrap());
    numbers
        .map(|number: u32| {
            let name = fs::read_to_string(format!("/proc/{number}/comm")).unwrap_or_default();
            (number, name.trim().to_owned())
        })
        .collect()
}

fn zygote(name: &str) -> Option<u32> {
    let found = children(std::process::id())
        .into_iter()
        .find(|it| it.1 == name);
    found.map(|(number, _)| number)
}

fn kill(process: u32) {
    let process = Pid::from_raw(process.cast_signed()).unwrap();
    kill_process(process, Signal::KILL).unwrap();
}

/// Waits until `sleep` runs in the zygote of this name, another than those of `before`, and kills that zygote.
fn kill_while_it_sleeps(name: &str, before: &[u32]) -> u32 {
    let begun = Instant::now();
    loop {
        if let Some(zygote) = zygote(name).filter(|it| !before.contains(it)) {
            let inits = children(zygote).into_iter();
            let mut programs = inits.flat_map(|(init, _)| children(init));
            if programs.any(|(_, program)| program == "sleep") {
                kill(zygote);
                return zygote;
            }
        }
        assert!(begun.elapsed() < Duration::from_secs(50), "nothing sleeps");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_zygote_that_dies_between_two_runs_is_replaced() {
    let Some(mut victim) = Victim::new("dies-between") else {
        return;
    };
    assert_eq!(victim.run("true").unwrap().exit, Exit::Code(0));
    kill(zygote(&victim.name).unwrap());
    assert_eq!(victim.run("true").unwrap().exit, Exit::Code(0));
}

#[test]
fn a_run_whose_zygote_dies_is_repeated_from_the_beginning_of_its_input() {
    let Some(mut victim) = Victim::new("dies-in-run") else {
        return;
    };
    let name = victim.name.clone();
    let (outcome, killed) = std::thread::scope(|scope| {
        let killer = scope.spawn(|| kill_while_it_sleeps(&name, &[]));
        // Long enough for the killer, and short enough for the repetition to end.
        let outcome = victim.run("cat; exec sleep 3").unwrap();
        (outcome, killer.join().unwrap())
    });
    assert_eq!(
        (&outcome.ended, outcome.exit),
        (&Ended::ByItself, Exit::Code(0))
    );
    assert_eq!(outcome.output, b"one line\n");
    assert_ne!(zygote(&name), Some(killed));
}

#[test]
fn a_run_whose_zygote_dies_twice_is_an_error_with_the_reason_and_the_slot_goes_on() {
    let Some(mut victim) = Victim::new("dies-twice") else {
        return;
    };
    let name = victim.name.clone();
    let error = std::thread::scope(|scope| {
        scope.spawn(|| {
            let first = kill_while_it_sleeps(&name, &[]);
            kill_while_it_sleeps(&name, &[first]);
        });
        victim.run("exec sleep 50").unwrap_err()
    });
    assert!(matches!(error, Error::ZygoteDied(_)), "{error:?}");
    assert!(error.to_string().contains("signal: 9"), "{error}");
    assert_eq!(victim.run("true").unwrap().exit, Exit::Code(0));
}

#[test]
fn a_talk_whose_zygote_dies_is_an_error_as_it_cannot_be_said_again() {
    let (Some(mut first), Some(mut second)) = (Victim::new("dies-talking"), Victim::new("hears"))
    else {
        return;
    };
    let name = first.name.clone();
    let (solution, interactor, limits) = (shell("exec sleep 50"), shell("cat"), limits());
    let talk = std::thread::scope(|scope| {
        scope.spawn(|| kill_while_it_sleeps(&name, &[]));
        let solution = Part {
            slot: &mut first.slot,
            command: &solution,
            limits: &limits,
        };
        let interactor = Part {
            slot: &mut second.slot,
            command: &interactor,
            limits: &limits,
        };
        interact(solution, interactor, 1000)
    });
    assert!(matches!(talk, Err(Error::ZygoteDied(_))), "{talk:?}");
    assert_eq!(first.run("true").unwrap().exit, Exit::Code(0));
    assert_eq!(second.run("true").unwrap().exit, Exit::Code(0));
}
