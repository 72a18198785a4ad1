//! `judge run`: correctness, then growth; writes CSV.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use reports::{Environment, RunInfo};
use vocabulary::units::counted;
use vocabulary::{CaseId, CaseName, Expectation, Target, Verdict};

use super::options::{CaseOptions, CourtOptions, Format, OwnOptions, jobs};
use super::reporter::{Reporter, is_expected};
use super::{AS_EXPECTED, NOT_AS_EXPECTED, bench, foreign};
use crate::display::Screen;
use crate::interrupt;
use crate::judging::{Court, Judged, Task};
use crate::measure::growth;
use crate::measure::sweep::Wish;
use crate::output::OutFolder;
use crate::plan::{PlanOptions, for_solution, seeded};
use crate::selection::{Selection, label_within};
use crate::solution::{Code, Solution, shipped};
use crate::surroundings;
use crate::usage::Usage;

/// Judge correctness, then measure growth; writes CSV
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  judge run                                  everything that is shipped, at quick sizes
  judge run kth_largest                      one problem
  judge run 'kth_largest/*.py'               some of its solutions
  judge run kth_largest mine.cpp             your file; see --with, --case
  judge run kth_largest mine.cu              your kernel; its launch plan stands in its first comment
  judge run -p knapsack -- ./mine --fast     a command as it is
  judge run --cases folder/ mine.py          a folder of name.in and name.ans (or name.out)
  judge run --cases folder/ --interactor talks.cpp mine.py")]
pub(super) struct Options {
    /// Problems, solutions as PROBLEM/SOLUTION, globs; and files of your own
    #[arg(value_name = "SELECTION|FILE")]
    words: Vec<String>,
    #[command(flatten)]
    own: OwnOptions,
    /// Judge shipped solutions beside your file; may be given several times
    #[arg(long, value_name = "SOLUTION")]
    with: Vec<String>,
    /// Judge only this case; may be given several times
    #[arg(long, value_name = "CASE")]
    case: Vec<CaseName>,
    /// Leave out large sizes and measure growth briefly
    #[arg(long)]
    quick: bool,
    /// Only solutions that run here: process, function, emulator or cuda
    #[arg(long)]
    target: Option<Target>,
    /// End each solution at its first failure
    #[arg(long)]
    stop_at_first: bool,
    /// Seconds for measuring growth, shared out over all curves; 0 measures none
    #[arg(long, value_name = "SECONDS", default_value_t = 80)]
    growth_time: u64,
    /// Seconds for finding a smaller case on which your file fails in the same way; 0 looks for none
    #[arg(long, value_name = "SECONDS", default_value_t = 20)]
    search_time: u64,
    /// Say below the growth tables what weakens the curves
    #[arg(long)]
    notes: bool,
    /// How many run at a time for correctness; timing always runs alone [default: one a processor]
    #[arg(long, value_name = "COUNT")]
    jobs: Option<usize>,
    /// The folder for measurements.csv, samples.csv, curves.csv, leaderboard.csv and environment.json
    #[arg(long, value_name = "DIR", default_value = "judge-out")]
    out: PathBuf,
    #[arg(long, default_value = "text")]
    format: Format,
    #[command(flatten)]
    cases: CaseOptions,
    #[command(flatten)]
    court: CourtOptions,
    #[command(flatten)]
    folder: foreign::FolderOptions,
}

impl Options {
    pub(super) fn execute(&self) -> anyhow::Result<u8> {
        let mut court = self.court.court()?;
        court.interactor = self.folder.interactor(&court)?;
        let selection = Selection::parse(&self.words)?;
        let tasks = self.tasks(&court, &selection)?;
        let (environment, run) =
            surroundings::of_this_run(&court, tasks.iter().map(|task| &task.solution))?;
        let out = self.out_folder(&tasks, &environment, &run)?;

        let screen = Screen::new(self.format == Format::Json);
        let per_curve = Duration::from_secs(if self.quick { 1 } else { 6 });
        let total = Duration::from_secs(self.growth_time);
        let plan = growth::Plan::new(total, per_curve, Wish::default());
        self.announce(&tasks, &plan, &screen);
        screen.start(
            "judging",
            tasks.iter().map(|task| task.cases.len() as u64).sum(),
        );
        let mut reporter = Reporter::new(&screen, self.format, Some(&out), interrupt::flag());
        reporter.again = Box::new(|solution, case| {
            solution
                .expectation
                .is_none()
                .then(|| self.again(solution, case))
        });
        let judged = court.judge_all(&tasks, jobs(self.jobs), &reporter);
        screen.finish();
        let judged = judged?;
        reporter.failures_again();

        if self.court.sanitize {
            screen.note("growth is not measured with --sanitize: its times are not comparable");
            return self.conclude(&judged, &screen);
        }
        let rows = growth::measure(&court, &judged, &plan, &out, &screen)?;
        let results = growth::results(&rows, &out.rows()?, &judged, &plan);
        out.results(&results)?;
        if !results.curves.is_empty() {
            screen.line(&format!(
                "\n{}",
                reports::growth_table(&results.curves, self.notes)
            ));
            screen.line(&reports::leaderboard_table(&results.leaderboards));
        }
        self.conclude(&judged, &screen)
    }

    fn tasks(&self, court: &Court, selection: &Selection) -> anyhow::Result<Vec<Task>> {
        let mut plan = self
            .cases
            .plan(self.quick || self.is_everything(selection), 1)?;
        let all = shipped(court.builder.languages());
        if self.folder.is_given() {
            return self.folder.tasks(
                court,
                &self.own,
                &selection.files,
                &self.case,
                self.stop_at_first,
            );
        }
        let has_own = !selection.files.is_empty() || self.own.has_command();
        let mut tasks = Vec::new();
        let mut beside = Vec::new();
        if has_own {
            let problem = self.own.problem(selection)?;
            for solution in
                self.own
                    .solutions(&problem, &selection.files, court.builder.languages())?
            {
                if self
                    .target
                    .is_some_and(|target| solution.target() != target)
                {
                    continue;
                }
                tasks.push(self.task(solution, &all, &plan)?);
            }
            let labels: Vec<String> = self
                .with
                .iter()
                .map(|name| label_within(problem.name(), name))
                .collect();
            if !labels.is_empty() {
                beside = Selection::parse(&labels)?.solutions(all.clone())?;
            }
        } else if self.with.is_empty() {
            if let Some(problem) = &self.own.problem {
                let words = [problem.clone()];
                beside = Selection::parse(&words)?.solutions(all.clone())?;
            } else {
                selection.problems()?;
                beside = selection.solutions(all.clone())?;
            }
        } else {
            return Err(Usage::new(
                "--with puts shipped solutions beside a file of yours: name the file, too",
            )
            .into());
        }
        beside.retain(|solution| self.target.is_none_or(|target| solution.target() == target));
        plan.quick |= beside.len() > 100;
        for solution in beside {
            tasks.push(self.task(solution, &all, &plan)?);
        }
        Ok(tasks)
    }

    fn is_everything(&self, selection: &Selection) -> bool {
        selection.is_everything()
            && selection.files.is_empty()
            && !self.own.has_command()
            && self.own.problem.is_none()
    }

    /// A user's file and a right solution are judged everywhere, a wrong one on the case that it is bound to.
    fn task(
        &self,
        solution: Solution,
        all: &[Solution],
        plan: &PlanOptions,
    ) -> anyhow::Result<Task> {
        let problem = solution.problem.clone();
        let mut named = Vec::new();
        for case in &self.case {
            if case.problem != problem.name() {
                let message = format!(
                    "--case {case}: it is a case of another problem than {}",
                    problem.name()
                );
                return Err(Usage::new(message).into());
            }
            named.extend(seeded(problem.as_ref(), case, plan)?);
        }
        let (wanted, cases) = match &solution.expectation {
            Some(Expectation {
                verdict,
                case: Some(case),
                ..
            }) => (*verdict, seeded(problem.as_ref(), case, plan)?),
            _ if !named.is_empty() => (Verdict::Accepted, named),
            _ => (Verdict::Accepted, for_solution(&solution, all, plan)?),
        };
        let is_own = solution.expectation.is_none();
        let smaller_within = if is_own && self.case.is_empty() {
            Duration::from_secs(self.search_time)
        } else {
            Duration::ZERO
        };
        Ok(Task {
            solution,
            cases,
            wanted,
            patience: 1,
            stops_at_first: self.stop_at_first,
            smaller_within,
        })
    }

    fn out_folder(
        &self,
        tasks: &[Task],
        environment: &Environment,
        run: &RunInfo,
    ) -> anyhow::Result<OutFolder> {
        let parameters = bench::parameters(tasks.iter().map(|task| &task.solution));
        let out = OutFolder::create(&self.out, run, &parameters)?;
        environment.write(self.out.join("environment.json"))?;
        Ok(out)
    }

    /// Says what is about to happen and how long it takes.
    fn announce(&self, tasks: &[Task], plan: &growth::Plan, screen: &Screen) {
        let cases: usize = tasks.iter().map(|task| task.cases.len()).sum();
        let programs = tasks
            .iter()
            .filter(|task| task.solution.target() == Target::Process)
            .count();
        // A case takes a program some 20 ms, most of it start-up; a program that was never built takes a second.
        let judging =
            Duration::from_millis((20 * cases + 1000 * programs) as u64) / jobs(self.jobs) as u32;
        let problems: std::collections::BTreeSet<&str> = tasks
            .iter()
            .map(|task| task.solution.problem.name())
            .collect();
        screen.note(&format!(
            "judging {} of {} on {}, then measuring growth: about {} s",
            counted(tasks.len(), "solution"),
            counted(problems.len(), "problem"),
            counted(cases, "case"),
            (judging + plan.time(tasks.iter().map(|task| &task.solution))).as_secs() + 1,
        ));
    }

    /// The command that judges a user's solution on one case again.
    fn again(&self, solution: &Solution, case: &CaseId) -> String {
        let problem = self.own.problem_option();
        let folder = self.folder.again();
        match &solution.code {
            Code::Command(command) => {
                let problem = if self.folder.is_given() {
                    problem
                } else {
                    format!(" -p {}", solution.problem.name())
                };
                format!(
                    "judge run{problem}{folder} --case '{case}' -- {}",
                    command.join(" ")
                )
            }
            _ => format!(
                "judge run {}{problem}{folder} --case '{case}'",
                self.words.join(" ")
            ),
        }
    }

    fn conclude(&self, judged: &[Judged], screen: &Screen) -> anyhow::Result<u8> {
        let as_expected = judged.iter().filter(|judged| is_expected(judged)).count();
        let skipped = judged
            .iter()
            .filter(|judged| judged.verdict == Verdict::Skipped)
            .count();
        let failed = judged.len() - as_expected - skipped;
        let summary = format!(
            "{}: {as_expected} as expected, {failed} not, {skipped} skipped; rows in {}",
            counted(judged.len(), "solution"),
            self.out.display()
        );
        screen.line(&summary);
        // A kernel may be without one of its devices, but not without all.
        let ran = |name: &str| {
            let named = judged.iter().filter(|judged| judged.solution.name == name);
            named.into_iter().any(|one| one.verdict != Verdict::Skipped)
        };
        let mut own = judged
            .iter()
            .filter(|judged| judged.solution.expectation.is_none());
        let own_skipped = own.any(|judged| !ran(&judged.solution.name));
        Ok(if failed > 0 || own_skipped {
            NOT_AS_EXPECTED
        } else {
            AS_EXPECTED
        })
    }
}
