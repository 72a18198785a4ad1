//! `judge verify`: every shipped solution against its expectation.

use std::fmt;
use std::sync::atomic::Ordering;
use std::time::Duration;

use clap::Args;
use vocabulary::units::counted;
use vocabulary::{Expectation, Target, Verdict};

use super::options::{CaseOptions, CourtOptions, Format, jobs};
use super::reporter::{Reporter, is_expected};
use super::{AS_EXPECTED, NOT_AS_EXPECTED};
use crate::display::Screen;
use crate::instructions::Counter;
use crate::interrupt;
use crate::judging::{Court, Judged, Task};
use crate::measure::bound::{self, Held};
use crate::plan::{PlanOptions, for_solution, seeded};
use crate::selection::Selection;
use crate::solution::{Solution, shipped};
use crate::usage::Usage;

/// Hold every shipped solution against its expectation
#[derive(Debug, Args)]
#[command(after_help = "\
A wrong solution must get its verdict on the case that it is bound to, with every seed; a slow one must need at least \
three times the limit there. A right one must be accepted everywhere, and need at most a third of any limit; and where its header states a growth, its instructions must not grow faster.

Examples:
  judge verify --strict --seeds 3
  judge verify 'knapsack/*.py'
  judge verify --only wrong --seeds 20
  judge verify --only right --growth all            instructions of programs, too: minutes")]
pub(super) struct Options {
    /// Problems, solutions as PROBLEM/SOLUTION, or globs
    selection: Vec<String>,
    /// A solution that is skipped for want of a toolchain or sandbox counts as a failure
    #[arg(long)]
    strict: bool,
    /// Only the solutions that are right, or only those that are wrong by design
    #[arg(long)]
    only: Option<Only>,
    /// Whose growth is held against what their headers state: counting programs takes minutes, the rest seconds
    #[arg(long, value_name = "WHOSE", default_value = "functions")]
    growth: GrowthOf,
    /// How many seeds of every case
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    seeds: u64,
    /// Only solutions that run here: process or function
    #[arg(long)]
    target: Option<Target>,
    /// How many run at a time [default: one a processor]
    #[arg(long, value_name = "COUNT")]
    jobs: Option<usize>,
    #[command(flatten)]
    cases: CaseOptions,
    #[command(flatten)]
    court: CourtOptions,
    #[arg(long, default_value = "text")]
    format: Format,
}

/// A half of what is shipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Only {
    Right,
    Wrong,
}

/// Whose growth is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum GrowthOf {
    /// Nobody's
    None,
    /// That of functions, and of kernels on the emulator
    Functions,
    /// That of programs, too
    All,
}

impl GrowthOf {
    fn is_of(self, target: Target) -> bool {
        match self {
            GrowthOf::None => false,
            GrowthOf::Functions => target != Target::Process,
            GrowthOf::All => true,
        }
    }
}

/// What a slow solution must take at least, over the limit; and a right one at most, as a part of it.
const MARGIN: u32 = 3;

impl Options {
    pub(super) fn execute(&self) -> anyhow::Result<u8> {
        let court = self.court.court()?;
        let selection = Selection::parse(&self.selection)?;
        if let Some(file) = selection.files.first() {
            let message = format!(
                "{}: `verify` holds shipped solutions; use `judge run` for a file",
                file.display()
            );
            return Err(Usage::new(message).into());
        }
        let all = shipped(court.builder.languages());
        let mut solutions = selection.solutions(all.clone())?;
        solutions.retain(|solution| self.target.is_none_or(|target| solution.target() == target));
        let is_wanted = |solution: &Solution| {
            self.only
                .is_none_or(|only| (only == Only::Right) == solution.should_be_right())
        };
        solutions.retain(is_wanted);
        let plan = self.cases.plan(false, self.seeds)?;
        let tasks: Vec<Task> = solutions
            .into_iter()
            .map(|solution| task(solution, &all, &plan))
            .collect::<Result<_, _>>()?;

        let screen = Screen::new(self.format == Format::Json);
        screen.start(
            "verifying",
            tasks.iter().map(|task| task.cases.len() as u64).sum(),
        );
        let reporter = Reporter::new(&screen, self.format, None, interrupt::flag());
        let judged = court.judge_all(&tasks, jobs(self.jobs), &reporter);
        screen.finish();
        let judged = judged?;
        let growth = self.growth(&court, &judged, &screen)?;
        self.conclude(&judged, &growth, &screen, &reporter)
    }

    /// Holds the growth that right solutions state.
    fn growth(&self, court: &Court, judged: &[Judged], screen: &Screen) -> anyhow::Result<Growths> {
        let mut growths = Growths::default();
        let solutions: Vec<&Solution> = judged
            .iter()
            .filter(|judged| judged.verdict == Verdict::Accepted)
            .map(|judged| &judged.solution)
            .filter(|solution| self.growth.is_of(solution.target()))
            .filter(|solution| bound::stated(solution).is_some())
            .collect();
        if solutions.is_empty() || interrupt::flag().load(Ordering::Relaxed) {
            return Ok(growths);
        }
        let is_counted = |solution: &&Solution| solution.target() != Target::Emulator;
        let counter = if solutions.iter().any(is_counted) {
            let counter = Counter::probe();
            if let Err(reason) = &counter {
                screen.note(&format!(
                    "growth of functions and programs is not held: {reason}"
                ));
            }
            counter
        } else {
            Err("nothing is there to count".to_owned())
        };
        screen.start("growth", solutions.len() as u64);
        let mut last = None;
        bound::hold(
            court,
            &solutions,
            &counter,
            jobs(self.jobs),
            |solution, held| {
                if last.replace(solution.label()) != Some(solution.label()) {
                    screen.advance(1);
                }
                match held {
                    Held::Keeps => growths.keep += 1,
                    Held::Above(reason) => growths.above.push(reason),
                    Held::Unknown(reason) => growths.unknown.push(reason),
                }
            },
        )?;
        screen.finish();
        if counter.is_ok() {
            for reason in &growths.unknown {
                screen.note(reason);
            }
        }
        Ok(growths)
    }

    fn conclude(
        &self,
        judged: &[Judged],
        growth: &Growths,
        screen: &Screen,
        reporter: &Reporter<'_>,
    ) -> anyhow::Result<u8> {
        let skipped = judged
            .iter()
            .filter(|judged| judged.verdict == Verdict::Skipped)
            .count();
        // A machine without a GPU holds all that it can hold.
        let missing = judged.iter().any(|judged| {
            judged.verdict == Verdict::Skipped && judged.solution.target() != Target::Cuda
        });
        let mut failed = judged
            .iter()
            .filter(|judged| !is_expected(judged) && judged.verdict != Verdict::Skipped)
            .count();
        for judged in judged {
            if let Some(complaint) = too_close(judged) {
                failed += 1;
                reporter.failure(format!("{}: {complaint}\n", judged.solution.label()));
            }
        }
        for reason in &growth.above {
            failed += 1;
            reporter.failure(format!("{reason}\n"));
        }
        reporter.failures_again();
        let bound = judged
            .iter()
            .filter(|judged| !judged.solution.should_be_right());
        let cases: usize = judged.iter().map(|judged| judged.held).sum();
        let summary = format!(
            "{} verified: {} held ({} right, {} wrong by design) on {}; {failed} failed, {skipped} skipped",
            counted(judged.len(), "solution"),
            counted(judged.len() - failed - skipped, "expectation"),
            judged
                .iter()
                .filter(|judged| judged.solution.should_be_right() && is_expected(judged))
                .count(),
            bound.filter(|judged| is_expected(judged)).count(),
            counted(cases, "case"),
        );
        let summary = format!("{summary}{growth}");
        screen.line(&summary);
        if self.format == Format::Json {
            screen.note(&summary);
        }
        let fails = failed > 0 || (self.strict && missing);
        Ok(if fails { NOT_AS_EXPECTED } else { AS_EXPECTED })
    }
}

/// How right solutions grow, in curves.
#[derive(Default)]
struct Growths {
    keep: usize,
    above: Vec<String>,
    unknown: Vec<String>,
}

impl fmt::Display for Growths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.keep + self.above.len() + self.unknown.len() == 0 {
            return Ok(());
        }
        write!(
            f,
            "\ngrowth: {} curves of counted instructions keep to what is stated, {} lie above, {} could not be told",
            self.keep,
            self.above.len(),
            self.unknown.len()
        )
    }
}

/// What is asked of a shipped solution.
fn task(solution: Solution, all: &[Solution], plan: &PlanOptions) -> Result<Task, Usage> {
    let problem = solution.problem.clone();
    let (wanted, cases) = match solution.expectation.clone() {
        Some(Expectation {
            verdict,
            case: Some(case),
            ..
        }) => (verdict, seeded(problem.as_ref(), &case, plan)?),
        _ => (Verdict::Accepted, for_solution(&solution, all, plan)?),
    };
    let patience = if wanted == Verdict::TimeLimit {
        MARGIN
    } else {
        1
    };
    Ok(Task {
        solution,
        cases,
        wanted,
        patience,
        stops_at_first: true,
        smaller_within: Duration::ZERO,
    })
}

/// A verdict that another machine might turn: a right solution near the limit. (A slow one is run under three times
/// the limit, so that its verdict says it all.)
fn too_close(judged: &Judged) -> Option<String> {
    let (share, case) = judged
        .heaviest
        .as_ref()
        .filter(|_| judged.verdict == Verdict::Accepted)?;
    (*share > 1.0 / f64::from(MARGIN)).then(|| {
        format!("right, but takes {:.0}% of the time limit on {case}; at most a third leaves room for slower machines", share * 100.0)
    })
}
