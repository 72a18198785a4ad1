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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AnyProblem, CaseError, Record, Typed};

    #[test]
    fn every_family_keeps_its_promise_and_the_schema_at_any_range_and_capacity() {
        let problem = Typed::<Knapsack>::new();
        let mut held = 0;
        for info in problem.families() {
            let n = 20_i64.clamp(info.least, info.most);
            for range in [1, 7, 999, 200_000_000] {
                for capacity in ["", ",capacity=0", ",capacity=1", ",capacity=10000000"] {
                    let name = format!("knapsack/{}@n={n},range={range}{capacity}", info.name);
                    let case = match problem.resolve(&name.parse().unwrap()) {
                        Ok(case) => case,
                        // The capacity follows from the rest, or its default is too large.
                        Err(CaseError::Fixed { .. } | CaseError::Range { .. }) => continue,
                        Err(error) => panic!("{name}: {error}"),
                    };
                    let input = problem.generate(&case).unwrap();
                    assert!(problem.keeps_promise(&case, &input), "{case}");
                    let mut arrays = vocabulary::Arrays::new();
                    input.store(&mut arrays);
                    let schema = problem.schema().unwrap();
                    schema.complete(&mut arrays);
                    assert_eq!(schema.validate(&arrays), Ok(()), "{case}");
                    held += 1;
                }
            }
        }
        assert!(held > 200, "only {held} cases could be named");
    }
}
