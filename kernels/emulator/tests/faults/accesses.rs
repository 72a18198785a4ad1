//! Accesses that must not be.

use crate::common::{Bench, settings};
use crate::wrong::{bench, fault};
use ptx_emulator::{DeviceError, FaultKind, Launch};

#[test]
fn a_load_outside_of_its_array_names_the_array() {
    let mut bench = bench();
    let (input, out) = (bench.buffer(&[1; 40], "numbers"), bench.blank(128, "out"));
    let arguments = [input.into(), out.into(), 10.into()];
    let launch = Launch::linear(1, 32);
    let fault = fault(
        &mut bench,
        "load_beyond",
        launch,
        &arguments,
        FaultKind::OutOfBounds,
    );
    // Thread 30 is the first to look at element 40.
    assert_eq!((fault.block, fault.thread), ([0; 3], Some([30, 0, 0])));
    assert_eq!(fault.access, Some((input.0 + 160, 4)));
    assert!(
        fault.detail.contains("numbers of 160 bytes, at byte 160"),
        "{fault}"
    );
}

#[test]
fn a_store_one_past_the_end_is_found_in_its_block() {
    let mut bench = bench();
    let out = bench.blank(4 * 40, "out");
    let arguments = [out.into(), 40.into()];
    let launch = Launch::linear(2, 32);
    let fault = fault(
        &mut bench,
        "store_beyond",
        launch,
        &arguments,
        FaultKind::OutOfBounds,
    );
    assert_eq!((fault.block, fault.thread), ([1, 0, 0], Some([8, 0, 0])));
}

#[test]
fn a_store_before_the_first_element_is_found() {
    let mut bench = bench();
    let out = bench.blank(128, "out");
    let launch = Launch::linear(1, 32);
    let fault = fault(
        &mut bench,
        "store_before",
        launch,
        &[out.into()],
        FaultKind::OutOfBounds,
    );
    assert_eq!(fault.thread, Some([0; 3]));
    assert!(
        fault.detail.contains("out of 128 bytes, at byte -4"),
        "{fault}"
    );
}

#[test]
fn an_atomic_outside_is_found() {
    let mut bench = bench();
    let out = bench.buffer(&[0; 32], "out");
    let arguments = [out.into(), 5.into()];
    let launch = Launch::linear(1, 32);
    let fault = fault(
        &mut bench,
        "atomic_beyond",
        launch,
        &arguments,
        FaultKind::OutOfBounds,
    );
    assert_eq!(fault.thread, Some([7, 0, 0]));
    assert!(fault.detail.starts_with("atomic of 4 bytes"), "{fault}");
}

#[test]
fn a_load_from_nowhere_is_found() {
    let mut bench = bench();
    let out = bench.blank(4, "out");
    let arguments = [0_u64.into(), out.into()];
    let launch = Launch::linear(1, 32);
    let fault = fault(
        &mut bench,
        "null_load",
        launch,
        &arguments,
        FaultKind::OutOfBounds,
    );
    assert_eq!(
        (fault.thread, fault.access),
        (Some([5, 0, 0]), Some((0, 4)))
    );
}

#[test]
fn shared_memory_ends_where_the_launch_says() {
    let mut bench = bench();
    let out = bench.blank(128, "out");
    let launch = Launch {
        shared_bytes: 100,
        ..Launch::linear(1, 32)
    };
    let fault = fault(
        &mut bench,
        "shared_beyond",
        launch,
        &[out.into()],
        FaultKind::OutOfBounds,
    );
    assert_eq!(fault.thread, Some([25, 0, 0]));
}

#[test]
fn crooked_addresses_are_found_by_their_width() {
    let mut bench = bench();
    let (input, out) = (bench.buffer(&[0; 64], "in"), bench.blank(128, "out"));
    let arguments = [input.into(), out.into()];
    let launch = Launch::linear(1, 32);
    let narrow = fault(
        &mut bench,
        "misaligned",
        launch,
        &arguments,
        FaultKind::Misaligned,
    );
    assert_eq!(narrow.access, Some((input.0 + 2, 4)));
    let wide = fault(
        &mut bench,
        "misaligned_vector",
        launch,
        &arguments,
        FaultKind::Misaligned,
    );
    assert_eq!(wide.access, Some((input.0 + 4, 16)));
}

#[test]
fn freed_and_protected_memory_is_told_apart() {
    let mut bench = bench();
    let (input, out) = (bench.buffer(&[0; 32], "in"), bench.blank(128, "out"));
    let launch = Launch::linear(1, 32);
    bench.device.protect(input).expect("it is there");
    fault(
        &mut bench,
        "read_only",
        launch,
        &[input.into()],
        FaultKind::ReadOnly,
    );
    bench.device.free(input).expect("it is there");
    let arguments = [input.into(), out.into()];
    fault(
        &mut bench,
        "freed",
        launch,
        &arguments,
        FaultKind::UseAfterFree,
    );
}

#[test]
fn what_nobody_wrote_is_not_read() {
    let mut bench = bench();
    let (input, out) = (bench.blank(128, "in"), bench.blank(256, "out"));
    bench.device.write(input, &[0; 44]).expect("it fits");
    let arguments = [input.into(), out.into()];
    let launch = Launch::linear(1, 32);
    let global = fault(
        &mut bench,
        "unwritten_global",
        launch,
        &arguments,
        FaultKind::Uninitialised,
    );
    assert_eq!(global.thread, Some([11, 0, 0]));
    let launch = Launch::linear(1, 64);
    let shared = fault(
        &mut bench,
        "unwritten_shared",
        launch,
        &[out.into()],
        FaultKind::Uninitialised,
    );
    assert_eq!(shared.thread, Some([63, 0, 0]));
    let places: Vec<i32> = (0..16).collect();
    let places = bench.buffer(&places, "places");
    let arguments = [places.into(), out.into()];
    let launch = Launch::linear(1, 16);
    let local = fault(
        &mut bench,
        "unwritten_local",
        launch,
        &arguments,
        FaultKind::Uninitialised,
    );
    assert_eq!(local.thread, Some([8, 0, 0]));
}

/// Volatile loads: 4 bytes of a buffer, and 8 of shared memory of which the first 4 were written.
const VOLATILE: &str = "
.version 8.0
.target sm_80
.address_size 64
.visible .entry of_global(.param .u64 numbers) {
    .reg .b32 %r<2>;
    .reg .b64 %rd<2>;
    ld.param.u64 %rd1, [numbers];
    ld.volatile.global.u32 %r1, [%rd1+4];
    ret;
}
.visible .entry of_shared(.param .u64 numbers) {
    .reg .b32 %r<2>;
    .reg .b64 %rd<2>;
    .shared .align 8 .b8 room[8];
    mov.u32 %r1, 7;
    st.shared.u32 [room], %r1;
    ld.volatile.shared.u64 %rd1, [room];
    ret;
}
";

#[test]
fn what_nobody_wrote_is_not_read_by_a_volatile_load_either() {
    let mut bench = Bench::new(VOLATILE, settings(true));
    let numbers = bench.blank(8, "numbers");
    let first = [1; 4];
    bench.device.write(numbers, &first).expect("it fits");
    for kernel in ["of_global", "of_shared"] {
        let launch = Launch::linear(1, 1);
        let error = bench.launch(kernel, launch, &[numbers.into()]);
        let Err(DeviceError::Fault(fault)) = error else {
            panic!("{kernel}: nothing was found");
        };
        assert_eq!(fault.kind, FaultKind::Uninitialised, "{fault}");
        assert!(fault.detail.starts_with("load of"), "{fault}");
    }
    bench.device.write(numbers, &[1; 8]).expect("it fits");
    let launch = Launch::linear(1, 1);
    let right = bench.launch("of_global", launch, &[numbers.into()]);
    assert!(right.is_ok(), "all of it was written");
}

#[test]
fn poisoned_memory_counts_as_not_written() {
    let mut bench = bench();
    let (input, out) = (bench.buffer(&[0; 32], "in"), bench.blank(128, "out"));
    bench.device.poison(input, 128, 0xAA).expect("it fits");
    let arguments = [input.into(), out.into()];
    let launch = Launch::linear(1, 32);
    fault(
        &mut bench,
        "unwritten_global",
        launch,
        &arguments,
        FaultKind::Uninitialised,
    );
}
