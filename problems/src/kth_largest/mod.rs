//! The k-th element of n integers in descending order, ties counted.

mod families;
mod references;

use vocabulary::ElementType::I32;

use crate::{
    Accepted, Axis, Family, Mismatch, Problem, Reference, Schema, accept_if, record, schema,
};

/// The problem.
pub struct KthLargest;

/// What an answer is given.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// The integers, at least one.
    pub numbers: Vec<i32>,
    /// Which of them in descending order, from 1.
    pub k: i64,
}

/// What an answer must fill.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// The k-th largest.
    pub value: i32,
}

record!(Input { numbers, k });
record!(Output { value });

impl Problem for KthLargest {
    type Input = Input;
    type Output = Output;
    type Answer = ();

    const STATEMENT: &'static str = include_str!("statement.md");

    fn schema() -> Schema {
        schema("kth_largest")
            .primary("n", 1, "100_000_000", "how many integers there are")
            .size("k", 1, "n", "max(n / 2, 1)", "which of them, from 1")
            .input_array("numbers", I32, "n", "the integers")
            .output_scalar("value", I32, "the k-th largest")
    }

    fn families() -> Vec<Family<Self>> {
        families::all()
    }

    fn references() -> [Reference<Self>; 2] {
        references::both()
    }

    fn answer(_: &Input) {}

    /// A certificate, so no answer is needed: fewer than k are greater, at least k are not smaller.
    fn check(input: &Input, (): &(), output: &Output) -> Result<Accepted, Mismatch> {
        let numbers = || input.numbers.iter().copied();
        let greater = numbers().filter(|number| *number > output.value).count() as i64;
        let equal = numbers().filter(|number| *number == output.value).count() as i64;
        accept_if(greater < input.k && input.k <= greater + equal, || {
            let (value, k) = (output.value, input.k);
            let are = if greater == 1 {
                "integer is"
            } else {
                "integers are"
            };
            format!("{greater} {are} greater than {value} and {equal} equal to it; k is {k}")
        })
    }

    fn prepare(_: &Input) -> Output {
        Output::default()
    }

    fn trial_sizes() -> Vec<i64> {
        vec![1, 2, 3, 5, 10, 64, 1000, 100_000]
    }

    fn axes() -> Vec<Axis> {
        let growth = |text: &str| text.parse().expect("a growth");
        vec![
            Axis {
                parameter: "n",
                families: &["random", "organ_pipe", "few_distinct"],
                from: 1_000,
                to: 4_000_000,
                fixed: "",
                classes: vec![
                    ("selection, counting", growth("n")),
                    ("sorting, heap of k", growth("n*log(n)")),
                ],
            },
            // A heap of k barely works on random numbers, and on every number of an ascending input.
            Axis {
                parameter: "k",
                families: &["random", "sorted"],
                from: 1,
                to: 1_000_000,
                fixed: "n=1000000",
                classes: vec![
                    ("selection, counting, sorting", growth("1")),
                    ("heap of k, sorted input", growth("log(k)")),
                ],
            },
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(numbers: &[i32], k: i64, value: i32) -> Result<Accepted, Mismatch> {
        let input = Input {
            numbers: numbers.to_vec(),
            k,
        };
        KthLargest::check(&input, &(), &Output { value })
    }

    #[test]
    fn a_value_of_another_rank_is_refused() {
        let numbers = [5, -1, 9, 9, 2, 7];
        for (k, right) in [(1, 9), (2, 9), (3, 7), (4, 5), (5, 2), (6, -1)] {
            for value in numbers {
                assert_eq!(checked(&numbers, k, value).is_ok(), value == right);
            }
        }
    }

    #[test]
    fn a_value_between_two_neighbours_is_refused_although_its_rank_would_fit() {
        for value in [6, 8, i32::MIN, i32::MAX] {
            assert!(checked(&[5, 9, 7], 2, value).is_err(), "{value}");
        }
    }

    #[test]
    fn a_refusal_says_where_the_value_stands() {
        let refused = checked(&[7, 7, 3], 2, 3).unwrap_err();
        assert_eq!(
            refused.reason,
            "2 integers are greater than 3 and 1 equal to it; k is 2"
        );
    }
}
