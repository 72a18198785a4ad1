//! `judge stress FILE`: look for a failing case, then shrink it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use clap::Args;
use problems::AnyProblem;
use vocabulary::units::counted;
use vocabulary::{CaseId, Target, Verdict};

use super::options::{CaseOptions, CourtOptions, OwnOptions};
use super::{AS_EXPECTED, NOT_AS_EXPECTED};
use crate::build::Built;
use crate::display::{Screen, Shown};
use crate::execute::{Execute, Failure, Prepared, Run, RunLimits};
use crate::interrupt;
use crate::judging::{Court, Readied, Worker};
use crate::search::{Order, cases_from_smallest};
use crate::selection::{Selection, label_within};
use crate::shrink::shrink;
use crate::solution::{Solution, shipped};
use crate::usage::Usage;

/// Look for a failing case of a file, and shrink it
#[derive(Debug, Args)]
#[command(after_help = "\
Every family, from the smallest parameters up, seed after seed, until a case fails or the time is up. The failing input \
is then shrunk: fewer elements, smaller values, as long as it fails in the same way.

Examples:
  judge stress mine.cpp -p knapsack
  judge stress mine.cpp -p knapsack --against brute_force.py --time 120
  judge stress mine.cpp -p kth_largest --family ties_at_k --set n=10")]
pub(super) struct Options {
    /// Your file (and its problem, if -p does not name it)
    #[arg(value_name = "FILE|PROBLEM")]
    words: Vec<String>,
    #[command(flatten)]
    own: OwnOptions,
    /// A second answer, a shipped solution or a file: a case where the two get different verdicts is found, too
    #[arg(long, value_name = "REFERENCE")]
    against: Option<String>,
    /// How long to look, in seconds; shrinking may take as long again
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    time: u64,
    /// The largest value of the problem's primary parameter
    #[arg(long, value_name = "SIZE", default_value_t = 1000)]
    most: i64,
    /// The folder for the failing case
    #[arg(long, value_name = "DIR", default_value = "judge-out/stress")]
    out: PathBuf,
    #[command(flatten)]
    cases: CaseOptions,
    #[command(flatten)]
    court: CourtOptions,
}

impl Options {
    pub(super) fn execute(&self) -> anyhow::Result<u8> {
        let court = self.court.court()?;
        let selection = Selection::parse(&self.words)?;
        let problem = self.own.problem(&selection)?;
        let languages = court.builder.languages();
        let mut own = self.own.solutions(&problem, &selection.files, languages)?;
        // The emulator finds faults that a GPU passes over.
        own.retain(|solution| solution.target() != Target::Cuda);
        let [solution] = own.as_slice() else {
            return Err(
                Usage::new("name one file (or one command behind `--`) to be stressed").into(),
            );
        };
        let reference = self.reference(&problem, &court)?;

        let (mut worker, mut built) = (Worker::new(None), None);
        let first = ready(&court, solution, &mut worker, &mut built)?;
        let (mut second_worker, mut second_built) = (Worker::new(None), None);
        let second = match &reference {
            Some(reference) => Some(ready(
                &court,
                reference,
                &mut second_worker,
                &mut second_built,
            )?),
            None => None,
        };

        let screen = Screen::new(false);
        let mut trial = Trial { first, second };
        let found = self.look(&problem, &mut trial, &screen)?;
        screen.finish();
        let Some(found) = found else {
            return Ok(AS_EXPECTED);
        };
        let smallest = self.shrink(&problem, &found, &mut trial, &screen)?;
        screen.finish();
        self.show(solution, &found, &smallest, &screen)?;
        Ok(NOT_AS_EXPECTED)
    }

    fn reference(
        &self,
        problem: &Arc<dyn AnyProblem>,
        court: &Court,
    ) -> anyhow::Result<Option<Solution>> {
        let Some(name) = &self.against else {
            return Ok(None);
        };
        let languages = court.builder.languages();
        let path = Path::new(name);
        if path.is_file() {
            return Ok(Some(Solution::of_file(
                problem.clone(),
                path,
                languages,
                None,
            )?));
        }
        let label = label_within(problem.name(), name);
        let found = Selection::parse(&[label])?.solutions(shipped(languages))?;
        Ok(found.into_iter().next())
    }

    /// The first case that fails.
    fn look(
        &self,
        problem: &Arc<dyn AnyProblem>,
        trial: &mut Trial<'_>,
        screen: &Screen,
    ) -> anyhow::Result<Option<Failure>> {
        let plan = self.cases.plan(false, 1)?;
        let until = Instant::now() + Duration::from_secs(self.time);
        let interrupted = interrupt::flag();
        let mut tried = 0;
        let mut seed = plan.seed;
        loop {
            // Seeds in lots: the first is one seed of everything, and each lot is as large as all before it.
            let lot = (seed - plan.seed).max(1);
            let cases = cases_from_smallest(
                problem.as_ref(),
                &plan.families,
                &plan.set,
                self.most,
                seed..seed + lot,
                Order::DefaultsFirst,
            );
            if cases.is_empty() {
                return Err(Usage::new(format!(
                    "no family of {} takes these parameters",
                    problem.name()
                ))
                .into());
            }
            screen.start("stressing", cases.len() as u64);
            for id in cases {
                if Instant::now() > until || interrupted.load(Ordering::Relaxed) {
                    screen.finish();
                    screen.line(&format!(
                        "nothing found: {} passed, seeds from {} to {seed}",
                        counted(tried, "case"),
                        plan.seed
                    ));
                    return Ok(None);
                }
                let prepared = Arc::new(Prepared::of_name(problem.clone(), id));
                let run = trial.run(&prepared)?;
                tried += 1;
                screen.advance(1);
                if run.verdict != Verdict::Accepted {
                    return Ok(Some(Failure { prepared, run }));
                }
            }
            seed += lot;
        }
    }

    /// The smallest input that was found to fail in the same way.
    fn shrink(
        &self,
        problem: &Arc<dyn AnyProblem>,
        found: &Failure,
        trial: &mut Trial<'_>,
        screen: &Screen,
    ) -> anyhow::Result<Failure> {
        let as_found = || Failure {
            prepared: found.prepared.clone(),
            run: found.run.clone(),
        };
        let (Some(schema), Some(start)) = (problem.schema(), found.prepared.case()?.input_arrays())
        else {
            return Ok(as_found());
        };
        screen.note(&format!(
            "{} on {}; shrinking",
            found.run.verdict, found.prepared.id
        ));
        let until = Instant::now() + Duration::from_secs(self.time);
        let (mut smallest, mut fault) = (as_found(), None);
        shrink(schema, start, |arrays| {
            if Instant::now() > until
                || fault.is_some()
                || interrupt::flag().load(Ordering::Relaxed)
            {
                return false;
            }
            match attempt(
                problem,
                &found.prepared.id,
                &schema.write_input(arrays),
                trial,
            ) {
                Ok((prepared, run)) if run.verdict == found.run.verdict => {
                    smallest = Failure { prepared, run };
                    true
                }
                Ok(_) => false,
                Err(error) => {
                    fault = Some(error);
                    false
                }
            }
        });
        fault.map_or(Ok(smallest), Err)
    }

    /// Saves the failing case and shows it.
    fn show(
        &self,
        solution: &Solution,
        found: &Failure,
        smallest: &Failure,
        screen: &Screen,
    ) -> anyhow::Result<()> {
        let case = smallest.prepared.case()?;
        let (input, answer) = (case.input_text(), case.expected_text());
        let folder = self.out.join(format!(
            "{}-{}",
            solution.problem.name(),
            solution.file_name()
        ));
        std::fs::create_dir_all(&folder).map_err(|error| Usage::file(&folder, error))?;
        let command = format!(
            "judge run --cases {} {}{}",
            folder.display(),
            self.words.join(" "),
            self.own.problem_option()
        );
        for (name, content) in [
            ("failing.in", input.as_slice()),
            ("failing.ans", &answer),
            ("output.txt", &smallest.run.output),
            ("command.txt", format!("{command}\n").as_bytes()),
            ("case.txt", format!("{}\n", found.prepared.id).as_bytes()),
        ] {
            let path = folder.join(name);
            std::fs::write(&path, content).map_err(|error| Usage::file(&path, error))?;
        }
        let was_checked = smallest.run.verdict == Verdict::WrongAnswer;
        let shrunk = match (found.prepared.case()?.items(), case.items()) {
            (before, after) if after < before => {
                format!(", shrunk from {before} to {after} elements")
            }
            _ if found.prepared.text()? != smallest.prepared.text()? => {
                ", with smaller values".to_owned()
            }
            _ => String::new(),
        };
        let shown = Shown {
            heading: format!(
                "{} {} on {}{shrunk}",
                smallest.run.verdict,
                solution.label(),
                found.prepared.id
            ),
            detail: &smallest.run.detail,
            input: &input,
            expected: was_checked.then_some(&answer),
            got: was_checked.then_some(&smallest.run.output),
            errors: if was_checked {
                &[]
            } else {
                &smallest.run.error_output
            },
            transcript: None,
            again: Some(command),
        };
        screen.line(&shown.text());
        screen.line(&format!("saved in {}", folder.display()));
        Ok(())
    }
}

/// A solution made ready, or a mistake that says why it cannot be.
fn ready<'a>(
    court: &'a Court,
    solution: &Solution,
    worker: &'a mut Worker,
    built: &'a mut Option<Built>,
) -> anyhow::Result<(Box<dyn Execute + 'a>, RunLimits)> {
    match court.ready(solution, worker, built)? {
        Readied::Ready(execution, factor) => Ok((execution, court.run_limits(solution, factor))),
        Readied::Not(verdict, reason) => {
            Err(Usage::new(format!("{} {}: {reason}", verdict, solution.label())).into())
        }
    }
}

/// Runs an input that has no name of its own.
fn attempt(
    problem: &Arc<dyn AnyProblem>,
    name: &CaseId,
    input: &[u8],
    trial: &mut Trial<'_>,
) -> anyhow::Result<(Arc<Prepared>, Run)> {
    let case = problem.case_of_text(name.clone(), input)?;
    let prepared = Arc::new(Prepared::of_case(problem.clone(), case));
    let run = trial.run(&prepared)?;
    Ok((prepared, run))
}

/// The file, and the reference beside it.
struct Trial<'a> {
    first: (Box<dyn Execute + 'a>, RunLimits),
    second: Option<(Box<dyn Execute + 'a>, RunLimits)>,
}

impl Trial<'_> {
    /// The file's run; if it is accepted where the reference is not, that is the finding.
    fn run(&mut self, prepared: &Prepared) -> anyhow::Result<Run> {
        let run = self.first.0.run(prepared, &self.first.1, 1)?;
        let Some((reference, limits)) = self
            .second
            .as_mut()
            .filter(|_| run.verdict == Verdict::Accepted)
        else {
            return Ok(run);
        };
        let mut other = reference.run(prepared, limits, 1)?;
        if other.verdict == Verdict::Accepted {
            return Ok(run);
        }
        other.detail = format!(
            "this is the reference's verdict, the file is accepted: {}",
            other.detail
        );
        Ok(other)
    }
}
