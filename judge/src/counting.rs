//! What shipped kernels count on the emulator, each on one small case of its problem: exact, so that any change is one.

use kernels::device::Device;
use kernels::plan::{At, Takes, Theorem};
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
pub fn count(variant: &Variant, case: &CaseId) -> anyhow::Result<Outcome<Counted>> {
    Ok(run(variant, case)?.map(|counters| {
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
    }))
}

/// What a right kernel counted; else its verdict, and why.
pub type Outcome<T> = Result<T, (Verdict, String)>;

/// A case on which a kernel's plan states a count.
pub struct Statement<'a> {
    variant: &'a Variant,
    theorem: &'a Theorem,
    case: &'a At<CaseName>,
}

/// All that the plan of a kernel states.
pub fn statements(variant: &Variant) -> impl Iterator<Item = Statement<'_>> {
    variant.plan.theorems.iter().flat_map(move |theorem| {
        let on = move |case| Statement {
            variant,
            theorem,
            case,
        };
        theorem.cases.iter().map(on)
    })
}

impl Statement<'_> {
    /// The kernel, as `problem/name`.
    pub fn kernel(&self) -> String {
        label(self.variant)
    }

    /// Runs the kernel, and counts: why the statement does not hold there, if so.
    ///
    /// # Errors
    /// If the kernel is stale, the case is not one that it takes, or the formula has no value there.
    pub fn refutation(&self) -> anyhow::Result<Option<String>> {
        let Statement {
            variant,
            theorem: Theorem {
                counter, equals, ..
            },
            case: At { value: name, place },
        } = self;
        let wrong = |reason: String| Usage::new(format!("{}:{place}: {reason}", variant.path));
        let case = problem(&variant.problem)?.resolve(name);
        let case = case.map_err(|error| wrong(error.to_string()))?;
        let takes = &variant.plan.takes;
        if !takes.includes(|name| case.parameters.get(name).cloned()) {
            return Err(wrong(format!("the kernel takes {takes}, not {case}")).into());
        }
        let stated = self.theorem.value(&case.parameters);
        let stated = stated.map_err(|error| wrong(error.to_string()))?;
        Ok(match run(variant, &case)? {
            Err((verdict, reason)) => Some(format!("{verdict} on {case}: {reason}")),
            Ok(counters) => {
                let counted = counter.value.of(&counters);
                (i64::try_from(counted) != Ok(stated)).then(|| {
                    let (counter, formula) = (counter.value.as_str(), equals.value.to_string());
                    format!("on {case} it counts {counted} {counter}, where {formula} is {stated}")
                })
            }
        })
    }
}

/// Whole counts of a kernel on a case.
fn run(variant: &Variant, case: &CaseId) -> anyhow::Result<Outcome<Counters>> {
    let problem = problem(&variant.problem)?;
    let stale = |reason| Usage::new(format!("{}: {reason}", variant.path));
    let ptx = variant.ptx().map_err(stale)?;
    let built = problem.case(case)?;
    Ok(counters(variant, ptx, problem.as_ref(), built.as_ref()))
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
) -> Outcome<Counters> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn flash_tiles() -> Variant {
        let mut all = kernels::variants().into_iter();
        all.find(|variant| label(variant) == "attention/flash_tiles")
            .expect("it is shipped")
    }

    #[test]
    fn every_formula_of_a_shipped_kernel_holds() {
        let all = kernels::variants();
        let statements: Vec<_> = all.iter().flat_map(statements).collect();
        assert!(statements.len() >= 17, "{}", statements.len());
        for statement in statements {
            let kernel = statement.kernel();
            assert_eq!(statement.refutation().unwrap(), None, "{kernel}");
        }
    }

    #[test]
    fn a_formula_that_does_not_hold_is_refuted_with_both_figures() {
        let mut variant = flash_tiles();
        let theorem = &mut variant.plan.theorems[0];
        theorem.equals.value = "n * size".parse().unwrap();
        let first = statements(&variant).next().unwrap();
        let refutation = first.refutation().unwrap().expect("it does not hold");
        for part in ["n=64,size=64", "2080 global_sectors", "n * size is 4096"] {
            assert!(refutation.contains(part), "{refutation}");
        }
    }

    #[test]
    fn a_case_that_the_kernel_does_not_take_or_a_strange_name_is_named_with_its_place() {
        let mut variant = flash_tiles();
        let theorem = &mut variant.plan.theorems[0];
        theorem.equals.value = "n * rows".parse().unwrap();
        theorem.cases[1].value = "attention/random@n=64,size=8".parse().unwrap();
        let errors: Vec<String> = statements(&variant)
            .take(2)
            .map(|statement| statement.refutation().unwrap_err().to_string())
            .collect();
        assert!(
            errors[0].contains("flash_tiles.cu:") && errors[0].contains("`rows`"),
            "{errors:?}"
        );
        assert!(
            errors[1].contains("takes size=7|32|40|64 type=f32"),
            "{errors:?}"
        );
    }
}
