//! Kernels on a device, inside the runner.

use kernels::device::Device;
use kernels::plan::Plan;
use kernels::{EmulatedDevice, Limits, Session, Settings};
use problems::AnyCase;
use vocabulary::{Array, Arrays, Target, Value, Verdict};

use super::graphics::Graphics;
use super::job::{Failure, Job};
use super::protocol::{Done, KernelAnswer, Request};
use crate::interface::interface_of;

/// The devices that a runner keeps from request to request.
#[derive(Default)]
pub(super) struct Devices {
    pub(super) graphics: Option<Result<Graphics, String>>,
}

impl Devices {
    /// Opens the device that a request needs, and measures it if the request is timed: that is not the kernel's time.
    pub(super) fn prepare(&mut self, kernel: &KernelAnswer, is_timed: bool) {
        if kernel.target != Target::Cuda {
            return;
        }
        if let Ok(graphics) = self.graphics.get_or_insert_with(Graphics::open)
            && is_timed
        {
            graphics.measure();
        }
    }
}

/// Runs a kernel on a case, some rounds one after the other; every output is checked.
pub(super) fn rounds(
    kernel: &KernelAnswer,
    case: &dyn AnyCase,
    request: &Request,
    devices: &mut Devices,
) -> Done {
    let mut done = Done::accepted();
    if let Err((verdict, detail)) = all(kernel, case, request, devices, &mut done) {
        (done.verdict, done.detail) = (verdict, detail);
    }
    let graphics = devices
        .graphics
        .as_ref()
        .and_then(|opened| opened.as_ref().ok());
    done.is_last = graphics.is_some_and(Graphics::is_dead);
    done
}

/// Instructions of warps that a launch may execute: many times what a kernel takes on a case that the emulator can afford,
/// and a few seconds for one that never ends.
const BUDGET: u64 = 30_000_000;

fn all(
    kernel: &KernelAnswer,
    case: &dyn AnyCase,
    request: &Request,
    devices: &mut Devices,
    done: &mut Done,
) -> Result<(), Failure> {
    let not_run = |reason: String| (Verdict::CompileError, reason);
    let skipped = |reason: &str| (Verdict::Skipped, reason.to_owned());
    let plan = Plan::find(&kernel.source, &kernel.file)
        .map_err(|error| not_run(error.to_string()))?
        .ok_or_else(|| not_run(format!("{} has no launch plan at its top", kernel.file)))?;
    let problem = problems::find(&request.case.problem);
    let schema = problem.as_ref().and_then(|problem| problem.schema());
    let (Some(schema), Some(inputs)) = (schema, case.input_arrays()) else {
        return Err(skipped("the problem has no array form, which kernels need"));
    };
    let interface = interface_of(schema);
    plan.check(&interface)
        .and_then(|()| plan.check_entries(&interface, &kernel.ptx))
        .map_err(|error| not_run(error.to_string()))?;
    if !plan.takes.includes(|name| value_of(&inputs, name)) {
        return Err(skipped(&format!("it is for {} alone", plan.takes)));
    }
    if !plan.runs_on(kernel.target) {
        return Err(skipped("its plan keeps it from this device"));
    }
    let job = Job {
        kernel,
        request,
        plan,
        interface,
        inputs,
        limits: Limits {
            bytes: request.memory,
            ..Limits::default()
        },
        case,
    };
    match (kernel.target, &mut devices.graphics) {
        (Target::Emulator, _) => emulated(&job, done),
        (Target::Cuda, Some(Ok(graphics))) => graphics.rounds(&job, done),
        (Target::Cuda, Some(Err(reason))) => Err(skipped(reason)),
        _ => Err(skipped("this judge has no such device")),
    }
}

/// The value of a size or word of an input.
fn value_of(inputs: &Arrays, name: &str) -> Option<Value> {
    match inputs.get(name)? {
        Array::I64(values) => values.first().map(|value| Value::Integer(*value)),
        Array::U8(letters) => Some(Value::Word(String::from_utf8_lossy(letters).into_owned())),
        _ => None,
    }
}

fn emulated(job: &Job<'_>, done: &mut Done) -> Result<(), Failure> {
    let mut device = EmulatedDevice::new(Settings {
        budget: BUDGET,
        is_sanitizing: !job.request.counted,
        ..Settings::default()
    });
    for _ in 0..job.request.rounds.max(1) {
        // A module that is loaded anew has forgotten whatever an earlier round kept in its variables.
        let module = device.load(&job.kernel.ptx);
        let module = module.map_err(|error| (Verdict::Skipped, error.to_string()))?;
        device.take_counters();
        let outputs = Session::start(
            &mut device,
            module,
            &job.plan,
            &job.interface,
            &job.inputs,
            job.limits,
        )
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
        job.judge(outputs, done)?;
    }
    Ok(())
}
