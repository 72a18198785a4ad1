//! Families of the knapsack: the classes of David Pisinger, and what breaks a solution.

mod classes;
mod traps;

use super::{Input, Knapsack};
use crate::{At, Family, Random};

pub(super) fn all() -> Vec<Family<Knapsack>> {
    let mut families = classes::all();
    families.extend(traps::all());
    families
}

/// An input of items made one by one, each a volume and a value.
fn items(at: &At, random: &mut Random, mut item: impl FnMut(&mut Random) -> (i64, i64)) -> Input {
    let n = at.size("n");
    let (mut volumes, mut values) = (Vec::with_capacity(n), Vec::with_capacity(n));
    for _ in 0..n {
        let (volume, value) = item(random);
        volumes.push(volume as i32);
        values.push(value as i32);
    }
    Input {
        capacity: at.integer("capacity"),
        volumes,
        values,
    }
}

/// Whether every item's volume and value are of some kind.
fn every(input: &Input, mut holds: impl FnMut(i64, i64) -> bool) -> bool {
    let mut items = input.volumes.iter().zip(&input.values);
    items.all(|(&volume, &value)| holds(volume.into(), value.into()))
}

/// Whether some item's volume and value are of some kind.
fn some(input: &Input, mut holds: impl FnMut(i64, i64) -> bool) -> bool {
    !every(input, |volume, value| !holds(volume, value))
}
