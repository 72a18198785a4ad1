//! The 0/1 knapsack: which of n items, each with a volume and a value, fit a capacity and are worth the most together.

mod families;
mod references;

use vocabulary::ElementType::{I32, I64, U32};

use crate::{
    Accepted, Axis, Family, Mismatch, Problem, Reference, Schema, Shape, accept_if, record, schema,
};

/// The problem.
pub struct Knapsack;

/// What an answer is given.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// What the volumes of the chosen items may add up to at most.
    pub capacity: i64,
    /// The items' volumes, none negative; at least one item.
    pub volumes: Vec<i32>,
    /// The items' values, none negative.
    pub values: Vec<i32>,
}

/// What an answer must fill.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// The largest total value.
    pub total: i64,
    /// The items of a choice that has it, counted from 0; or nothing.
    pub chosen: Option<Vec<u32>>,
}

record!(Input {
    capacity,
    volumes,
    values
});
record!(Output { total, chosen });

impl Problem for Knapsack {
    type Input = Input;
    type Output = Output;
    /// The largest total value.
    type Answer = i64;

    const STATEMENT: &'static str = include_str!("statement.md");

    fn schema() -> Schema {
        let non_negative = ("0", "2_147_483_647");
        // The largest value that leaves n times the default capacity at ten million, up to Pisinger's usual 1000.
        let range = "max(min(1000, 40_000_000 / (n * n)), 10)";
        schema("knapsack")
            .primary("n", 1, "10_000", "how many items there are")
            .parameter(
                "range",
                1,
                "200_000_000",
                Some(range),
                "the order of volumes and values",
            )
            .size(
                "capacity",
                0,
                "10_000_000",
                "n * range / 4", // half of what volumes of 1..=range add up to
                "what the chosen volumes may add up to",
            )
            .input_array_between("volumes", I32, "n", non_negative, "the items' volumes")
            .input_array_between("values", I32, "n", non_negative, "the items' values")
            .output_scalar("total", I64, "the largest total value")
            .output(
                "chosen",
                U32,
                Shape::Counted,
                "items, counted from 0, that fit and have this total value",
            )
            .optional()
    }

    fn families() -> Vec<Family<Self>> {
        families::all()
    }

    fn references() -> [Reference<Self>; 2] {
        references::both()
    }

    fn answer(input: &Input) -> i64 {
        references::largest_total(input)
    }

    /// The total is compared; a choice, where one is given, must prove it.
    fn check(input: &Input, best: &i64, output: &Output) -> Result<Accepted, Mismatch> {
        let total = output.total;
        if let Some(chosen) = &output.chosen {
            check_choice(input, total, chosen)?;
        }
        accept_if(total == *best, || {
            let than = if total < *best { "less" } else { "more" };
            format!("{total} is {than} than the largest total value, {best}")
        })
    }

    fn prepare(input: &Input) -> Output {
        let mut chosen = vec![u32::MAX; input.volumes.len()];
        chosen.clear();
        Output {
            total: 0,
            chosen: Some(chosen),
        }
    }

    fn trial_sizes() -> Vec<i64> {
        vec![1, 2, 3, 5, 10, 64, 1000]
    }

    fn axes() -> Vec<Axis> {
        let growth = |text: &str| text.parse().expect("a growth");
        let families = &["uncorrelated", "strongly_correlated", "subset_sum"];
        let classes = vec![
            ("dynamic programming by volume", growth("n*capacity")),
            ("dominance lists, at worst", growth("n*capacity")),
        ];
        vec![
            Axis {
                parameter: "n",
                families,
                from: 64,
                to: 8_192,
                fixed: "range=1000,capacity=10000",
                classes: classes.clone(),
            },
            Axis {
                parameter: "capacity",
                families,
                // From where each item fits by itself to where all fit together.
                from: 20_000,
                to: 2_000_000,
                fixed: "n=200,range=20000",
                classes,
            },
        ]
    }
}

fn check_choice(input: &Input, total: i64, chosen: &[u32]) -> Result<(), Mismatch> {
    let items = input.volumes.len();
    let mut is_chosen = vec![false; items];
    let (mut volume, mut value) = (0_i64, 0_i64);
    for &index in chosen {
        let Some(is_chosen) = is_chosen.get_mut(index as usize) else {
            return Err(Mismatch::new(format!(
                "item {index} is chosen; there are {items}, counted from 0"
            )));
        };
        if std::mem::replace(is_chosen, true) {
            return Err(Mismatch::new(format!("item {index} is chosen twice")));
        }
        volume += i64::from(input.volumes[index as usize]);
        value += i64::from(input.values[index as usize]);
    }
    if volume > input.capacity {
        let capacity = input.capacity;
        return Err(Mismatch::new(format!(
            "the chosen items have the volume {volume}; the capacity is {capacity}"
        )));
    }
    if value != total {
        return Err(Mismatch::new(format!(
            "the chosen items have the value {value}, not {total}"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The best are items 1 and 2, of value 11, or items 0 and 3.
    fn checked(total: i64, chosen: Option<&[u32]>) -> Result<Accepted, Mismatch> {
        let input = Input {
            capacity: 10,
            volumes: vec![6, 5, 5, 4],
            values: vec![7, 5, 6, 4],
        };
        let answer = Knapsack::answer(&input);
        let chosen = chosen.map(<[u32]>::to_vec);
        Knapsack::check(&input, &answer, &Output { total, chosen })
    }

    fn refused(total: i64, chosen: Option<&[u32]>) -> String {
        checked(total, chosen).expect_err("a wrong output").reason
    }

    #[test]
    fn the_total_alone_and_every_best_choice_are_accepted() {
        assert!(checked(11, None).is_ok());
        assert!(checked(11, Some(&[1, 2])).is_ok());
        assert!(checked(11, Some(&[3, 0])).is_ok());
    }

    #[test]
    fn a_total_that_is_too_small_or_too_large_is_refused() {
        assert!(refused(10, None).contains("less than"));
        assert!(refused(10, Some(&[2, 3])).contains("less than"));
        assert!(refused(12, None).contains("more than"));
    }

    #[test]
    fn a_choice_that_does_not_fit_is_refused() {
        assert!(refused(11, Some(&[0, 1])).contains("volume 11"));
        assert!(refused(13, Some(&[0, 2])).contains("volume 11"));
    }

    #[test]
    fn a_choice_of_another_value_is_refused() {
        assert!(refused(11, Some(&[1, 3])).contains("value 9, not 11"));
        assert!(refused(11, Some(&[])).contains("value 0, not 11"));
    }

    #[test]
    fn an_item_chosen_twice_or_not_there_is_refused() {
        assert!(refused(11, Some(&[1, 1])).contains("twice"));
        assert!(refused(11, Some(&[2, 4])).contains("there are 4, counted from 0"));
    }

    #[test]
    fn the_largest_total_of_tiny_inputs_is_that_of_all_subsets() {
        let mut random = crate::Random::of_text("all subsets");
        for _ in 0..500 {
            let n = 1 + random.index(8);
            let input = Input {
                capacity: random.between(0, 25),
                volumes: random.integers_between(n, 0, 12),
                values: random.integers_between(n, 0, 9),
            };
            let sum = |of: &[i32], subset: usize| -> i64 {
                let bits = (0..n).filter(|bit| subset >> bit & 1 == 1);
                bits.map(|bit| i64::from(of[bit])).sum()
            };
            let fitting =
                (0..1 << n).filter(|&subset| sum(&input.volumes, subset) <= input.capacity);
            let best = fitting.map(|subset| sum(&input.values, subset)).max();
            assert_eq!(Some(references::largest_total(&input)), best, "{input:?}");
        }
    }
}
