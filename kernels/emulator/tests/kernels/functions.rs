//! Calls, and what kernels print.

use crate::case::{Case, random};
use crate::common::{Bench, settings};
use ptx_emulator::Launch;

const CALLS: &str = include_str!("calls.ptx");

#[test]
fn virtual_functions_are_those_of_each_lanes_object() {
    let outcome = Case::new(CALLS, "shapes", 1, 40).blank(160).run();
    let area = |t: u32| (if t.is_multiple_of(2) { 1.0 } else { 3.0 }) * (t * t) as f32;
    let expected: Vec<f32> = (0..40).map(area).collect();
    assert_eq!(outcome.array::<f32>(0), expected);
}

#[test]
fn tables_of_functions_are_called_through() {
    let outcome = Case::new(CALLS, "pointers", 2, 40).blank(160).run();
    let value = |t: i32| match t % 3 {
        0 => t + 7,
        1 => t - 7,
        _ => t * 7,
    };
    let expected: Vec<i32> = (0..40).map(value).collect();
    assert_eq!(outcome.array::<i32>(0), expected);
}

#[test]
fn functions_recurse_twice_over() {
    let numbers: Vec<i32> = random(33 * 16, 23)
        .into_iter()
        .map(|x| x as i32 % 100)
        .collect();
    let outcome = Case::new(CALLS, "recursion", 1, 33)
        .blank(33 * 4)
        .buffer(&numbers)
        .run();
    fn ackermann(m: i32, n: i32) -> i32 {
        match (m, n) {
            (0, n) => n + 1,
            (m, 0) => ackermann(m - 1, 1),
            (m, n) => ackermann(m - 1, ackermann(m, n - 1)),
        }
    }
    let expected: Vec<i32> = (0..33).map(|t| ackermann(t % 3, t / 3 % 4)).collect();
    assert_eq!(outcome.array::<i32>(0), expected);
    let mut sorted = numbers;
    sorted.chunks_mut(16).for_each(<[i32]>::sort_unstable);
    assert_eq!(outcome.array::<i32>(1), sorted);
}

#[test]
fn kernels_print_by_blocks() {
    let outcome = Case::new(include_str!("printing.ptx"), "print", 2, 32)
        .value(255_i32)
        .value(1.25_f32)
        .buffer(b"name\0")
        .run();
    let line = |block: u32, thread: u32| {
        let x = 1.25 * f64::from(thread);
        let letter = if thread == 0 { 'a' } else { 'b' };
        format!(
            "block {block} thread {thread}: name {x:5.2} {} {letter} 0x000000ff %\n",
            255_i64 << 32
        )
    };
    let expected = [line(0, 0), line(0, 1), line(1, 0), line(1, 1)].concat();
    assert_eq!(outcome.report.printed, expected);
}

#[test]
fn variables_keep_their_values_from_launch_to_launch() {
    let mut bench = Bench::new(include_str!("lookback.ptx"), settings(true));
    let numbers = bench.buffer(&[1_u32; 256], "numbers");
    let result = bench.blank(1024, "result");
    for tickets in [2_u32, 4] {
        let tiles = bench.buffer(&[0_u32; 12], "tiles");
        if tickets == 4 {
            let loaded = bench.loaded;
            let (ticket, bytes) = bench.device.symbol(loaded, "ticket").expect("it is there");
            assert_eq!((bytes, bench.read::<u32>(ticket, 1)), (4, vec![2]));
            bench
                .device
                .set_symbol(loaded, "ticket", &[0; 4])
                .expect("it is there");
        }
        let arguments = [numbers.into(), result.into(), 256_i32.into(), tiles.into()];
        bench
            .launch("lookback", Launch::linear(2, 128), &arguments)
            .expect("it runs");
        let expected: Vec<u32> = (1..=256).collect();
        assert_eq!(bench.read::<u32>(result, 256), expected);
    }
}
