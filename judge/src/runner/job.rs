//! A kernel and what it is to do, whatever the device.

use kernels::device::DeviceError;
use kernels::plan::{Interface, Plan};
use kernels::{Limits, RunError};
use problems::AnyCase;
use vocabulary::{Arrays, ElementType, Verdict};

use super::protocol::{Done, KernelAnswer, Request};

/// Why a round is not right.
pub(super) type Failure = (Verdict, String);

/// A kernel and what it is to do.
pub(super) struct Job<'a> {
    pub(super) kernel: &'a KernelAnswer,
    pub(super) request: &'a Request,
    pub(super) plan: Plan,
    pub(super) interface: Interface,
    pub(super) inputs: Arrays,
    pub(super) limits: Limits,
    pub(super) case: &'a dyn AnyCase,
}

impl Job<'_> {
    /// How many operations on `f32` the case takes; 0 if its problem says nothing, or its elements are halves.
    pub(super) fn operations(&self) -> u64 {
        let cost = self.case.cost().filter(|_| !self.has_halves());
        cost.map_or(0, |cost| cost.operations)
    }

    /// Whether an array of the input is of `f16`.
    pub(super) fn has_halves(&self) -> bool {
        let mut arrays = self.inputs.iter();
        arrays.any(|(_, array)| array.element_type() == ElementType::F16)
    }

    /// Judges what a session did.
    pub(super) fn judge(
        &self,
        outputs: Result<Arrays, RunError>,
        done: &mut Done,
    ) -> Result<(), Failure> {
        let wrong = |mismatch: problems::Mismatch| (verdict_of(&mismatch), mismatch.reason);
        let outputs = outputs.map_err(|error| failure_of(&error))?;
        let output = self.case.output_of_arrays(outputs).map_err(wrong)?;
        match self.case.check(output.as_ref()) {
            Ok(accepted) => done.error_ratio = accepted.error_ratio,
            Err(mismatch) => {
                done.keep_output(&self.case.output_text(output.as_ref()));
                return Err(wrong(mismatch));
            }
        }
        Ok(())
    }
}

/// What a refused output means: a check that itself failed is the judge's own fault.
pub(super) fn verdict_of(mismatch: &problems::Mismatch) -> Verdict {
    match mismatch.is_fault {
        true => Verdict::JudgeError,
        false => Verdict::WrongAnswer,
    }
}

/// What a run that ended in an error means.
pub(super) fn failure_of(error: &RunError) -> Failure {
    let detail = match error.fault() {
        Some(fault) => fault.to_string(),
        None => error.to_string(),
    };
    (error.verdict(), detail)
}

/// What a file that cannot be loaded means.
pub(super) fn not_loaded(error: DeviceError) -> Failure {
    failure_of(&RunError::Device(error))
}
