//! `judge bench`: how solutions grow, as table, chart, CSV and SVG.

mod expectation;
mod line;

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use reports::Curve;
use vocabulary::units::counted;
use vocabulary::{Growth, Kind, Parameters, Target, Verdict};

use line::Line;

use super::options::{CourtOptions, Format, OwnOptions, jobs};
use super::reporter::Reporter;
use super::{AS_EXPECTED, NOT_AS_EXPECTED};
use crate::display::Screen;
use crate::instructions::Counter;
use crate::interrupt;
use crate::judging::{Court, Judged, Task, named};
use crate::measure::growth;
use crate::measure::sweep::{Sweep, Wish};
use crate::output::{OutFolder, Results};
use crate::plan::{PlanOptions, for_solution};
use crate::selection::{Selection, label_within};
use crate::solution::{Solution, shipped};
use crate::surroundings;
use crate::usage::Usage;

/// Measure how solutions grow along a parameter
#[derive(Debug, Args)]
#[command(after_help = "\
The growth class is a set: `undecided between n and n log n` where the curve allows both. A solution that is not accepted
on small cases has no curve.

Examples:
  judge bench kth_largest --quick
  judge bench kth_largest --axis k --family sorted
  judge bench knapsack --axis capacity --set n=200 --svg knapsack.svg
  judge bench sliding_window_maximum --axis k --from 1 --to 65536 --set n=1000000
  judge bench kth_largest mine.cpp --with sorting
  judge bench kth_largest mine.cpp --expect='n*log(n)'
  judge bench sliding_window_maximum --axis threads --set n=4000000")]
pub(super) struct Options {
    /// Problems, solutions as PROBLEM/SOLUTION, globs; and files of your own
    #[arg(value_name = "SELECTION|FILE")]
    words: Vec<String>,
    #[command(flatten)]
    own: OwnOptions,
    /// Measure shipped solutions beside your file; may be given several times
    #[arg(long, value_name = "SOLUTION")]
    with: Vec<String>,
    /// The parameter that grows, or `threads`: those of a function, the processors of a program [default: the first axis of each
    /// problem]
    #[arg(long, value_name = "PARAMETER")]
    axis: Option<String>,
    /// Its least value
    #[arg(long, value_name = "VALUE")]
    from: Option<i64>,
    /// Its greatest value
    #[arg(long, value_name = "VALUE")]
    to: Option<i64>,
    /// Parameters that are held still, for example n=1000,k=3
    #[arg(long, value_name = "NAME=VALUE,...", default_value = "")]
    set: Parameters,
    /// Only this family; may be given several times [default: those of the axis]
    #[arg(long, value_name = "FAMILY")]
    family: Vec<String>,
    /// The seed of all cases
    #[arg(long, value_name = "SEED", default_value_t = 0)]
    seed: u64,
    /// Only solutions that run here: process, function, emulator or cuda
    #[arg(long)]
    target: Option<Target>,
    /// One second a curve instead of six
    #[arg(long)]
    quick: bool,
    /// Seconds a curve at most
    #[arg(long, value_name = "SECONDS", conflicts_with = "quick")]
    time: Option<u64>,
    /// Do not count instructions, whose curves have no noise; `--quick` does not, either
    #[arg(long)]
    no_instructions: bool,
    /// Hold every solution against the growth that its header states, or all of them against this one: 1 where a curve lies wholly
    /// above
    #[arg(long, value_name = "GROWTH", num_args = 0..=1, require_equals = true)]
    expect: Option<Option<Growth>>,
    /// Say below the tables what weakens the curves
    #[arg(long)]
    notes: bool,
    /// Leave the charts out
    #[arg(long)]
    no_chart: bool,
    /// Draw all curves into this file, too
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// The folder for measurements.csv, samples.csv, curves.csv, leaderboard.csv and environment.json
    #[arg(long, value_name = "DIR", default_value = "judge-out")]
    out: PathBuf,
    #[arg(long, default_value = "text")]
    format: Format,
    #[command(flatten)]
    court: CourtOptions,
}

impl Options {
    pub(super) fn execute(&self) -> anyhow::Result<u8> {
        if self.court.sanitize {
            let message = "--sanitize: times of sanitized programs are not comparable; use `judge run --sanitize`";
            return Err(Usage::new(message).into());
        }
        let court = self.court.court()?;
        let mut solutions = self.solutions(&court)?;
        let per_curve = match self.time {
            Some(seconds) => Duration::from_secs(seconds),
            None => Duration::from_secs(if self.quick { 1 } else { 6 }),
        };
        let wish = self.wish();
        if wish.is_of_threads() {
            solutions.retain(|solution| matches!(solution.kind(), Kind::Function | Kind::Program));
        }
        for solution in &solutions {
            if let Some(bound) = self.said() {
                expectation::check(bound, solution)?;
            }
            if Sweep::of(solution.problem.as_ref(), &wish)?.is_none() {
                let name = solution.problem.name();
                return Err(Usage::new(format!("{name} has no axis; name one with --axis")).into());
            }
        }
        let mut plan = growth::Plan::new(Duration::MAX / 1000, per_curve, wish);
        plan.stated = self.said().cloned();
        let tasks = tasks(solutions)?;
        let screen = Screen::new(self.format == Format::Json);
        if !self.quick && !self.no_instructions {
            match Counter::probe() {
                Ok(counter) => {
                    screen.note(&format!(
                        "instructions are counted by {}",
                        counter.in_words()
                    ));
                    plan.counter = Some(counter);
                }
                Err(reason) => screen.note(&format!("no instructions are counted: {reason}")),
            }
        }
        screen.note(&format!(
            "measuring {}: at most {} s",
            counted(tasks.len(), "solution"),
            plan.time(tasks.iter().map(|task| &task.solution)).as_secs() + 1
        ));
        let of_tasks = || tasks.iter().map(|task| &task.solution);
        let (environment, run) = surroundings::of_this_run(&court, of_tasks())?;
        let out = OutFolder::create(&self.out, &run, &parameters(of_tasks()))?;
        environment.write(self.out.join("environment.json"))?;

        let cases = tasks.iter().map(|task| task.cases.len() as u64).sum();
        screen.start("judging", cases);
        let mut reporter = Reporter::new(&screen, Format::Text, None, interrupt::flag());
        reporter.only_failures = true;
        let judged = court.judge_all(&tasks, jobs(None), &reporter);
        screen.finish();
        let judged = judged?;
        reporter.failures_again();

        let rows = growth::measure(&court, &judged, &plan, &out, &screen)?;
        let results = growth::results(&rows, &out.rows()?, &judged, &plan);
        out.results(&results)?;
        self.show(&results, &judged, &screen)?;
        self.conclude(&results, &judged, &screen)
    }

    /// The growth that all solutions are to keep to, if one was said.
    fn said(&self) -> Option<&Growth> {
        self.expect.as_ref()?.as_ref()
    }

    fn wish(&self) -> Wish {
        Wish {
            parameter: self.axis.clone(),
            from: self.from,
            to: self.to,
            set: self.set.clone(),
            families: self.family.clone(),
            seed: self.seed,
        }
    }

    fn solutions(&self, court: &Court) -> anyhow::Result<Vec<Solution>> {
        let selection = Selection::parse(&self.words)?;
        let all = shipped(court.builder.languages());
        let mut solutions = if selection.files.is_empty() && !self.own.has_command() {
            if let Some(name) = self.with.first() {
                let message = format!(
                    "--with {name}: it puts a shipped solution beside a file of yours: name the file, too"
                );
                return Err(Usage::new(message).into());
            }
            selection.problems()?;
            selection.solutions(all)?
        } else {
            let problem = self.own.problem(&selection)?;
            let languages = court.builder.languages();
            let mut own = self.own.solutions(&problem, &selection.files, languages)?;
            let labels: Vec<String> = self
                .with
                .iter()
                .map(|name| label_within(problem.name(), name))
                .collect();
            if !labels.is_empty() {
                own.extend(Selection::parse(&labels)?.solutions(all)?);
            }
            own
        };
        solutions.retain(|solution| {
            solution.should_be_right()
                && self.target.is_none_or(|target| solution.target() == target)
        });
        if solutions.is_empty() {
            return Err(Usage::new("nothing that is right is selected").into());
        }
        Ok(solutions)
    }

    fn show(&self, results: &Results, judged: &[Judged], screen: &Screen) -> anyhow::Result<()> {
        let curves = &results.curves;
        if self.format == Format::Json {
            for curve in curves {
                let bound = expectation::bound(self.said(), curve, judged);
                let line = Line::new(curve, solution_of(curve, judged), bound);
                screen.data(&serde_json::to_string(&line)?);
            }
        }
        if !curves.is_empty() {
            screen.line(&reports::growth_table(curves, self.notes));
            if !self.no_chart {
                screen.line(&reports::growth_chart(curves));
            }
            let crossings = reports::crossings(&curves.iter().collect::<Vec<_>>());
            for crossing in crossings {
                screen.line(&crossing.to_string());
            }
        }
        if let (Some(file), Some(svg)) = (&self.svg, reports::growth_svg(curves)) {
            std::fs::write(file, svg)
                .map_err(|error| Usage::file(file, format!("{error}; name another with --svg")))?;
        }
        Ok(())
    }

    fn conclude(
        &self,
        results: &Results,
        judged: &[Judged],
        screen: &Screen,
    ) -> anyhow::Result<u8> {
        let decided = results
            .curves
            .iter()
            .filter(|curve| curve.decided().is_some());
        screen.line(&format!(
            "{}, {} decided; rows in {}",
            counted(results.curves.len(), "curve"),
            decided.count(),
            self.out.display()
        ));
        let not_right = judged
            .iter()
            .any(|judged| !matches!(judged.verdict, Verdict::Accepted | Verdict::Skipped));
        let is_above =
            self.expect.is_some() && expectation::hold(self.said(), results, judged, screen);
        Ok(if not_right || is_above {
            NOT_AS_EXPECTED
        } else {
            AS_EXPECTED
        })
    }
}

/// What is not right has no curve: small cases of every family tell enough.
fn tasks(solutions: Vec<Solution>) -> anyhow::Result<Vec<Task>> {
    let plan = PlanOptions {
        quick: true,
        seed: 0,
        seeds: 1,
        families: Vec::new(),
        set: Parameters::new(),
    };
    let task = |solution: Solution| {
        Ok(Task {
            cases: for_solution(&solution, &[], &plan)?,
            solution,
            wanted: Verdict::Accepted,
            patience: 1,
            stops_at_first: true,
            smaller_within: Duration::ZERO,
        })
    };
    solutions.into_iter().map(task).collect()
}

/// The parameters of all problems of some solutions, each once.
pub(super) fn parameters<'a>(solutions: impl Iterator<Item = &'a Solution>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for solution in solutions {
        let schema = solution.problem.schema();
        for parameter in schema.map_or(&[][..], |schema| &schema.parameters) {
            if !names.iter().any(|known| known == parameter.name) {
                names.push(parameter.name.to_owned());
            }
        }
    }
    names
}

fn solution_of<'a>(curve: &Curve, judged: &'a [Judged]) -> Option<&'a Solution> {
    named(judged, &curve.problem, &curve.solution, curve.target)
}
