//! How steady measured CPU time is, and whether two slots are twice as fast as one.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use sandbox::{Command, Ended, Limits, Mount, Sandbox, Slot, Streams};

use crate::goal;

const HOSTILE: &str = env!("CARGO_BIN_EXE_sandbox-hostile");

pub(crate) fn all(sandbox: &Sandbox, rounds: usize) {
    steadiness(sandbox, rounds.min(100));
    side_by_side(sandbox, rounds.min(5));
}

/// A fixed number of steps, about 100 ms.
const STEPS: &str = "work 100000000";

fn work(slot: &mut Slot) -> Duration {
    let target = PathBuf::from("/program/hostile");
    let command = Command {
        program: target.clone(),
        arguments: STEPS.split(' ').map(Into::into).collect(),
        mounts: vec![Mount {
            source: HOSTILE.into(),
            target,
        }],
        ..Command::default()
    };
    let limits = Limits {
        cpu: Duration::from_secs(60),
        wall: Duration::from_secs(600),
        ..Limits::default()
    };
    let outcome = slot.run(&command, &limits, Streams::default()).unwrap();
    assert_eq!(outcome.ended, Ended::ByItself);
    outcome.cpu
}

fn work_often(slot: &mut Slot) {
    for _ in 0..8 {
        work(slot);
    }
}

fn steadiness(sandbox: &Sandbox, rounds: usize) {
    let mut slot = sandbox.slot(Some(0)).unwrap();
    let mut times: Vec<f64> = (0..rounds)
        .map(|_| work(&mut slot).as_secs_f64() * 1e3)
        .collect();
    let middle = median(&mut times);
    let mut deviations: Vec<f64> = times.iter().map(|time| (time - middle).abs()).collect();
    let deviation = median(&mut deviations);
    println!(
        "\nCPU time of a fixed loop, {rounds} runs: median {middle:.2} ms, median absolute deviation {:.2}%",
        100.0 * deviation / middle
    );
    goal::at_most("deviation, percent", 100.0 * deviation / middle, 1.0);
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The speed-up of two slots over one, beside that of two plain processes, on the same two CPUs.
fn side_by_side(sandbox: &Sandbox, rounds: usize) {
    if std::thread::available_parallelism().map_or(1, usize::from) < 2 {
        println!("SKIPPED: two slots side by side need two CPUs");
        return;
    }
    let (mut first, mut second) = (
        sandbox.slot(Some(0)).unwrap(),
        sandbox.slot(Some(1)).unwrap(),
    );
    let plain = |cpu: &str| {
        let mut command = std::process::Command::new("taskset");
        command.args(["-c", cpu, HOSTILE]).args(STEPS.split(' '));
        for _ in 0..8 {
            assert!(command.status().unwrap().success());
        }
    };
    let timed = |run: &mut dyn FnMut()| {
        let begun = Instant::now();
        run();
        begun.elapsed().as_secs_f64()
    };
    let (mut plain_speedups, mut slot_speedups) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let alone = timed(&mut || plain("0"));
        let both = timed(&mut || {
            std::thread::scope(|scope| {
                scope.spawn(|| plain("0"));
                scope.spawn(|| plain("1"));
            });
        });
        plain_speedups.push(2.0 * alone / both);
        let alone = timed(&mut || work_often(&mut first));
        let both = timed(&mut || {
            std::thread::scope(|scope| {
                scope.spawn(|| work_often(&mut first));
                scope.spawn(|| work_often(&mut second));
            });
        });
        slot_speedups.push(2.0 * alone / both);
    }
    let (plain, slots) = (median(&mut plain_speedups), median(&mut slot_speedups));
    println!(
        "two busy loops at once: plain processes {plain:.2} times as fast as one, slots {slots:.2} times; ratio {:.2}",
        slots / plain
    );
    goal::at_least("two slots over two plain processes", slots / plain, 0.9);
}
