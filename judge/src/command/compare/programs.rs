//! Two programs, in one slot of the sandbox.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use problems::AnyProblem;
use sandbox::Slot;
use vocabulary::{CaseId, Target, Verdict};

use super::{Label, Options, PROGRAMS, announce, named_cases, on_case};
use crate::build::{Built, NotBuilt};
use crate::comparison::Side;
use crate::comparison::contest::ProgramContest;
use crate::comparison::pick::{self, Picked, Range};
use crate::comparison::row::Row;
use crate::comparison::subject::is_executable;
use crate::display::Screen;
use crate::execute::{Execute, Prepared, ProgramExecution, Run, RunLimits};
use crate::judging::Court;
use crate::measure::growth::quiet_processor;
use crate::measure::ladder::smallest_case;
use crate::selection;
use crate::solution::{Code, Solution};
use crate::usage::Usage;

/// Compares the two files on cases of a problem.
pub(super) fn compare(options: &Options, screen: &Screen) -> anyhow::Result<Vec<Row>> {
    if options.court.sanitize {
        return Err(Usage::new("--sanitize: times of it are not comparable; leave it out").into());
    }
    if let Some(word) = options.selection.first() {
        return Err(Usage::new(format!(
            "`{word}`: a selection is of the functions of two judges; name the programs' problem with -p"
        ))
        .into());
    }
    let problem = options.problem.as_deref().ok_or_else(|| {
        Usage::new(
            "which problem do the programs answer? Name it with -p PROBLEM (`judge list problems`)",
        )
    })?;
    let problem = selection::problem(problem)?;
    let court = options.court.court()?;
    let sandbox = court
        .sandbox
        .as_ref()
        .map_err(|reason| Usage::new(reason.as_str()))?;
    let mut slot = sandbox.slot(quiet_processor())?;
    let solution = |path: &Path| solution(options, path, &problem, &court);
    let solutions = [solution(&options.base)?, solution(&options.head)?];
    let label = |terms_threshold| Label {
        solution: solutions[1].label(),
        target: solutions[1].target(),
        threshold: terms_threshold,
    };
    let mut built = Vec::new();
    for (side, solution) in [Side::Base, Side::Head].into_iter().zip(&solutions) {
        let (verdict, reason) = match court.builder.build(&solution.code, &mut slot)? {
            Ok(program) => {
                built.push(program);
                continue;
            }
            Err(NotBuilt::NoToolchain(reason)) => (Verdict::Skipped, reason),
            Err(NotBuilt::CompileError(reason)) => (Verdict::CompileError, reason),
        };
        return Ok(vec![label(0.0).not(None, side, verdict, &reason)]);
    }
    let [base, head] = built.as_slice() else {
        unreachable!("both were built")
    };
    let limits = [(&solutions[0], base), (&solutions[1], head)]
        .map(|(solution, built)| court.run_limits(solution, built.time_factor));
    let tier = sandbox.tier();
    let cases = if options.case.is_empty() {
        let mut runs = Runs {
            slot: &mut slot,
            built: base,
            limits: limits[0],
            tier,
        };
        pick_all(&problem, &mut runs, screen)?
    } else {
        named(options, &problem, &court)?
    };
    let terms = options.terms(&PROGRAMS, cases.len());
    let label = label(terms.threshold.relative);
    announce(
        screen,
        cases.len(),
        &format!("{} cases", cases.len()),
        &terms,
    );
    let mut rows = Vec::new();
    for case in cases {
        let Picked { case, remark } = match case {
            Ok(picked) => picked,
            Err((case, run)) => {
                rows.push(label.not(Some(case), Side::Base, run.verdict, &run.detail));
                continue;
            }
        };
        let name = case.id.to_string();
        let mut contest = ProgramContest {
            slot: &mut slot,
            built: [base, head],
            tier,
            case,
            limits,
        };
        rows.push(on_case(&mut contest, name, remark, &label, &terms, screen)?);
    }
    screen.finish();
    Ok(rows)
}

/// A source in some language, or a program of machine code as it is.
fn solution(
    options: &Options,
    path: &Path,
    problem: &Arc<dyn AnyProblem>,
    court: &Court,
) -> anyhow::Result<Solution> {
    if is_executable(path).map_err(|error| Usage::file(path, error))? {
        return Ok(Solution {
            problem: problem.clone(),
            name: path.display().to_string(),
            expectation: None,
            code: Code::Command(vec![path.display().to_string()]),
        });
    }
    let languages = court.builder.languages();
    Solution::of_file(
        problem.clone(),
        path,
        languages,
        options.language.as_deref(),
    )
}

/// A case to compare on, or the run of the base on it that was not right.
type Chosen = Result<Picked, (String, Run)>;

/// The cases that somebody named.
fn named(
    options: &Options,
    problem: &Arc<dyn AnyProblem>,
    court: &Court,
) -> anyhow::Result<Vec<Chosen>> {
    let mut cases = Vec::new();
    for id in named_cases(&options.case, problem.as_ref())? {
        let case = court
            .cases
            .get(problem, &id)
            .map_err(|error| Usage::new(error.to_string()))?;
        cases.push(Ok(Picked { case, remark: None }));
    }
    Ok(cases)
}

/// Runs of the base alone.
struct Runs<'a> {
    slot: &'a mut Slot,
    built: &'a Built,
    limits: RunLimits,
    tier: sandbox::Tier,
}

/// Runs of which the least counts when a case is picked.
const TRIES: u32 = 2;

impl Runs<'_> {
    fn run(&mut self, case: &Prepared) -> anyhow::Result<Run> {
        ProgramExecution::new(self.slot, self.built, self.tier).run(case, &self.limits, TRIES)
    }
}

/// A case of each family whose growth is measured.
fn pick_all(
    problem: &Arc<dyn AnyProblem>,
    runs: &mut Runs<'_>,
    screen: &Screen,
) -> anyhow::Result<Vec<Chosen>> {
    let ladders = pick::rungs(problem.as_ref(), Target::Process)?;
    screen.start("picking cases", ladders.len() as u64);
    // Built when it is looked into: the largest are never reached.
    let prepared = |id: &CaseId| Arc::new(Prepared::of_name(problem.clone(), id.clone()));
    let mut chosen = Vec::new();
    for ladder in ladders {
        let overhead = match smallest_case(problem.as_ref(), &ladder[0]) {
            Some(id) => runs.run(&prepared(&id))?.cpu_ns(),
            None => None,
        };
        let range = Range::program(Duration::from_nanos(overhead.unwrap_or(0)));
        let rungs = ladder.iter().map(prepared);
        let picked = pick::pick(rungs, &range, &mut |case| runs.run(case))?;
        chosen.push(picked.map_err(|run| (ladder[0].to_string(), run)));
        screen.advance(1);
    }
    screen.finish();
    Ok(chosen)
}
