//! Two ways to the largest total value that share no step: dynamic programming over every volume, and lists of the
//! choices that no other choice dominates.

use super::{Input, Knapsack, Output};
use crate::Reference;

pub(super) fn both() -> [Reference<Knapsack>; 2] {
    [
        Reference {
            name: "by volume",
            solve: by_volume,
            most: 10_000,
        },
        Reference {
            name: "dominance",
            solve: dominance,
            most: 64,
        },
    ]
}

/// The volume that is worth considering: all items together may have less than the capacity.
fn room(input: &Input) -> usize {
    let all: i64 = input.volumes.iter().map(|&volume| i64::from(volume)).sum();
    input.capacity.min(all) as usize
}

/// The items that fit by themselves, with their place, volume and value.
fn fitting(input: &Input) -> impl DoubleEndedIterator<Item = (usize, usize, i64)> {
    let items = input.volumes.iter().zip(&input.values).enumerate();
    items
        .filter(|(_, (volume, _))| i64::from(**volume) <= input.capacity)
        .map(|(index, (volume, value))| (index, *volume as usize, i64::from(*value)))
}

/// The largest total value, by volume without a choice: from one row of totals to the next, which compilers vectorise.
pub(super) fn largest_total(input: &Input) -> i64 {
    let room = room(input);
    let mut best = vec![0_i64; room + 1];
    let mut next = best.clone();
    for (_, volume, value) in fitting(input) {
        next[..volume].copy_from_slice(&best[..volume]);
        let with = best.iter().zip(&best[volume..]);
        for (next, (before, without)) in next[volume..].iter_mut().zip(with) {
            *next = (*without).max(before + value);
        }
        std::mem::swap(&mut best, &mut next);
    }
    best[room]
}

/// By volume, with a bit for each item and volume that says whether the item is taken there.
fn by_volume(input: &Input) -> Output {
    let room = room(input);
    let words = room / 64 + 1;
    let mut best = vec![0_i64; room + 1];
    let mut taken: Vec<u64> = Vec::new();
    for (_, volume, value) in fitting(input) {
        let row = taken.len();
        taken.resize(row + words, 0);
        for total in (volume..=room).rev() {
            let with = best[total - volume] + value;
            if with > best[total] {
                best[total] = with;
                taken[row + total / 64] |= 1 << (total % 64);
            }
        }
    }
    let mut left = room;
    let mut chosen = Vec::new();
    let rows = taken.chunks(words).collect::<Vec<_>>();
    let items: Vec<_> = fitting(input).collect();
    for ((index, volume, _), row) in items.into_iter().zip(rows).rev() {
        if row[left / 64] >> (left % 64) & 1 == 1 {
            left -= volume;
            chosen.push(index as u32);
        }
    }
    Output {
        total: best[room],
        chosen: Some(chosen),
    }
}

/// After each item, all pairs of volume and value that some choice has and that no other choice beats in one without
/// losing in the other (Nemhauser and Ullmann, *Discrete Dynamic Programming and Capital Allocation*, 1969).
fn dominance(input: &Input) -> Output {
    let mut list: Vec<(i64, i64)> = vec![(0, 0)];
    for (&volume, &value) in input.volumes.iter().zip(&input.values) {
        let (volume, value) = (i64::from(volume), i64::from(value));
        let with = list.iter().map(|(v, w)| (v + volume, w + value));
        let mut all: Vec<(i64, i64)> = list
            .iter()
            .copied()
            .chain(with.filter(|(volume, _)| *volume <= input.capacity))
            .collect();
        // Two ascending runs, which the stable sort merges; of equal volumes the greatest value stands first.
        all.sort_by_key(|(volume, value)| (*volume, std::cmp::Reverse(*value)));
        let mut most = -1;
        all.retain(|(_, value)| {
            let is_better = *value > most;
            most = most.max(*value);
            is_better
        });
        list = all;
    }
    let total = list.last().map_or(0, |(_, value)| *value);
    Output {
        total,
        chosen: None,
    }
}
