//! Runs the table of hostile programs on every tier that works here, as the user who tests and, if that is root, as an
//! ordinary user too: this file's tests then run again as one.
#![cfg(target_os = "linux")]

#[path = "hostile/table.rs"]
mod table;

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sandbox::{
    Command, Ended, Exit, Input, Limits, Mount, Outcome, Sandbox, Settings, Slot, Streams, Tier,
};
use table::{Ending, TABLE, What};

/// Where the executables lie for the ordinary user, who may not see the build folder.
const FOLDER: &str = "SANDBOX_TEST_FOLDER";

fn executable(name: &str, built: &str) -> PathBuf {
    std::env::var_os(FOLDER).map_or_else(
        || PathBuf::from(built),
        |folder| Path::new(&folder).join(name),
    )
}

fn helper() -> PathBuf {
    executable("sandbox-helper", env!("CARGO_BIN_EXE_sandbox-helper"))
}

fn hostile() -> PathBuf {
    executable("sandbox-hostile", env!("CARGO_BIN_EXE_sandbox-hostile"))
}

/// How many times slower than a common one this machine is: for emulated ones.
fn patience() -> u32 {
    std::env::var("SANDBOX_TEST_PATIENCE")
        .map_or(1, |factor| factor.parse().expect("a whole factor"))
}

fn limits() -> Limits {
    Limits {
        // Enough for whatever is not meant to reach it, on a machine that is busy with other tests.
        cpu: patience() * Duration::from_millis(1000),
        wall: patience() * Duration::from_secs(10),
        memory: 64 << 20,
        output: 1 << 20,
        error_output: 256 << 10,
        processes: 32,
        scratch: 128 << 20,
    }
}

fn command(what: What) -> (Command, Limits, Input) {
    let (mut limits, mut input) = (limits(), Input::Bytes(b"1 2 3\n".as_slice().into()));
    let target = PathBuf::from("/program/hostile");
    let act = |words: Vec<&str>| Command {
        program: target.clone(),
        arguments: words.into_iter().map(Into::into).collect(),
        mounts: vec![Mount {
            source: hostile(),
            target: target.clone(),
        }],
        ..Command::default()
    };
    let command = match what {
        What::Act(words) => act(words.split(' ').collect()),
        What::Call(name) => act(vec!["call", name]),
        What::Shell(script) => shell(script),
        What::Compile(compiler, source) => {
            // A compiler needs room, but not for a bomb.
            (limits.memory, limits.cpu) = (200 << 20, patience() * Duration::from_secs(20));
            limits.wall = patience() * Duration::from_secs(60);
            input = Input::Bytes(source.as_bytes().into());
            let language = if compiler == "gcc" { "c" } else { "c++" };
            shell(&format!(
                "exec {compiler} -x {language} -ftemplate-depth=10000 -c -o out.o -"
            ))
        }
    };
    (command, limits, input)
}

fn shell(script: &str) -> Command {
    Command {
        program: "/bin/sh".into(),
        arguments: vec!["-c".into(), script.into()],
        ..Command::default()
    }
}

fn agrees(outcome: &Outcome, ending: Ending, tier: Tier) -> bool {
    let itself = outcome.ended == Ended::ByItself;
    match ending {
        Ending::Calm => itself && outcome.exit == Exit::Code(0),
        Ending::Wrote(text) => {
            itself && outcome.exit == Exit::Code(0) && outcome.output == text.as_bytes()
        }
        Ending::Codes(code) => itself && outcome.exit == Exit::Code(code),
        Ending::Crash(signal) => itself && outcome.exit == Exit::Signal(signal),
        Ending::Cpu => outcome.ended == Ended::CpuLimit,
        Ending::Stuck => outcome.ended == Ended::WallLimit,
        Ending::Memory => outcome.ended == Ended::MemoryLimit,
        Ending::Output => outcome.ended == Ended::OutputLimit,
        Ending::Bare(with, without) => agrees(
            outcome,
            if tier.has_cgroup() { *with } else { *without },
            tier,
        ),
    }
}

/// Whether a run that waits for the clock would wait for too long.
fn waits(ending: Ending, tier: Tier) -> bool {
    match ending {
        Ending::Stuck => true,
        Ending::Bare(with, without) => {
            waits(if tier.has_cgroup() { *with } else { *without }, tier)
        }
        _ => false,
    }
}

fn run_table(slot: &mut Slot, tier: Tier) -> Vec<String> {
    let mut wrong = Vec::new();
    for &(name, what, ending) in TABLE {
        if let What::Compile(compiler, _) = what
            && !Path::new("/usr/bin").join(compiler).exists()
        {
            eprintln!("SKIPPED: {name}: /usr/bin/{compiler} is not installed");
            continue;
        }
        let (command, mut limits, input) = command(what);
        if waits(ending, tier) {
            limits.wall = patience() * Duration::from_millis(500);
        }
        match slot.run(&command, &limits, Streams { input }) {
            Ok(outcome) if agrees(&outcome, ending, tier) => {}
            Ok(mut outcome) => {
                outcome.output.truncate(300);
                outcome.error_output.truncate(300);
                let errors = String::from_utf8_lossy(&outcome.error_output).into_owned();
                wrong.push(format!(
                    "{name}: {ending:?} expected, got {outcome:?}\n    {errors}"
                ));
            }
            Err(error) => wrong.push(format!(
                "{name}: {ending:?} expected, got the error {error}"
            )),
        }
    }
    wrong
}

/// The tiers that work here: the best, and namespaces alone.
fn tiers() -> Vec<Tier> {
    let settings = Settings {
        helper: helper(),
        allow_unsafe: false,
    };
    match Sandbox::probe(&settings).tier {
        None => Vec::new(),
        Some(Tier::Namespaces) => vec![Tier::Namespaces],
        Some(best) => vec![best, Tier::Namespaces],
    }
}

#[test]
fn hostile_programs_get_what_the_table_says_and_leave_nothing_behind() {
    let user = rustix::process::getuid().as_raw();
    let tiers = tiers();
    if tiers.is_empty() {
        eprintln!("SKIPPED: no tier works for user {user}");
    }
    for tier in tiers {
        eprintln!("tier {tier}, user {user}: {} programs", TABLE.len());
        let settings = Settings {
            helper: helper(),
            allow_unsafe: false,
        };
        let mut slot = Sandbox::with_tier(settings, tier).slot(None).unwrap();
        let wrong = run_table(&mut slot, tier);
        assert!(
            wrong.is_empty(),
            "tier {tier}, user {user}:\n{}",
            wrong.join("\n")
        );
        drop(slot);
        assert_eq!(
            below(std::process::id()),
            Vec::<u32>::new(),
            "processes stayed behind"
        );
    }
}

/// Child processes, zombies too.
fn below(process: u32) -> Vec<u32> {
    let tasks = std::fs::read_dir(format!("/proc/{process}/task"))
        .unwrap()
        .flatten();
    let lists =
        tasks.map(|task| std::fs::read_to_string(task.path().join("children")).unwrap_or_default());
    let mut found = Vec::new();
    for list in lists {
        found.extend(
            list.split_whitespace()
                .map(|number| number.parse::<u32>().unwrap()),
        );
    }
    found
}

#[test]
fn every_exit_code_and_every_deadly_signal_comes_through() {
    let Some(&tier) = tiers().first() else { return };
    let settings = Settings {
        helper: helper(),
        allow_unsafe: false,
    };
    let mut slot = Sandbox::with_tier(settings, tier).slot(None).unwrap();
    let mut exit = |script: String| {
        let (command, limits, input) = command(What::Shell("true"));
        let command = Command {
            arguments: vec!["-c".into(), script.into()],
            ..command
        };
        slot.run(&command, &limits, Streams { input }).unwrap().exit
    };
    for code in 0..256 {
        assert_eq!(exit(format!("exit {code}")), Exit::Code(code));
    }
    // Those that do nothing by default, or stop and go on: URG, WINCH, CHLD, CONT, STOP, TSTP, TTIN, TTOU.
    let harmless = [23, 28, 17, 18, 19, 20, 21, 22];
    for signal in (1..=64).filter(|signal| !harmless.contains(signal) && ![32, 33].contains(signal))
    {
        assert_eq!(exit(format!("kill -{signal} $$")), Exit::Signal(signal));
    }
}

#[test]
fn an_ordinary_user_gets_the_same() {
    if !rustix::process::getuid().is_root() {
        eprintln!("SKIPPED: the tests are run by an ordinary user already");
        return;
    }
    let folder = tempfile::Builder::new()
        .prefix("sandbox-test-")
        .tempdir()
        .unwrap();
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(folder.path(), open).unwrap();
    let test = folder.path().join("test");
    std::fs::copy(std::env::current_exe().unwrap(), &test).unwrap();
    std::fs::copy(helper(), folder.path().join("sandbox-helper")).unwrap();
    std::fs::copy(hostile(), folder.path().join("sandbox-hostile")).unwrap();
    let status = std::process::Command::new(test)
        .args(["--skip", "an_ordinary_user_gets_the_same", "--nocapture"])
        .env(FOLDER, folder.path())
        .current_dir("/")
        .uid(54_321)
        .gid(54_321)
        .status()
        .unwrap();
    assert!(status.success(), "as user 54321: {status}");
}
