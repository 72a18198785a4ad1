//! Calls, assertions, traps, and lanes that do not take part.

use crate::wrong::{bench, fault};
use ptx_emulator::{FaultKind, Launch};

#[test]
fn a_recursion_without_end_overflows_the_stack() {
    let mut bench = bench();
    let out = bench.buffer(&[0; 32], "out");
    let launch = Launch::linear(1, 32);
    fault(
        &mut bench,
        "too_deep",
        launch,
        &[out.into()],
        FaultKind::StackOverflow,
    );
}

#[test]
fn a_pointer_that_is_no_functions_is_not_called() {
    let mut bench = bench();
    let (pointers, out) = (
        bench.buffer(&[0x1234_u64; 32], "pointers"),
        bench.blank(128, "out"),
    );
    let arguments = [pointers.into(), out.into()];
    let launch = Launch::linear(1, 32);
    let fault = fault(
        &mut bench,
        "bad_call",
        launch,
        &arguments,
        FaultKind::BadCall,
    );
    assert!(fault.detail.contains("0x1234"), "{fault}");
}

#[test]
fn an_assertion_that_fails_is_quoted() {
    let mut bench = bench();
    let numbers: Vec<i32> = (0..32).collect();
    let input = bench.buffer(&numbers, "in");
    let launch = Launch::linear(1, 32);
    let fault = fault(
        &mut bench,
        "asserts",
        launch,
        &[input.into()],
        FaultKind::AssertionFailed,
    );
    assert_eq!(fault.thread, Some([20, 0, 0]));
    assert!(fault.detail.contains("in[threadIdx.x] < 20"), "{fault}");
}

#[test]
fn a_trap_is_told_with_its_thread() {
    let mut bench = bench();
    let out = bench.blank(512, "out");
    let launch = Launch::linear(4, 32);
    let fault = fault(&mut bench, "traps", launch, &[out.into()], FaultKind::Trap);
    assert_eq!((fault.block, fault.thread), ([2, 0, 0], Some([7, 0, 0])));
}

#[test]
fn a_shuffle_does_not_read_a_lane_that_is_elsewhere() {
    let mut bench = bench();
    let out = bench.blank(128, "out");
    let launch = Launch::linear(1, 32);
    let kind = FaultKind::BadWarpInstruction;
    let fault = fault(&mut bench, "absent_lane", launch, &[out.into()], kind);
    assert!(fault.detail.contains("lane 20"), "{fault}");
}

#[test]
fn a_lane_stands_in_its_own_mask() {
    let mut bench = bench();
    let out = bench.blank(128, "out");
    let launch = Launch::linear(1, 32);
    let kind = FaultKind::BadWarpInstruction;
    let fault = fault(&mut bench, "not_a_member", launch, &[out.into()], kind);
    assert_eq!(fault.thread, Some([16, 0, 0]));
}

#[test]
fn faults_are_told_in_one_line() {
    let mut bench = bench();
    let out = bench.blank(512, "out");
    let launch = Launch::linear(4, 32);
    let fault = fault(&mut bench, "traps", launch, &[out.into()], FaultKind::Trap);
    let line = fault.line.line;
    assert_eq!(
        fault.to_string(),
        format!("wrong.cu:{line}: trap; kernel traps, block 2, thread 7")
    );
}
