//! The classes of David Pisinger, *Where are the hard knapsack problems?*, Computers & Operations Research 32 (2005), by
//! their formulas. `range` is the paper's R. How hard a class is depends on the method: bounds solve uncorrelated items
//! at once and fail on spanner instances, which dynamic programming by volume does not tell apart.

use super::super::{Input, Knapsack};
use super::{every, items};
use crate::{At, Family, Random};

pub(super) fn all() -> Vec<Family<Knapsack>> {
    let family = crate::family::<Knapsack>;
    vec![
        family(
            "uncorrelated",
            "volumes and values from 1 to the range, independent",
            |at, random| items(at, random, |random| uncorrelated(at.integer("range"), random)),
        )
        .holds(|at, input| {
            let range = 1..=at.integer("range");
            every(input, |volume, value| range.contains(&volume) && range.contains(&value))
        }),
        family(
            "weakly_correlated",
            "a value is its volume give or take a tenth of the range, at least 1",
            |at, random| items(at, random, |random| weakly(at.integer("range"), random)),
        )
        .holds(|at, input| {
            let tenth = at.integer("range") / 10;
            every(input, |volume, value| value >= 1 && (volume - value).abs() <= tenth)
        }),
        family(
            "strongly_correlated",
            "a value is its volume and a tenth of the range: the value is nearly the same for every choice that fills",
            |at, random| items(at, random, |random| strongly(at.integer("range"), random)),
        )
        .holds(|at, input| {
            let tenth = at.integer("range") / 10;
            every(input, |volume, value| value == volume + tenth)
        }),
        family(
            "inverse_strongly_correlated",
            "a volume is its value and a tenth of the range",
            |at, random| {
                let range = at.integer("range");
                items(at, random, |random| {
                    let value = random.between(1, range);
                    (value + range / 10, value)
                })
            },
        )
        .defaults("capacity", "n * range * 3 / 10")
        .holds(|at, input| {
            let tenth = at.integer("range") / 10;
            every(input, |volume, value| value >= 1 && volume == value + tenth)
        }),
        family(
            "almost_strongly_correlated",
            "a value is its volume and a tenth of the range, give or take a 500th of it",
            |at, random| {
                let range = at.integer("range");
                items(at, random, |random| {
                    let volume = random.between(1, range);
                    let value = volume + range / 10 + random.between(-range / 500, range / 500);
                    (volume, value)
                })
            },
        )
        .holds(|at, input| {
            let range = at.integer("range");
            every(input, |volume, value| (value - volume - range / 10).abs() <= range / 500)
        }),
        family(
            "subset_sum",
            "every value is its volume: fill the knapsack as far as possible",
            |at, random| {
                items(at, random, |random| {
                    let volume = random.between(1, at.integer("range"));
                    (volume, volume)
                })
            },
        )
        .holds(|_, input| input.volumes == input.values),
        family(
            "similar_volumes",
            "volumes from ten times the range to a thousandth more: how many items fit is clear, which ones is not",
            |at, random| {
                let range = at.integer("range");
                items(at, random, |random| {
                    let volume = random.between(10 * range, 10 * range + range / 100);
                    (volume, random.between(1, range))
                })
            },
        )
        .holds(|at, input| {
            let range = at.integer("range");
            let volumes = 10 * range..=10 * range + range / 100;
            every(input, |volume, value| volumes.contains(&volume) && (1..=range).contains(&value))
        }),
        family(
            "span_uncorrelated",
            "small multiples of two uncorrelated items",
            |at, random| spanned(at, random, uncorrelated),
        )
        .defaults("capacity", "n * range / 8")
        .holds(|_, input| has_at_most_two_directions(input)),
        family(
            "span_weakly_correlated",
            "small multiples of two weakly correlated items",
            |at, random| spanned(at, random, weakly),
        )
        .defaults("capacity", "n * range / 8")
        .holds(|_, input| has_at_most_two_directions(input)),
        family(
            "span_strongly_correlated",
            "small multiples of two strongly correlated items",
            |at, random| spanned(at, random, strongly),
        )
        .defaults("capacity", "n * range / 8")
        .holds(|_, input| has_at_most_two_directions(input)),
        family(
            "multiple_strongly_correlated",
            "a value is its volume and three tenths of the range if 6 divides the volume, else two",
            |at, random| {
                let range = at.integer("range");
                items(at, random, |random| {
                    let volume = random.between(1, range);
                    let tenths = if volume % 6 == 0 { 3 } else { 2 };
                    (volume, volume + tenths * range / 10)
                })
            },
        )
        .holds(|at, input| {
            let range = at.integer("range");
            every(input, |volume, value| match volume % 6 {
                0 => value - volume == 3 * range / 10,
                _ => value - volume == 2 * range / 10,
            })
        }),
        family(
            "profit_ceiling",
            "a value is its volume, rounded up to a multiple of 3",
            |at, random| {
                items(at, random, |random| {
                    let volume = random.between(1, at.integer("range"));
                    (volume, (volume + 2) / 3 * 3)
                })
            },
        )
        .holds(|_, input| {
            every(input, |volume, value| value % 3 == 0 && (0..3).contains(&(value - volume)))
        }),
        family(
            "circle",
            "values on an arc over the volumes: two thirds of the height of a circle of twice the range",
            |at, random| {
                let range = at.integer("range");
                items(at, random, |random| {
                    let volume = random.between(1, range);
                    // 4 R^2 - (w - 2 R)^2 = w (4 R - w), below 2^62; the root of its fourfold over 3, rounded down.
                    let square = volume as u64 * (4 * range - volume) as u64;
                    (volume, ((4 * square).isqrt() / 3) as i64)
                })
            },
        )
        .holds(|at, input| {
            let range = i128::from(at.integer("range"));
            every(input, |volume, value| {
                let (volume, value) = (i128::from(volume), i128::from(value));
                let fourfold = 4 * (4 * range * range - (volume - 2 * range).pow(2));
                (3 * value).pow(2) <= fourfold && (3 * (value + 1)).pow(2) > fourfold
            })
        }),
    ]
}

fn uncorrelated(range: i64, random: &mut Random) -> (i64, i64) {
    (random.between(1, range), random.between(1, range))
}

fn weakly(range: i64, random: &mut Random) -> (i64, i64) {
    let volume = random.between(1, range);
    let value = random.between((volume - range / 10).max(1), volume + range / 10);
    (volume, value)
}

fn strongly(range: i64, random: &mut Random) -> (i64, i64) {
    let volume = random.between(1, range);
    (volume, volume + range / 10)
}

/// The span(2, 10) of a class: two of its items, divided by 11 and rounded up; every item is one of them, 1 to 10 times.
fn spanned(at: &At, random: &mut Random, of_class: fn(i64, &mut Random) -> (i64, i64)) -> Input {
    const MOST_TIMES: i64 = 10;
    let spanners = [(); 2].map(|()| {
        let (volume, value) = of_class(at.integer("range"), random);
        let divided = |by: i64| (by + MOST_TIMES) / (MOST_TIMES + 1);
        (divided(volume), divided(value))
    });
    items(at, random, |random| {
        // One draw for both choices.
        let draw = random.below(2 * MOST_TIMES as u64) as i64;
        let (volume, value) = spanners[(draw % 2) as usize];
        let times = 1 + draw / 2;
        (times * volume, times * value)
    })
}

/// Whether volumes and values have at most two ratios to each other.
fn has_at_most_two_directions(input: &Input) -> bool {
    let mut directions: Vec<(i64, i64)> = Vec::new();
    every(input, |volume, value| {
        let is_known = directions.iter().any(|(v, w)| v * value == w * volume);
        if !is_known {
            directions.push((volume, value));
        }
        volume >= 1 && directions.len() <= 2
    })
}
