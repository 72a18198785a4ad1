//! Races: two threads, one place, and nothing that orders them.

use crate::wrong::{bench, fault};
use ptx_emulator::{FaultKind, Launch};

#[test]
fn a_read_without_a_barrier_names_both_sides() {
    let mut bench = bench();
    let out = bench.blank(256, "out");
    let launch = Launch::linear(1, 64);
    // The first warp reads before the second wrote at all.
    let kind = FaultKind::Uninitialised;
    fault(&mut bench, "write_read", launch, &[out.into()], kind);
}

#[test]
fn a_write_over_what_others_still_read_names_both_sides() {
    let mut bench = bench();
    let out = bench.blank(256, "out");
    let input = bench.buffer(&[3; 64], "in");
    let launch = Launch::linear(1, 64);
    let kind = FaultKind::SharedRace;
    let arguments = [out.into(), 3.into()];
    let read = fault(&mut bench, "read_write", launch, &arguments, kind);
    let other = read.other.expect("there are two sides");
    assert!(other.is_write);
    assert_eq!(other.line.line, read.line.line + 1);
    assert_eq!(
        (other.thread, read.thread),
        (Some([0; 3]), Some([32, 0, 0]))
    );
    let arguments = [input.into(), out.into()];
    fault(&mut bench, "write_after_read", launch, &arguments, kind);
}

#[test]
fn warps_that_write_different_values_race() {
    let mut bench = bench();
    let out = bench.blank(256, "out");
    let launch = Launch::linear(1, 64);
    let fault = fault(
        &mut bench,
        "write_write",
        launch,
        &[out.into()],
        FaultKind::SharedRace,
    );
    let other = fault.other.expect("there are two sides");
    assert!(other.is_write);
    assert_eq!(other.line, fault.line);
}

#[test]
fn lanes_of_a_warp_race_without_their_barrier() {
    let mut bench = bench();
    let out = bench.blank(128, "out");
    let launch = Launch::linear(1, 32);
    let fault = fault(
        &mut bench,
        "inside_warp",
        launch,
        &[out.into()],
        FaultKind::SharedRace,
    );
    assert_eq!(fault.thread, Some([0; 3]));
    let other = fault.other.expect("there are two sides");
    assert_eq!((other.thread, other.is_write), (Some([31, 0, 0]), true));
    assert_eq!(other.line.line + 1, fault.line.line);
}

#[test]
fn blocks_that_write_different_values_race() {
    let mut bench = bench();
    let out = bench.blank(4, "out");
    let launch = Launch::linear(3, 1);
    let fault = fault(
        &mut bench,
        "between_blocks",
        launch,
        &[out.into()],
        FaultKind::GlobalRace,
    );
    assert_eq!(fault.block, [1, 0, 0]);
    let other = fault.other.expect("there are two sides");
    assert_eq!((other.block, other.is_write), ([0; 3], true));
}

#[test]
fn blocks_that_read_what_others_write_race() {
    let mut bench = bench();
    let numbers = bench.buffer(&[0; 65], "numbers");
    let launch = Launch::linear(2, 32);
    let fault = fault(
        &mut bench,
        "read_between_blocks",
        launch,
        &[numbers.into()],
        FaultKind::GlobalRace,
    );
    assert_eq!((fault.block, fault.thread), ([1, 0, 0], Some([0; 3])));
    let other = fault.other.expect("there are two sides");
    assert_eq!(
        (other.block, other.thread, other.is_write),
        ([0; 3], Some([31, 0, 0]), false)
    );
}

#[test]
fn a_copy_that_nobody_waited_for_is_not_read() {
    let mut bench = bench();
    let (input, out) = (bench.buffer(&[7; 64], "in"), bench.blank(256, "out"));
    let arguments = [input.into(), out.into()];
    let launch = Launch::linear(1, 32);
    fault(
        &mut bench,
        "no_wait",
        launch,
        &arguments,
        FaultKind::PendingCopy,
    );
}

#[test]
fn who_waits_knows_of_his_own_copies_alone() {
    let mut bench = bench();
    let (input, out) = (bench.buffer(&[7; 64], "in"), bench.blank(256, "out"));
    let arguments = [input.into(), out.into()];
    // The second warp has not even begun.
    let launch = Launch::linear(1, 64);
    let kind = FaultKind::Uninitialised;
    fault(
        &mut bench,
        "no_barrier_after_wait",
        launch,
        &arguments,
        kind,
    );
}
