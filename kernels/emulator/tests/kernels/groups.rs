//! Groups of lanes and messages between blocks, as NVIDIA's headers make them.

use crate::case::{Case, random};

const GROUPS: &str = include_str!("groups.ptx");

#[test]
fn groups_of_every_kind_work_on_their_own_members() {
    let numbers: Vec<i32> = random(64, 24)
        .into_iter()
        .map(|x| (x % 100) as i32)
        .collect();
    let outcome = Case::new(GROUPS, "groups", 1, 64)
        .buffer(&numbers)
        .blank(64 * 32)
        .run();
    let found = outcome.array::<i32>(1);
    for (t, value) in numbers.iter().enumerate() {
        let warp = &numbers[t / 32 * 32..][..32];
        let tile = &numbers[t / 4 * 4..][..4];
        let like = |of: fn(i32) -> i32| -> Vec<i32> {
            let members = warp.iter().filter(|other| of(**other) == of(*value));
            members.copied().collect()
        };
        let expected = [
            warp.iter().sum(),
            *tile.iter().max().expect("a tile has lanes"),
            tile[..=t % 4].iter().sum(),
            warp[..t % 32].iter().sum(),
            like(|x| x % 3).iter().sum(),
            *like(|x| x % 2).last().expect("one is the lane itself"),
            like(|x| x % 5).len() as i32,
            i32::from(tile.iter().any(|x| x % 7 == 0)),
        ];
        assert_eq!(found[8 * t..][..8], expected, "thread {t}");
    }
}

#[test]
fn a_block_copies_together() {
    let numbers = random(96, 25);
    let outcome = Case::new(GROUPS, "block_copy", 1, 96)
        .buffer(&numbers)
        .blank(384)
        .run();
    let expected: Vec<u32> = numbers.iter().rev().copied().collect();
    assert_eq!(outcome.array::<u32>(1), expected);
}

#[test]
fn blocks_acquire_what_others_released() {
    let outcome = Case::new(GROUPS, "messages", 9, 32)
        .buffer(&[1; 9])
        .blank(36)
        .buffer(&[0_i32])
        .run();
    assert_eq!(outcome.array::<i32>(1), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
}
