//! Kernels on a device, inside the runner.

use kernels::device::Device;
use kernels::plan::Plan;
use kernels::{EmulatedDevice, Limits, Session, Settings};
use problems::AnyCase;
use vocabulary::{Target, Verdict};

use super::protocol::{Done, KernelAnswer, Request};
use crate::interface::interface_of;

/// Runs a kernel on a case, some rounds one after the other; every output is checked.
pub(super) fn rounds(kernel: &KernelAnswer, case: &dyn AnyCase, request: &Request) -> Done {
    let mut done = Done::accepted();
    if let Err((verdict, detail)) = all(kernel, case, request, &mut done) {
        (done.verdict, done.detail) = (verdict, detail);
    }
    done
}

/// Instructions of warps that a launch may execute: many times what a kernel takes on a case that the emulator can afford,
/// and a few seconds for one that never ends.
const BUDGET: u64 = 30_000_000;

type Failure = (Verdict, String);

fn all(
    kernel: &KernelAnswer,
    case: &dyn AnyCase,
    request: &Request,
    done: &mut Done,
) -> Result<(), Failure> {
    let not_run = |reason: String| (Verdict::CompileError, reason);
    let plan = Plan::find(&kernel.source, &kernel.file)
        .map_err(|error| not_run(error.to_string()))?
        .ok_or_else(|| not_run(format!("{} has no launch plan at its top", kernel.file)))?;
    let problem = problems::find(&request.case.problem);
    let schema = problem.as_ref().and_then(|problem| problem.schema());
    let (Some(schema), Some(inputs)) = (schema, case.input_arrays()) else {
        let reason = "the problem has no array form, which kernels need".to_owned();
        return Err((Verdict::Skipped, reason));
    };
    let interface = interface_of(schema);
    plan.check(&interface)
        .and_then(|()| plan.check_entries(&interface, &kernel.ptx))
        .map_err(|error| not_run(error.to_string()))?;
    if kernel.target != Target::Emulator {
        let reason = format!("this judge has no device for {}", kernel.target);
        return Err((Verdict::Skipped, reason));
    }
    let mut device = EmulatedDevice::new(Settings {
        budget: BUDGET,
        ..Settings::default()
    });
    for _ in 0..request.rounds.max(1) {
        // A module that is loaded anew has forgotten whatever an earlier round kept in its variables.
        let module = device
            .load(&kernel.ptx)
            .map_err(|error| (Verdict::Skipped, error.to_string()))?;
        device.take_counters();
        let limits = Limits {
            bytes: request.memory,
            ..Limits::default()
        };
        let outputs = Session::start(&mut device, module, &plan, &interface, &inputs, limits)
            .and_then(|mut session| {
                session.round()?;
                session.outputs()
            });
        let counters = device.take_counters();
        done.counters = counters
            .named()
            .map(|(name, count)| (name.to_owned(), count))
            .to_vec();
        device.unload(module);
        let outputs = outputs.map_err(|error| {
            let detail = match error.fault() {
                Some(fault) => fault.to_string(),
                None => error.to_string(),
            };
            (error.verdict(), detail)
        })?;
        let wrong = |mismatch: problems::Mismatch| (Verdict::WrongAnswer, mismatch.reason);
        let output = case.output_of_arrays(outputs).map_err(wrong)?;
        match case.check(output.as_ref()) {
            Ok(accepted) => done.error_ratio = accepted.error_ratio,
            Err(mismatch) => {
                done.keep_output(&case.output_text(output.as_ref()));
                return Err(wrong(mismatch));
            }
        }
    }
    Ok(())
}
