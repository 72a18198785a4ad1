// judge: expect=AC growth=n*capacity
//! From one row of totals by volume into another: no cell depends on one written in the same pass, which compilers turn
//! into vector instructions. 32-bit totals where they suffice: twice as many to a vector.

use std::ops::Add;

use problems::knapsack::{Input, Output};

/// Dynamic programming by volume between two rows, as far as later items can still matter.
pub(super) fn two_rows(input: &Input, output: &mut Output) {
    let all: i64 = input.values.iter().map(|&value| i64::from(value)).sum();
    output.total = match u32::try_from(all) {
        Ok(_) => largest_total::<u32>(input).into(),
        Err(_) => largest_total::<u64>(input) as i64, // not above the sum of the values
    };
    output.chosen = None;
}

fn largest_total<T: Copy + Default + Ord + Add<Output = T> + From<u32>>(input: &Input) -> T {
    let all: i64 = input.volumes.iter().map(|&volume| i64::from(volume)).sum();
    let room = input.capacity.min(all) as usize;
    let mut best = vec![T::default(); room + 1];
    let mut next = best.clone();
    let mut rest = all as usize;
    for (&volume, &value) in input.volumes.iter().zip(&input.values) {
        let (volume, value) = (volume as usize, T::from(value as u32));
        rest -= volume;
        if volume > room {
            continue;
        }
        // Only totals from which the volumes to come reach the full room are asked for again.
        let from = room.saturating_sub(rest);
        if from < volume {
            next[from..volume].copy_from_slice(&best[from..volume]);
        }
        let from = from.max(volume);
        let with = &best[from - volume..];
        for ((next, &without), &with) in next[from..].iter_mut().zip(&best[from..]).zip(with) {
            *next = without.max(with + value);
        }
        std::mem::swap(&mut best, &mut next);
    }
    best[room]
}
