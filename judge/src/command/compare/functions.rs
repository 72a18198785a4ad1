//! The functions that two judges both have, each called through the judges' own runners.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use problems::AnyProblem;
use vocabulary::{CaseId, CaseName, Target, Verdict};

use super::{FUNCTIONS, Label, Options, announce, named_cases, on_case};
use crate::comparison::Side;
use crate::comparison::contest::RunnerContest;
use crate::comparison::pick::{self, Picked, Range};
use crate::comparison::row::Row;
use crate::comparison::subject::{Stage, functions};
use crate::display::Screen;
use crate::execute::{Execute, Prepared, Run, RunLimits, RunnerExecution};
use crate::judging::Court;
use crate::measure::growth::quiet_processor;
use crate::runner::{Launch, Runner};
use crate::selection::{self, Selection};
use crate::usage::Usage;

/// A function on a family, or on a case that somebody named.
struct Job {
    label: String,
    problem: Arc<dyn AnyProblem>,
    /// Ascending; the first that is long enough is taken.
    rungs: Vec<CaseId>,
}

/// Compares what both judges have.
pub(super) fn compare(
    options: &Options,
    base: &Path,
    head: &Path,
    screen: &Screen,
) -> anyhow::Result<Vec<Row>> {
    if options.language.is_some() {
        return Err(Usage::new("--language: it is of programs; two judges have functions").into());
    }
    let labels = common(options, functions(base)?, &functions(head)?, screen)?;
    let jobs = jobs(options, &labels)?;
    let Some(first) = jobs.first() else {
        return Ok(Vec::new());
    };
    let court = options.court.court()?;
    let stage = Stage::new(quiet_processor())?;
    let launches = stage.launches(base, head)?;
    for (path, launch) in [base, head].into_iter().zip(&launches) {
        shake_hands(path, launch, first, &court)?;
    }
    let terms = options.terms(&FUNCTIONS, jobs.len());
    let what = format!("{} functions on {} cases", labels.len(), jobs.len());
    announce(screen, jobs.len(), &what, &terms);
    let mut rows = Vec::new();
    for job in &jobs {
        let label = Label {
            solution: job.label.clone(),
            target: Target::Function,
            threshold: terms.threshold.relative,
        };
        let limits = court.limits_of(job.problem.as_ref(), 1.0);
        let picked = match pick_one(job, &launches[0], &limits)? {
            Ok(picked) => picked,
            Err(run) => {
                let case = job.rungs[0].to_string();
                rows.push(label.not(Some(case), Side::Base, run.verdict, &run.detail));
                screen.advance(super::STEPS);
                continue;
            }
        };
        let (Picked { case, remark }, call) = picked;
        let name = case.id.to_string();
        let mut contest = RunnerContest::new(
            launches.clone(),
            job.label.clone(),
            case,
            limits,
            calls(call),
        );
        rows.push(on_case(&mut contest, name, remark, &label, &terms, screen)?);
    }
    screen.finish();
    Ok(rows)
}

/// The functions that both have and somebody wants.
fn common(
    options: &Options,
    base: Vec<String>,
    head: &[String],
    screen: &Screen,
) -> Result<Vec<String>, Usage> {
    let alone = |some: &[String], others: &[String]| {
        some.iter().filter(|label| !others.contains(label)).count()
    };
    for (side, count) in [
        (Side::Base, alone(&base, head)),
        (Side::Head, alone(head, &base)),
    ] {
        if count > 0 {
            screen.note(&format!("{count} functions are in {} alone", side.name()));
        }
    }
    let mut common = base;
    common.retain(|label| head.contains(label));
    if let Some(problem) = &options.problem {
        let problem = selection::problem(problem)?;
        common.retain(|label| label.split('/').next() == Some(problem.name()));
    }
    if options.selection.is_empty() {
        return Ok(common);
    }
    let selection = Selection::parse(&options.selection)?;
    if let Some(file) = selection.files.first() {
        return Err(Usage::file(
            file,
            "BASE and HEAD are judges already; name functions behind them",
        ));
    }
    selection.labels(common)
}

/// What is to be compared on what.
fn jobs(options: &Options, labels: &[String]) -> Result<Vec<Job>, Usage> {
    let is_asked = |case: &CaseName| {
        let mut problems = labels.iter().filter_map(|label| label.split('/').next());
        problems.any(|problem| problem == case.problem)
    };
    if let Some(case) = options.case.iter().find(|case| !is_asked(case)) {
        return Err(Usage::new(format!(
            "--case {case}: no function of {} is compared",
            case.problem
        )));
    }
    let mut jobs = Vec::new();
    for label in labels {
        let name = label.split('/').next().unwrap_or_default();
        // A problem that this judge does not know is one that it cannot name cases of.
        let Some(problem) = problems::find(name) else {
            continue;
        };
        let rungs = if options.case.is_empty() {
            pick::rungs(problem.as_ref(), Target::Function)?
        } else {
            let of_problem = options.case.iter().filter(|case| case.problem == name);
            let cases = named_cases(of_problem, problem.as_ref())?;
            cases.into_iter().map(|case| vec![case]).collect()
        };
        jobs.extend(rungs.into_iter().map(|rungs| Job {
            label: label.clone(),
            problem: problem.clone(),
            rungs,
        }));
    }
    Ok(jobs)
}

/// Has a judge call a function once: one that cannot is not worth a wait.
fn shake_hands(path: &Path, launch: &Launch, job: &Job, court: &Court) -> Result<(), Usage> {
    let mut runner = Runner::launched(launch.clone());
    let case = Prepared::of_name(job.problem.clone(), job.rungs[0].clone());
    let limits = court.limits_of(job.problem.as_ref(), 1.0);
    let answered =
        RunnerExecution::of_function(&mut runner, job.label.clone()).run(&case, &limits, 1);
    answered.map(|_| ()).map_err(|error| {
        let mend = "build both judges from versions whose runners speak the same protocol";
        Usage::file(path, format!("{error:#}; {mend}"))
    })
}

/// Calls of which the least counts when a case is picked.
const TRIES: u32 = 3;

/// The case of a job, and how long a call of the base takes on it.
fn pick_one(
    job: &Job,
    base: &Launch,
    limits: &RunLimits,
) -> anyhow::Result<Result<(Picked, Duration), Run>> {
    let mut runner = Runner::launched(base.clone());
    let rungs = job
        .rungs
        .iter()
        .map(|id| Arc::new(Prepared::of_name(job.problem.clone(), id.clone())));
    let mut last = Vec::new();
    let picked = pick::pick(rungs, &Range::FUNCTION, &mut |case| {
        let run = RunnerExecution::of_function(&mut runner, job.label.clone())
            .run(case, limits, TRIES)?;
        if run.verdict == Verdict::Accepted {
            last.push((case.id.clone(), run.cpu_ns().unwrap_or(0)));
        }
        Ok(run)
    })?;
    Ok(picked.map(|mut picked| {
        // Many calls make a sample of a short one.
        picked.remark = None;
        let call = last.iter().find(|(id, _)| *id == picked.case.id);
        let call = call.map_or(0, |(_, cpu_ns)| *cpu_ns);
        (picked, Duration::from_nanos(call))
    }))
}

/// How long the calls of a sample take together, if each is shorter: what the runner is asked costs about as much.
const SAMPLE: Duration = Duration::from_micros(200);

/// How many calls make a sample, whose median it is.
fn calls(call: Duration) -> u32 {
    let wanted = SAMPLE.as_nanos() / call.as_nanos().max(1);
    wanted.clamp(1, 200) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_calls_are_repeated_within_a_sample() {
        assert_eq!(calls(Duration::from_millis(3)), 1);
        assert_eq!(calls(Duration::from_micros(10)), 20);
        assert_eq!(calls(Duration::ZERO), 200);
    }
}
