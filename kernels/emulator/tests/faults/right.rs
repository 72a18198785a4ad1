//! Kernels that look like mistakes and are none.

use crate::common::{Bench, settings};
use ptx_emulator::{Argument, Launch};

fn bench() -> Bench {
    Bench::new(include_str!("right.ptx"), settings(true))
}

fn run(bench: &mut Bench, kernel: &str, launch: Launch, arguments: &[Argument]) {
    if let Err(error) = bench.launch(kernel, launch, arguments) {
        panic!("{kernel}: {error}");
    }
}

#[test]
fn equal_values_written_by_many_are_no_race() {
    let mut bench = bench();
    let out = bench.blank(260, "out");
    run(
        &mut bench,
        "same_value",
        Launch::linear(1, 64),
        &[out.into()],
    );
    assert_eq!(bench.read::<i32>(out, 65), [vec![1; 64], vec![5]].concat());
}

#[test]
fn warps_order_themselves() {
    let mut bench = bench();
    let out = bench.blank(16, "out");
    run(
        &mut bench,
        "warp_by_warp",
        Launch::linear(1, 128),
        &[out.into()],
    );
    assert_eq!(bench.read::<i32>(out, 4), [496, 1520, 2544, 3568]);
}

#[test]
fn the_last_block_sees_what_the_others_left() {
    for kernel in ["last_block", "last_block_together"] {
        let mut bench = bench();
        let input = bench.buffer(&[2; 192], "in");
        let (partial, out) = (bench.blank(4 * 192, "partial"), bench.blank(128, "out"));
        let arguments = [input.into(), partial.into(), out.into()];
        run(&mut bench, kernel, Launch::linear(6, 32), &arguments);
        let expected = if kernel == "last_block" { 384 } else { 18 };
        assert_eq!(bench.read::<i32>(out, 1), [expected]);
    }
}

#[test]
fn named_barriers_order_producers_and_consumers() {
    let mut bench = bench();
    let numbers: Vec<i32> = (0..128).collect();
    let (input, out) = (bench.buffer(&numbers, "in"), bench.blank(128, "out"));
    run(
        &mut bench,
        "producers",
        Launch::linear(1, 64),
        &[input.into(), out.into()],
    );
    let sum = |lane: i32| (0..4).map(|round| round * 32 + 31 - lane).sum();
    let expected: Vec<i32> = (0..32).map(sum).collect();
    assert_eq!(bench.read::<i32>(out, 32), expected);
}

#[test]
fn locks_order_blocks() {
    let mut bench = bench();
    let (mutex, value) = (bench.buffer(&[0], "mutex"), bench.buffer(&[0], "value"));
    run(
        &mut bench,
        "lock",
        Launch::linear(9, 32),
        &[mutex.into(), value.into()],
    );
    assert_eq!(bench.read::<i32>(value, 1), [9]);
}

#[test]
fn threads_may_leave_before_a_barrier() {
    for n in [40, 50, 64] {
        let mut bench = bench();
        let out = bench.blank(256, "out");
        run(
            &mut bench,
            "early_exit",
            Launch::linear(1, 64),
            &[out.into(), n.into()],
        );
        let expected: Vec<i32> = (0..n).rev().collect();
        assert_eq!(bench.read::<i32>(out, n as usize), expected);
    }
}

#[test]
fn threads_that_leave_may_work_before() {
    let mut bench = bench();
    let out = bench.blank(3 * 256, "out");
    let arguments = [out.into(), 40.into()];
    let launch = Launch::linear(1, 64);
    run(&mut bench, "early_exit_with_work", launch, &arguments);
    assert_eq!(bench.read::<i32>(out, 1), [39]);
}

#[test]
fn blocks_read_all_and_then_write_their_own() {
    let mut bench = bench();
    let numbers = bench.buffer(&[1; 5], "numbers");
    let arrived = bench.buffer(&[0], "arrived");
    let arguments = [numbers.into(), arrived.into(), 5.into(), 3.into()];
    let launch = Launch::linear(5, 64);
    run(&mut bench, "everybody_reads", launch, &arguments);
    assert_eq!(bench.read::<i32>(numbers, 5), [125; 5]);
}

#[test]
fn flags_hand_data_from_block_to_block() {
    let mut bench = bench();
    let (flags, data) = (bench.buffer(&[0; 7], "flags"), bench.blank(28, "data"));
    run(
        &mut bench,
        "neighbours_flag",
        Launch::linear(7, 32),
        &[flags.into(), data.into()],
    );
    assert_eq!(bench.read::<i32>(data, 7), [1, 2, 3, 4, 5, 6, 7]);
}

#[test]
fn neighbouring_bytes_are_places_of_their_own() {
    let mut bench = bench();
    let out = bench.blank(128, "out");
    run(
        &mut bench,
        "bytes_side_by_side",
        Launch::linear(2, 64),
        &[out.into()],
    );
    assert_eq!(bench.read::<u8>(out, 2), [63, 62]);
}

#[test]
fn structures_with_gaps_are_copied() {
    let mut bench = bench();
    let (pairs, copies) = (bench.blank(256, "pairs"), bench.blank(256, "copies"));
    run(
        &mut bench,
        "padded_structs",
        Launch::linear(1, 32),
        &[pairs.into(), copies.into()],
    );
    assert_eq!(bench.read::<i32>(copies.offset(8 * 31 + 4), 1), [62]);
}
