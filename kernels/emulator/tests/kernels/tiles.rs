//! Groups of a warp, copies that go on by themselves, and barriers in shared memory.

use crate::case::{Case, fractions, random};

const ARRIVALS: &str = include_str!("arrivals.ptx");

#[test]
fn tiles_of_a_warp_work_side_by_side() {
    let numbers: Vec<i32> = random(64, 10)
        .into_iter()
        .map(|x| (x % 1000) as i32)
        .collect();
    let outcome = Case::new(include_str!("tiles.ptx"), "tiles", 1, 64)
        .buffer(&numbers)
        .blank(32)
        .buffer(&[0_i32])
        .run();
    let sums: Vec<i32> = numbers.chunks(8).map(|tile| tile.iter().sum()).collect();
    let odd = numbers.iter().filter(|x| **x % 2 != 0).count();
    assert_eq!(outcome.array::<i32>(1), sums);
    assert_eq!(outcome.array::<i32>(2), [odd as i32]);
}

#[test]
fn tiles_arrive_while_others_are_added_up() {
    let numbers = fractions(2 * 5 * 256, 11);
    let outcome = Case::new(include_str!("double_buffer.ptx"), "add_tiles", 2, 64)
        .buffer(&numbers)
        .blank(2 * 64 * 4)
        .value(5_i32)
        .run();
    let expected: Vec<f32> = (0..128)
        .map(|i| {
            let (block, thread) = (i / 64, i % 64);
            (0..5).fold(0.0, |sum, tile| {
                let at = (block * 5 + tile) * 256 + (63 - thread) * 4;
                let of = &numbers[at..at + 4];
                sum + (of[0] + of[1] + of[2] + of[3])
            })
        })
        .collect();
    assert_eq!(outcome.array::<f32>(1), expected);
}

#[test]
fn warps_hand_values_round_at_a_barrier_in_memory() {
    let numbers: Vec<i32> = random(64, 12)
        .into_iter()
        .map(|x| (x % 1000) as i32)
        .collect();
    let outcome = Case::new(ARRIVALS, "hand_round", 1, 64)
        .buffer(&numbers)
        .blank(256)
        .run();
    let mut values = numbers;
    for _ in 0..3 {
        let room = values.clone();
        for (t, value) in values.iter_mut().enumerate() {
            *value += room[(t + 33) % 64];
        }
    }
    assert_eq!(outcome.array::<i32>(1), values);
}

#[test]
fn copies_arrive_at_a_barrier_of_the_standard_library() {
    let numbers: Vec<u32> = random(64, 13);
    let outcome = Case::new(ARRIVALS, "copies", 1, 64)
        .buffer(&numbers)
        .blank(256)
        .run();
    let expected: Vec<u32> = numbers.iter().rev().copied().collect();
    assert_eq!(outcome.array::<u32>(1), expected);
}

#[test]
fn a_pipeline_of_the_standard_library_keeps_two_stages_apart() {
    let numbers: Vec<i32> = random(64 * 4, 14)
        .into_iter()
        .map(|x| (x % 1000) as i32)
        .collect();
    let outcome = Case::new(ARRIVALS, "pipeline", 1, 64)
        .buffer(&numbers)
        .blank(256)
        .value(4_i32)
        .run();
    let sum = |t: usize| (0..4).map(|tile| numbers[tile * 64 + (t ^ 32)]).sum();
    let expected: Vec<i32> = (0..64).map(sum).collect();
    assert_eq!(outcome.array::<i32>(1), expected);
}
