//! What shipped kernels count on the emulator, each on one small case of its problem: exact, so that any change is one.

use kernels::device::Device;
use kernels::plan::Takes;
use kernels::{
    Counters, EmulatedDevice, Limits, LineCounters, Session, Settings, SourceLine, Variant,
};
use problems::{AnyCase, AnyProblem};
use vocabulary::{CaseId, CaseName, Parameters, Verdict};

use crate::interface::interface_of;
use crate::selection::problem;
use crate::usage::Usage;

/// What a kernel counted on a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The kernel, as `problem/name`.
    pub kernel: String,
    /// The case.
    pub case: CaseId,
    /// Registers a thread of its greediest entry, where a compiler told them.
    pub registers: Option<u64>,
    /// Bytes of static shared memory of that entry which has most, likewise.
    pub shared_bytes: Option<u64>,
    /// Whole-run counts by name.
    pub counters: Vec<(String, u64)>,
    /// The same by line.
    pub lines: Vec<CountedLine>,
}

/// What a line of a kernel counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedLine {
    /// Where it is.
    pub line: SourceLine,
    /// What stands there; nothing for a line of a header.
    pub text: String,
    /// In the order of [`LINE_COUNTERS`].
    pub counts: [u64; 6],
}

/// The counts of a line.
pub const LINE_COUNTERS: [&str; 6] = [
    "warp_instructions",
    "thread_instructions",
    "global_sectors",
    "shared_wavefronts",
    "bank_conflicts",
    "divergent_branches",
];

/// The case that a kernel is counted on: the first rung of its problem's first ladder that it is for.
///
/// # Errors
/// If the problem has no such ladder.
pub fn case_of(problem: &dyn AnyProblem, takes: &Takes) -> Result<CaseId, Usage> {
    let in_words = |error: &dyn std::fmt::Display| Usage::new(error.to_string());
    for axis in problem.axes() {
        let Some(family) = axis.families.first() else {
            continue;
        };
        let fixed: Parameters = axis
            .fixed
            .parse()
            .map_err(|error: vocabulary::ParameterError| in_words(&error))?;
        let parameters = fixed.with(axis.parameter, axis.from);
        let name = CaseName::new(problem.name(), family, parameters);
        let case = problem.resolve(&name.with_seed(0));
        let case = case.map_err(|error| in_words(&error))?;
        if takes.includes(|name| case.parameters.get(name).cloned()) {
            return Ok(case);
        }
    }
    let reason = format!("{} has no axis to count it along", problem.name());
    Err(Usage::new(reason))
}

/// Runs a kernel on a case on the emulator, and counts. The sanitizer is off: it finds faults, and counts nothing else.
///
/// # Errors
/// If the kernel is stale or the case unknown. The inner error is the verdict of a kernel that is not right there, and why.
pub fn count(
    variant: &Variant,
    case: &CaseId,
) -> anyhow::Result<Result<Counted, (Verdict, String)>> {
    let problem = problem(&variant.problem)?;
    let stale = |reason| Usage::new(format!("{}: {reason}", variant.path));
    let ptx = variant.ptx().map_err(stale)?;
    let built = problem.case(case)?;
    Ok(
        counters(variant, ptx, problem.as_ref(), built.as_ref()).map(|counters| {
            let named = counters.named();
            Counted {
                kernel: label(variant),
                case: case.clone(),
                registers: None,
                shared_bytes: None,
                counters: named.map(|(name, count)| (name.to_owned(), count)).into(),
                lines: counters
                    .lines
                    .iter()
                    .map(|line| counted_line(variant, line))
                    .collect(),
            }
        }),
    )
}

/// `problem/name`.
pub fn label(variant: &Variant) -> String {
    format!("{}/{}", variant.problem, variant.name)
}

fn counted_line(variant: &Variant, line: &LineCounters) -> CountedLine {
    let place = &line.line;
    // What the compiler adds of its own has the line 0.
    let index = (place.line as usize).checked_sub(1);
    let index = index.filter(|_| place.file == variant.path);
    let text = index.and_then(|index| variant.source.lines().nth(index));
    CountedLine {
        line: place.clone(),
        text: text.unwrap_or_default().trim().to_owned(),
        counts: [
            line.warp_instructions,
            line.thread_instructions,
            line.global_sectors,
            line.shared_wavefronts,
            line.bank_conflicts,
            line.divergent_branches,
        ],
    }
}

fn counters(
    variant: &Variant,
    ptx: &str,
    problem: &dyn AnyProblem,
    case: &dyn AnyCase,
) -> Result<Counters, (Verdict, String)> {
    let broken = |reason: String| (Verdict::CompileError, reason);
    let (Some(schema), Some(inputs)) = (problem.schema(), case.input_arrays()) else {
        return Err(broken("the problem has no array form".to_owned()));
    };
    let interface = interface_of(schema);
    let plan = &variant.plan;
    plan.check(&interface)
        .and_then(|()| plan.check_entries(&interface, ptx))
        .map_err(|error| broken(error.to_string()))?;
    let mut device = EmulatedDevice::new(Settings {
        is_sanitizing: false,
        ..Settings::default()
    });
    let module = device
        .load(ptx)
        .map_err(|error| broken(error.to_string()))?;
    let limits = Limits::default();
    let outputs = Session::start(&mut device, module, plan, &interface, &inputs, limits)
        .and_then(|mut session| {
            session.round()?;
            session.outputs()
        })
        .map_err(|error| (error.verdict(), error.to_string()))?;
    let wrong = |mismatch: problems::Mismatch| (Verdict::WrongAnswer, mismatch.reason);
    let output = case.output_of_arrays(outputs).map_err(wrong)?;
    case.check(output.as_ref()).map_err(wrong)?;
    Ok(device.take_counters())
}
