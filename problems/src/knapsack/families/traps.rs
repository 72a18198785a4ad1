//! What breaks a solution: ends of the ranges, and inputs on which a plausible mistake shows.

use super::super::{Input, Knapsack};
use super::{every, items, some};
use crate::{At, Family, Random};

pub(super) fn all() -> Vec<Family<Knapsack>> {
    let family = crate::family::<Knapsack>;
    vec![
        family("one_item", "one item, which may fit or not", |at, random| {
            let range = at.integer("range");
            let capacity = at.integer("capacity");
            items(at, random, |random| (random.between(0, 2 * capacity), random.between(0, range)))
        })
        .holds(|_, input| input.volumes.len() == 1)
        .sizes(1, 1),
        family("zero_capacity", "nothing fits into a capacity of 0", ordinary)
            .fixes("capacity", "0")
            .holds(|_, input| input.capacity == 0 && every(input, |volume, _| volume > 0)),
        family(
            "all_too_heavy",
            "every item by itself exceeds the capacity",
            |at, random| {
                let (range, capacity) = (at.integer("range"), at.integer("capacity"));
                items(at, random, |random| {
                    (capacity + random.between(1, range), random.between(1, range))
                })
            },
        )
        .holds(|_, input| every(input, |volume, value| volume > input.capacity && value > 0)),
        family(
            "everything_fits",
            "all items fit together, and any one of them would fit once more",
            ordinary,
        )
        .fixes("capacity", "(n + 1) * range")
        .holds(|_, input| {
            let all: i64 = input.volumes.iter().map(|&volume| i64::from(volume)).sum();
            every(input, |volume, value| all + volume <= input.capacity && value > 0)
        }),
        family(
            "zero_volume_items",
            "some items of value have no volume: they belong to every best choice",
            |at, random| {
                let mut input = ordinary(at, random);
                replace_some(&mut input.volumes, random);
                input
            },
        )
        .holds(|_, input| some(input, |volume, value| volume == 0 && value > 0)),
        family(
            "zero_value_items",
            "some items are worth nothing",
            |at, random| {
                let mut input = ordinary(at, random);
                replace_some(&mut input.values, random);
                input
            },
        )
        .holds(|_, input| some(input, |_, value| value == 0)),
        family(
            "heavier_than_half",
            "no two items fit together: the most valuable one that fits is the answer",
            |at, random| {
                let (range, capacity) = (at.integer("range"), at.integer("capacity"));
                items(at, random, |random| {
                    let volume = random.between(capacity / 2 + 1, capacity + capacity / 10 + 1);
                    (volume, random.between(1, range))
                })
            },
        )
        .holds(|_, input| every(input, |volume, _| 2 * volume > input.capacity)),
        family(
            "greedy_trap",
            "taken by value for volume, a tiny first item leaves no room for the one that is worth the most",
            greedy_trap,
        )
        .fixes("capacity", "max(n * range / 4, 3)")
        .holds(|_, input| {
            let mut items: Vec<(i64, i64)> = pairs(input).collect();
            items.sort_by(|a, b| (b.1 * a.0).cmp(&(a.1 * b.0)));
            let (mut left, mut greedy) = (input.capacity, 0);
            for (volume, value) in items {
                if volume <= left {
                    left -= volume;
                    greedy += value;
                }
            }
            pairs(input).any(|(volume, value)| volume <= input.capacity && value > greedy)
        })
        .sizes(2, i64::MAX),
        family(
            "large_values",
            "values near 10^9, whose best total exceeds 2^32",
            |at, random| {
                let range = at.integer("range");
                items(at, random, |random| {
                    (random.between(1, range), random.between(900_000_000, 1_000_000_000))
                })
            },
        )
        .fixes("capacity", "n * range * 3 / 8") // six of the sixteen at least, whatever their volumes
        .holds(|_, input| {
            let mut items: Vec<(i64, i64)> = pairs(input).collect();
            items.sort_unstable();
            let (mut volume, mut value) = (0, 0);
            for item in items {
                volume += item.0;
                value += if volume <= input.capacity { item.1 } else { 0 };
            }
            value > 1 << 32
        })
        .sizes(16, i64::MAX),
        family(
            "large_capacity_few_items",
            "at most 20 items for a capacity in the millions: few choices, many volumes",
            |at, random| {
                let each = (2 * at.integer("capacity") / at.integer("n")).max(1);
                items(at, random, |random| {
                    let volume = random.between(1, each);
                    (volume, random.between(volume / 2, volume))
                })
            },
        )
        .defaults("capacity", "2_000_000")
        .holds(|at, input| {
            let each = 2 * input.capacity / at.integer("n");
            every(input, |volume, value| volume <= each.max(1) && value <= volume)
        })
        .sizes(1, 20),
    ]
}

/// Volumes and values from 1 to the range.
fn ordinary(at: &At, random: &mut Random) -> Input {
    let range = at.integer("range");
    items(at, random, |random| {
        (random.between(1, range), random.between(1, range))
    })
}

/// Sets about a third of some numbers to 0, one at least.
fn replace_some(numbers: &mut [i32], random: &mut Random) {
    let place = random.index(numbers.len());
    numbers[place] = 0;
    for number in numbers {
        if random.below(3) == 0 {
            *number = 0;
        }
    }
}

/// A filler is worth less than its volume, and all fillers together less than a quarter of the capacity. The item that
/// fills the knapsack is worth its volume; the tiny one is worth twice its own.
fn greedy_trap(at: &At, random: &mut Random) -> Input {
    let (n, range, capacity) = (at.integer("n"), at.integer("range"), at.integer("capacity"));
    let mut input = items(at, random, |random| {
        let value = random.between(0, capacity / (4 * n));
        (value + random.between(1, range), value)
    });
    let tiny = random.index(input.volumes.len());
    let other = random.index(input.volumes.len() - 1);
    let filling = if other < tiny { other } else { other + 1 };
    (input.volumes[tiny], input.values[tiny]) = (1, 2);
    (input.volumes[filling], input.values[filling]) = (capacity as i32, capacity as i32);
    input
}

fn pairs(input: &Input) -> impl Iterator<Item = (i64, i64)> {
    let items = input.volumes.iter().zip(&input.values);
    items.map(|(&volume, &value)| (volume.into(), value.into()))
}
