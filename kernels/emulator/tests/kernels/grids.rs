//! Kernels whose blocks talk to each other.

use crate::case::{Case, random};

#[test]
fn blocks_look_back_at_those_before_them() {
    let n = 128 * 37 - 5;
    let numbers = random(n, 8);
    let outcome = Case::new(include_str!("lookback.ptx"), "lookback", 37, 128)
        .buffer(&numbers)
        .blank(4 * n)
        .value(n as i32)
        .buffer(&[0_u32; 3 * 37])
        .run();
    let expected: Vec<u32> = numbers
        .iter()
        .scan(0_u32, |sum, x| {
            *sum = sum.wrapping_add(*x);
            Some(*sum)
        })
        .collect();
    assert_eq!(outcome.array::<u32>(1), expected);
}

#[test]
fn a_whole_grid_waits_for_itself() {
    let numbers: Vec<i32> = random(2000, 9)
        .into_iter()
        .map(|x| x as i32 % 1000)
        .collect();
    let outcome = Case::new(include_str!("grid_sum.ptx"), "grid_sum", 5, 96)
        .buffer(&numbers)
        .value(2000_i32)
        .blank(20)
        .blank(4)
        .run();
    let expected: i32 = numbers.iter().sum();
    assert_eq!(outcome.array::<i32>(2), [expected]);
    assert_eq!(outcome.array::<i32>(1), [expected; 5]);
}
