//! What is measured, held against known amounts of work: CPU time within 2% or 2 ms, peak memory within 2% or 1 MiB.
#![cfg(target_os = "linux")]

use std::path::PathBuf;
use std::time::Duration;

use sandbox::{
    Command, Ended, Limits, MemoryScope, Mount, Outcome, Sandbox, Settings, Slot, Streams, Tier,
};

fn slots() -> Vec<(Tier, Slot)> {
    let settings = Settings {
        helper: PathBuf::from(env!("CARGO_BIN_EXE_sandbox-helper")),
        allow_unsafe: false,
    };
    let Some(best) = Sandbox::probe(&settings).tier else {
        eprintln!("SKIPPED: no tier works here");
        return Vec::new();
    };
    let mut tiers = vec![best, Tier::Namespaces];
    tiers.dedup();
    tiers
        .into_iter()
        .map(|tier| {
            (
                tier,
                Sandbox::with_tier(settings.clone(), tier)
                    .slot(None)
                    .unwrap(),
            )
        })
        .collect()
}

fn run(slot: &mut Slot, words: &str) -> Outcome {
    let target = PathBuf::from("/program/hostile");
    let command = Command {
        program: target.clone(),
        arguments: words.split(' ').map(Into::into).collect(),
        mounts: vec![Mount {
            source: env!("CARGO_BIN_EXE_sandbox-hostile").into(),
            target,
        }],
        ..Command::default()
    };
    let limits = Limits {
        cpu: Duration::from_secs(10),
        wall: Duration::from_secs(60),
        ..Limits::default()
    };
    let outcome = slot.run(&command, &limits, Streams::default()).unwrap();
    assert_eq!(outcome.ended, Ended::ByItself, "{words}: {outcome:?}");
    outcome
}

#[test]
fn cpu_time_is_that_of_all_processes_together() {
    for (tier, mut slot) in slots() {
        for (words, least) in [
            ("use-cpu 50", 50),
            ("use-cpu 300", 300),
            ("use-cpu-in-children 4 100", 400),
        ] {
            let outcome = run(&mut slot, words);
            // What the program itself was told by the kernel just before its end.
            let told = std::str::from_utf8(&outcome.output)
                .unwrap()
                .trim()
                .parse()
                .unwrap();
            let told = Duration::from_micros(told);
            assert!(
                told >= Duration::from_millis(least),
                "tier {tier}: {words}: {told:?}"
            );
            let allowed = (told / 50).max(Duration::from_millis(2));
            assert!(
                outcome.cpu.abs_diff(told) <= allowed,
                "tier {tier}: {words}: {:?}, not {told:?}",
                outcome.cpu
            );
        }
    }
}

#[test]
fn children_that_nobody_waits_for_are_counted_where_there_is_a_cgroup() {
    for (tier, mut slot) in slots() {
        if !tier.has_cgroup() {
            continue;
        }
        let empty = run(&mut slot, "use-cpu 0").cpu;
        let measured = run(&mut slot, "use-cpu-in-forgotten-children 4 100")
            .cpu
            .saturating_sub(empty);
        // Each child starts and ends too, and nobody else counts that.
        assert!(
            measured.abs_diff(Duration::from_millis(400)) <= Duration::from_millis(40),
            "tier {tier}: {measured:?}"
        );
    }
}

#[test]
fn peak_memory_is_what_was_touched() {
    for (tier, mut slot) in slots() {
        let peak = |slot: &mut Slot, words: &str| {
            let outcome = run(slot, words);
            let scope = if tier.has_cgroup() {
                MemoryScope::Run
            } else {
                MemoryScope::PerProcess
            };
            assert_eq!(outcome.memory_scope, scope);
            outcome.peak_memory.unwrap()
        };
        // The first run reads the program's file into memory.
        peak(&mut slot, "use-memory 0");
        let empty = peak(&mut slot, "use-memory 0");
        for amount in [8, 100, 300_u64] {
            let measured = peak(&mut slot, &format!("use-memory {amount}")) - empty;
            let expected = amount << 20;
            let allowed = (expected / 50).max(1 << 20);
            assert!(
                measured.abs_diff(expected) <= allowed,
                "tier {tier}: {amount} MiB: {measured} more than {empty}"
            );
        }
        if tier.has_cgroup() {
            let measured = peak(&mut slot, "memory-in-children 3 50") - empty;
            assert!(
                measured.abs_diff(150 << 20) <= 3 << 20,
                "tier {tier}: three times 50 MiB: {measured}"
            );
        }
        let after = peak(&mut slot, "use-memory 0");
        assert!(
            after.abs_diff(empty) <= 1 << 20,
            "tier {tier}: {after} after large runs, {empty} before"
        );
    }
}
