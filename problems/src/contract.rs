//! The contract that a problem keeps, and the words of a check.

use std::time::Duration;

use vocabulary::Growth;

use crate::family::Family;
use crate::record::Record;
use crate::schema::Schema;

/// A problem, typed. What is asked of a problem stands here; what follows from it (forms, names, validation) is
/// written once for all in this crate.
pub trait Problem: Sized + Send + Sync + 'static {
    /// What an answer is given.
    type Input: Record + Send + Sync;
    /// What an answer must fill.
    type Output: Record + Send;
    /// What the checker needs beside the input, made once a case by a reference; `()` for a certificate.
    type Answer: Send + Sync;

    /// The statement in Markdown: task, form, constraints, a worked sample, source.
    const STATEMENT: &'static str;

    /// Names, types and lengths of everything that goes in and out.
    fn schema() -> Schema;

    /// The families of cases, each with its promise.
    fn families() -> Vec<Family<Self>>;

    /// Two structurally different ways to the right output, tested against each other.
    fn references() -> [Reference<Self>; 2];

    /// What [`Problem::check`] needs beside the input.
    fn answer(input: &Self::Input) -> Self::Answer;

    /// Whether an output is right.
    fn check(
        input: &Self::Input,
        answer: &Self::Answer,
        output: &Self::Output,
    ) -> Result<Accepted, Mismatch>;

    /// Memory for an output, which the harness owns: empty, but with the capacity that a right output needs (where
    /// that is known), its pages touched, so that no allocation of the output falls into the timed call.
    fn prepare(input: &Self::Input) -> Self::Output;

    /// Values of the primary parameter for correctness, ascending. Each family takes those in its range.
    fn trial_sizes() -> Vec<i64>;

    /// Settings of the other parameters that matter for correctness, as `type=f16,causal=1`. Sizes times families take them
    /// in turn, so that every size and every family meets each of them without their product.
    fn settings() -> &'static [&'static str] {
        &[""]
    }

    /// The parameters along which cost is measured; the first is what `judge run` shows.
    fn axes() -> Vec<Axis>;

    /// Limits of a program in a language without a time multiplier.
    fn limits() -> Limits {
        Limits::default()
    }
}

/// A way to a right output that answers are checked with.
pub struct Reference<P: Problem> {
    /// Name of the method.
    pub name: &'static str,
    /// The method.
    pub solve: fn(&P::Input) -> P::Output,
    /// The greatest primary parameter that it can afford.
    pub most: i64,
}

/// A parameter along which cost is measured, and how it must then grow.
#[derive(Clone, Debug)]
pub struct Axis {
    /// The parameter.
    pub parameter: &'static str,
    /// The families whose cost is worth a curve.
    pub families: &'static [&'static str],
    /// First value of the ladder.
    pub from: i64,
    /// Last value of the ladder.
    pub to: i64,
    /// What is held still, as `k=1000`; the rest takes its default.
    pub fixed: &'static str,
    /// Classes of algorithms and the growth that each must show along this axis.
    pub classes: Vec<(&'static str, Growth)>,
}

/// What a run may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Processor time of all threads and processes together.
    pub cpu: Duration,
    /// Memory in bytes of all processes together.
    pub memory: u64,
    /// Standard output in bytes.
    pub output: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            cpu: Duration::from_secs(1),
            memory: 256 << 20,
            output: 64 << 20,
        }
    }
}

/// An output was accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Accepted {
    /// Error of the output over the error that is tolerated, where a tolerance exists.
    pub error_ratio: Option<f64>,
}

/// An output was not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// What is wrong, in one sentence.
    pub reason: String,
    /// Whether it is the check that failed, not the output: a checker that crashed.
    pub is_fault: bool,
}

impl Mismatch {
    /// A mismatch for a reason.
    pub fn new(reason: impl Into<String>) -> Self {
        Mismatch {
            reason: reason.into(),
            is_fault: false,
        }
    }

    /// A check that itself failed, which is never held against the answer.
    pub fn fault(reason: impl Into<String>) -> Self {
        Mismatch {
            reason: reason.into(),
            is_fault: true,
        }
    }
}

impl std::fmt::Display for Mismatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.reason)
    }
}

/// Accepts if a condition holds, else says why not.
pub fn accept_if(
    condition: bool,
    otherwise: impl FnOnce() -> String,
) -> Result<Accepted, Mismatch> {
    if condition {
        Ok(Accepted::default())
    } else {
        Err(Mismatch::new(otherwise()))
    }
}
