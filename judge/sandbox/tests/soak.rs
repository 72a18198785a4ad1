//! Many hostile runs over two slots, after which nothing may be there that was not there before.
//!
//! 500 runs by default; `SANDBOX_SOAK_RUNS=10000 cargo test -p sandbox --test soak` for the long one.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sandbox::{Command, Ended, Exit, Input, Limits, Mount, Sandbox, Settings, Streams};

/// Quick ones of the hostile table, and plain ones between them.
const MIX: [&str; 16] = [
    "daemon",
    "exit 0",
    "fork-bomb",
    "orphan-writes-later",
    "kill-everybody",
    "answer-then-flood",
    "exit 7",
    "zombies",
    "use-memory 40",
    "heap-for-ever",
    "signal-self 11",
    "deep-folders",
    "fill-disk",
    "many-threads",
    "close-all",
    "flood-errors",
];

/// What a run could leave behind, as far as it can be seen from here.
#[derive(Debug, PartialEq, Eq)]
struct Traces {
    descriptors: usize,
    children: usize,
    mounts: usize,
    cgroups: Vec<PathBuf>,
    temporary: usize,
}

impl Traces {
    fn now() -> Traces {
        let own = std::process::id();
        let count = |path: &str| fs::read_dir(path).map_or(0, Iterator::count);
        let tasks = fs::read_dir("/proc/self/task").unwrap().flatten();
        let children =
            tasks.map(|task| fs::read_to_string(task.path().join("children")).unwrap_or_default());
        let mut cgroups = Vec::new();
        find_cgroups(
            Path::new("/sys/fs/cgroup"),
            &format!("judge-sandbox-{own}-"),
            6,
            &mut cgroups,
        );
        let temporary = fs::read_dir(std::env::temp_dir()).unwrap().flatten();
        let prefix = format!("judge-unsafe-{own}-");
        Traces {
            descriptors: count("/proc/self/fd"),
            children: children.map(|list| list.split_whitespace().count()).sum(),
            mounts: fs::read_to_string("/proc/self/mountinfo")
                .unwrap()
                .lines()
                .count(),
            cgroups,
            temporary: temporary
                .filter(|entry| entry.file_name().to_string_lossy().starts_with(&prefix))
                .count(),
        }
    }
}

fn find_cgroups(folder: &Path, prefix: &str, depth: u32, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())) {
        if entry.file_name().to_string_lossy().starts_with(prefix) {
            found.push(entry.path());
        } else if depth > 0 {
            find_cgroups(&entry.path(), prefix, depth - 1, found);
        }
    }
}

/// Resident memory of this process in KiB.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

fn soak(sandbox: &Sandbox, runs: usize, shift: usize) {
    let mut slot = sandbox.slot(None).unwrap();
    let target = PathBuf::from("/program/hostile");
    let limits = Limits {
        cpu: Duration::from_millis(30),
        wall: Duration::from_secs(20),
        memory: 64 << 20,
        output: 1 << 18,
        error_output: 1 << 16,
        processes: 16,
        scratch: 4 << 20,
    };
    for number in 0..runs {
        let words = MIX[(number + shift) % MIX.len()];
        let command = Command {
            program: target.clone(),
            arguments: words.split(' ').map(Into::into).collect(),
            mounts: vec![Mount {
                source: env!("CARGO_BIN_EXE_sandbox-hostile").into(),
                target: target.clone(),
            }],
            ..Command::default()
        };
        let input = Input::Bytes(b"some input".as_slice().into());
        let outcome = slot.run(&command, &limits, Streams { input }).unwrap();
        match words {
            "exit 7" => assert_eq!(
                (outcome.ended, outcome.exit),
                (Ended::ByItself, Exit::Code(7)),
                "run {number}"
            ),
            "fork-bomb" => assert_eq!(outcome.ended, Ended::CpuLimit, "run {number}"),
            "answer-then-flood" => assert_ne!(outcome.ended, Ended::ByItself, "run {number}"),
            _ => {}
        }
    }
}

#[test]
fn nothing_stays_behind_after_many_hostile_runs_over_two_slots() {
    let runs = std::env::var("SANDBOX_SOAK_RUNS")
        .map_or(500, |count| count.parse().expect("a number of runs"));
    let settings = Settings {
        helper: PathBuf::from(env!("CARGO_BIN_EXE_sandbox-helper")),
        allow_unsafe: false,
    };
    let sandbox = match Sandbox::new(settings) {
        Ok(sandbox) => sandbox,
        Err(error) => {
            eprintln!("SKIPPED: {error}");
            return;
        }
    };
    // Whatever is made once and kept is made here.
    soak(&sandbox, MIX.len(), 0);
    let (traces, memory) = (Traces::now(), resident());
    assert_eq!(traces.cgroups, Vec::<PathBuf>::new());
    std::thread::scope(|scope| {
        scope.spawn(|| soak(&sandbox, runs / 2, 0));
        scope.spawn(|| soak(&sandbox, runs / 2, 5));
    });
    assert_eq!(
        Traces::now(),
        traces,
        "after {runs} runs on tier {}",
        sandbox.tier()
    );
    let grown = resident().saturating_sub(memory);
    assert!(
        grown < 16 << 10,
        "resident memory grew by {grown} KiB in {runs} runs"
    );
}
