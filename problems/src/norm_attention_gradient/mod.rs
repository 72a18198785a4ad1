//! The gradients of attention with a norm: of queries, keys and values, for that of the normalised sums.

mod references;
#[cfg(test)]
mod tests;

use vocabulary::Arrays;

use crate::attention::families::Around;
use crate::generators::normals;
use crate::norm_attention::{self, AXES, ELEMENT, NormAttention, families};
use crate::tolerance::{self, Tolerance};
use crate::{
    Accepted, Axis, Family, FormError, Limits, Mismatch, Problem, Random, Record, RecordField,
    Reference, Schema, Tensor, record,
};

/// The problem.
pub struct NormAttentionGradient;

/// What an answer is given.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// What attention was given: sizes, queries, keys and values.
    pub forward: norm_attention::Input,
    /// The gradient of what came out of it, as long as `q`.
    pub upstream: Tensor,
}

/// What an answer must fill; all are as long as `q`.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// The gradient of the queries.
    pub dq: Tensor,
    /// The gradient of the keys.
    pub dk: Tensor,
    /// The gradient of the values.
    pub dv: Tensor,
}

record!(Output { dq, dk, dv });

/// The fields of both, side by side.
impl Record for Input {
    fn store(&self, arrays: &mut Arrays) {
        self.forward.store(arrays);
        self.upstream.store("upstream", arrays);
    }

    fn load(arrays: &mut Arrays) -> Result<Self, FormError> {
        Ok(Input {
            forward: Record::load(arrays)?,
            upstream: RecordField::load("upstream", arrays)?,
        })
    }
}

impl Around for Input {
    fn around(forward: norm_attention::Input, random: &mut Random) -> Self {
        let upstream = Tensor::of(forward.r#type, normals(random, forward.q.len()));
        Input { forward, upstream }
    }

    fn attention(&self) -> &norm_attention::Input {
        &self.forward
    }
}

impl Problem for NormAttentionGradient {
    type Input = Input;
    type Output = Output;
    type Answer = [Tolerance; 3];

    const STATEMENT: &'static str = include_str!("statement.md");

    fn schema() -> Schema {
        let upstream = "the gradient of the normalised sums";
        norm_attention::inputs("norm_attention_gradient")
            .input_tensor("upstream", ELEMENT, &AXES, "1024", upstream)
            .output_tensor("dq", ELEMENT, &AXES, "the gradient of the queries")
            .output_tensor("dk", ELEMENT, &AXES, "the gradient of the keys")
            .output_tensor("dv", ELEMENT, &AXES, "the gradient of the values")
            // Six products: of each pair the weight and its gradient, and what they add to a sum and to three gradients; or two
            // states that are summed up, each read by rows and by columns.
            .operations(
                "12 * batch * heads * size * min(n * n - causal * (n * (n - 1) / 2), n * size)",
            )
    }

    fn families() -> Vec<Family<Self>> {
        families::all()
    }

    fn references() -> [Reference<Self>; 2] {
        references::both()
    }

    fn answer(input: &Input) -> [Tolerance; 3] {
        references::tolerances(input)
    }

    fn check(_: &Input, answer: &[Tolerance; 3], output: &Output) -> Result<Accepted, Mismatch> {
        tolerance::accept(answer.iter().zip([&output.dq, &output.dk, &output.dv]))
    }

    fn prepare(input: &Input) -> Output {
        let room = || Tensor::with_room(input.forward.r#type, input.forward.q.len());
        Output {
            dq: room(),
            dk: room(),
            dv: room(),
        }
    }

    fn trial_sizes() -> Vec<i64> {
        NormAttention::trial_sizes()
    }

    fn settings() -> &'static [&'static str] {
        NormAttention::settings()
    }

    fn axes() -> Vec<Axis> {
        NormAttention::axes()
    }

    fn limits() -> Limits {
        NormAttention::limits()
    }
}
