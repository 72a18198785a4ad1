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
        let count = |holds: &dyn Fn(i32) -> bool| {
            input
                .numbers
                .iter()
                .filter(|number| holds(**number))
                .count() as i64
        };
        let greater = count(&|number| number > output.value);
        let equal = count(&|number| number == output.value);
        accept_if(greater < input.k && input.k <= greater + equal, || {
            let (value, k) = (output.value, input.k);
            format!("{greater} integers are greater than {value} and {equal} equal to it; k is {k}")
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
        vec![Axis {
            parameter: "n",
            families: &["random", "organ_pipe"],
            from: 1_000,
            to: 4_000_000,
            fixed: "",
            classes: vec![
                ("selection, counting", growth("n")),
                ("sorting, heap of k", growth("n*log(n)")),
            ],
        }]
    }
}
