//! Barriers that not all come to, and waiting for what never comes.

use crate::wrong::{bench, fault};
use ptx_emulator::{FaultKind, Launch};

#[test]
fn a_barrier_that_half_a_warp_comes_to_is_divergent() {
    let mut bench = bench();
    let out = bench.blank(128, "out");
    let launch = Launch::linear(1, 32);
    let fault = fault(
        &mut bench,
        "divergent",
        launch,
        &[out.into()],
        FaultKind::DivergentBarrier,
    );
    assert!(
        fault.detail.contains("16 of the warp's 32 threads"),
        "{fault}"
    );
}

#[test]
fn warps_that_come_to_different_barriers_are_divergent() {
    let mut bench = bench();
    let out = bench.blank(256, "out");
    let launch = Launch::linear(1, 64);
    let fault = fault(
        &mut bench,
        "two_barriers",
        launch,
        &[out.into()],
        FaultKind::DivergentBarrier,
    );
    assert_eq!(fault.thread, Some([32, 0, 0]));
}

#[test]
fn a_lane_that_goes_round_once_more_is_divergent() {
    let mut bench = bench();
    let (input, out) = (bench.buffer(&[1; 32], "in"), bench.blank(128, "out"));
    let arguments = [input.into(), out.into(), 2.into()];
    let launch = Launch::linear(1, 32);
    let kind = FaultKind::DivergentBarrier;
    let fault = fault(&mut bench, "one_too_many", launch, &arguments, kind);
    assert_eq!(fault.thread, Some([31, 0, 0]));
}

#[test]
fn a_barrier_that_waits_for_too_many_is_a_deadlock() {
    let mut bench = bench();
    let out = bench.blank(256, "out");
    let launch = Launch::linear(1, 64);
    let fault = fault(
        &mut bench,
        "too_few",
        launch,
        &[out.into()],
        FaultKind::Deadlock,
    );
    assert!(fault.detail.contains("64 threads wait"), "{fault}");
}

#[test]
fn a_flag_that_nobody_sets_is_a_deadlock() {
    let mut bench = bench();
    let flag = bench.buffer(&[0], "flag");
    let launch = Launch::linear(1, 32);
    fault(
        &mut bench,
        "nobody_answers",
        launch,
        &[flag.into()],
        FaultKind::Deadlock,
    );
}

#[test]
fn a_lane_that_never_comes_is_named() {
    let mut bench = bench();
    let out = bench.buffer(&[0; 32], "out");
    let launch = Launch::linear(1, 32);
    fault(
        &mut bench,
        "never_comes",
        launch,
        &[out.into()],
        FaultKind::Deadlock,
    );
}

#[test]
fn a_loop_without_end_is_found_by_its_budget() {
    let mut bench = bench();
    let out = bench.blank(4, "out");
    let launch = Launch::linear(1, 32);
    fault(
        &mut bench,
        "endless",
        launch,
        &[out.into()],
        FaultKind::EndlessLoop,
    );
}
