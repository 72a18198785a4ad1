//! How steady measured CPU time is, and whether two slots are twice as fast as one.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use sandbox::{Command, Ended, Limits, Mount, Sandbox, Slot, Streams};

use crate::{cpu, goal};

const HOSTILE: &str = env!("CARGO_BIN_EXE_sandbox-hostile");

pub(crate) fn all(sandbox: &Sandbox, rounds: usize) {
    steadiness(sandbox, rounds.min(100));
    side_by_side(sandbox, rounds.min(9));
}

/// A fixed number of steps, about 100 ms.
const STEPS: &str = "work 200000000";

/// How often the loop runs before two at once are compared with one.
const TIMES: usize = 4;

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
    for _ in 0..TIMES {
        work(slot);
    }
}

/// The same loop in a slot and in a plain process, in turn: what the machine itself varies shows in both.
fn steadiness(sandbox: &Sandbox, rounds: usize) {
    let mut slot = sandbox.slot(Some(0)).unwrap();
    let (mut in_slot, mut plainly) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        in_slot.push(work(&mut slot).as_secs_f64() * 1e3);
        let before = cpu::here();
        plain("0", 1);
        plainly.push((cpu::here() - before).as_secs_f64() * 1e3);
    }
    println!("\nCPU time of a fixed loop, {rounds} runs of each in turn");
    let plainly = deviation("in a plain process", &mut plainly);
    let in_slot = deviation("in a slot", &mut in_slot);
    goal::at_most("deviation, percent", in_slot, 1.0);
    if in_slot > 1.0 && plainly > 1.0 {
        println!("  the machine itself is not that steady now: see the plain process");
    }
}

/// The median absolute deviation from the median, in percent of it.
fn deviation(what: &str, times: &mut [f64]) -> f64 {
    let middle = median(times);
    let mut deviations: Vec<f64> = times.iter().map(|time| (time - middle).abs()).collect();
    let deviation = 100.0 * median(&mut deviations) / middle;
    println!("  {what}: median {middle:.2} ms, median absolute deviation {deviation:.2}%");
    deviation
}

/// The loop in processes of nobody's, one after the other, on a processor.
fn plain(processor: &str, times: usize) {
    let mut command = std::process::Command::new("taskset");
    command
        .args(["-c", processor, HOSTILE])
        .args(STEPS.split(' '));
    for _ in 0..times {
        assert!(command.status().unwrap().success());
    }
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
    let timed = |run: &mut dyn FnMut()| {
        let begun = Instant::now();
        run();
        begun.elapsed().as_secs_f64()
    };
    let (mut plain_speedups, mut slot_speedups) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let alone = timed(&mut || plain("0", TIMES));
        let both = timed(&mut || {
            std::thread::scope(|scope| {
                scope.spawn(|| plain("0", TIMES));
                scope.spawn(|| plain("1", TIMES));
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
