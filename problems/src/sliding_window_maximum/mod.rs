//! The greatest integer of every window of k integers.

mod families;
mod references;
#[cfg(test)]
mod tests;

use vocabulary::ElementType::I32;

use crate::{Accepted, Axis, Family, Mismatch, Problem, Reference, Schema, record, schema};

/// The problem.
pub struct SlidingWindowMaximum;

/// What an answer is given.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// The integers, at least k.
    pub numbers: Vec<i32>,
    /// How many a window holds, at least one.
    pub k: i64,
}

/// What an answer must fill.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// The greatest of each window, from the first window to the last: n - k + 1 of them.
    pub maxima: Vec<i32>,
}

record!(Input { numbers, k });
record!(Output { maxima });

impl Problem for SlidingWindowMaximum {
    type Input = Input;
    type Output = Output;
    type Answer = ();

    const STATEMENT: &'static str = include_str!("statement.md");

    fn schema() -> Schema {
        schema("sliding_window_maximum")
            .primary("n", 1, "100_000_000", "how many integers there are")
            .size("k", 1, "n", "ceil_div(n, 3)", "how many a window holds")
            .input_array("numbers", I32, "n", "the integers")
            .output_array(
                "maxima",
                I32,
                "n - k + 1",
                "the greatest integer of each window",
            )
    }

    fn families() -> Vec<Family<Self>> {
        families::all()
    }

    fn references() -> [Reference<Self>; 2] {
        references::both()
    }

    fn answer(_: &Input) {}

    /// Cut the integers into blocks of k: a window is the end of one block and the beginning of the next. The running
    /// maxima from the border between the two, both ways, bound and attain every maximum in linear time and k words.
    fn check(input: &Input, (): &(), output: &Output) -> Result<Accepted, Mismatch> {
        let k = input.k as usize;
        let windows = input.numbers.len() - k + 1;
        if output.maxima.len() != windows {
            let count = output.maxima.len();
            return Err(Mismatch::new(format!(
                "there are {windows} windows, but {count} maxima"
            )));
        }
        let mut to_border = vec![0; k];
        for (start, maxima) in (0..windows).step_by(k).zip(output.maxima.chunks(k)) {
            let (block, next) = input.numbers[start..].split_at(k);
            let mut greatest = i32::MIN;
            for (running, number) in to_border.iter_mut().zip(block).rev() {
                greatest = greatest.max(*number);
                *running = greatest;
            }
            let mut from_border = i32::MIN;
            for (offset, got) in maxima.iter().enumerate() {
                if offset > 0 {
                    from_border = from_border.max(next[offset - 1]);
                }
                let expected = to_border[offset].max(from_border);
                if *got != expected {
                    let window = start + offset;
                    return Err(Mismatch::new(format!(
                        "the greatest of window {window} is {expected}, not {got}"
                    )));
                }
            }
        }
        Ok(Accepted::default())
    }

    fn prepare(input: &Input) -> Output {
        // Not zeros: the allocator gets those without touching their pages.
        let mut maxima = vec![-1; input.numbers.len() - input.k as usize + 1];
        maxima.clear();
        Output { maxima }
    }

    fn trial_sizes() -> Vec<i64> {
        vec![1, 2, 5, 10, 65, 1000, 100_000]
    }

    fn axes() -> Vec<Axis> {
        let growth = |text: &str| text.parse().expect("a growth");
        vec![
            // A window that grows with n: a fixed one would make brute force look linear.
            Axis {
                parameter: "n",
                families: &["random", "decreasing", "increasing"],
                from: 1_000,
                to: 4_000_000,
                fixed: "",
                classes: vec![
                    ("deque, blocks, two stacks", growth("n")),
                    ("heap, multiset, sparse table", growth("n*log(n)")),
                    ("brute force", growth("n^2")),
                ],
            },
            Axis {
                parameter: "k",
                families: &["random", "decreasing"],
                from: 4,
                to: 500_000,
                fixed: "n=1000000",
                classes: vec![
                    ("deque, blocks, two stacks", growth("1")),
                    ("heap, multiset, doubling", growth("log(k)")),
                    ("brute force", growth("k")),
                ],
            },
            Axis {
                parameter: "n",
                families: &["random", "sawtooth"],
                from: 8_000,
                to: 4_000_000,
                fixed: "k=1000",
                classes: vec![
                    ("deque, blocks, brute force", growth("n")),
                    ("heap, sparse table", growth("n*log(n)")),
                ],
            },
        ]
    }
}
