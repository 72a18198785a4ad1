//! `judge compare BASE HEAD`: whether one version is slower than another.

mod functions;
mod programs;

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use problems::AnyProblem;
use reports::comparison::{Change, Threshold};
use vocabulary::{CaseId, CaseName, Target, Verdict};

use super::options::{CourtOptions, Format, positive};
use super::{AS_EXPECTED, NOT_AS_EXPECTED, NOTHING_TO_COMPARE, SLOWER};
use crate::comparison::contest::Contest;
use crate::comparison::decide::{Terms, compare};
use crate::comparison::row::{Compared, Row, headline, notes, table};
use crate::comparison::subject::Subject;
use crate::comparison::{Side, annotations, rows};
use crate::display::Screen;
use crate::execute::Run;
use crate::instructions::Counter;
use crate::plan::{PlanOptions, seeded};
use crate::usage::Usage;

/// Say whether HEAD is slower than BASE
#[derive(Debug, Args)]
#[command(after_help = "\
Base and head run in turn, in pairs of freshly started processes that lie at the same addresses, and their processor time is \
compared. The answer is the median of the pairs' ratios with an exact 99% interval over all cases together: SLOWER or FASTER where \
the whole interval lies beyond the threshold, SAME where it lies within, else UNDECIDED with what would help. A copy of the base \
runs beside, and where the base differs from itself by more than the threshold, a change must be larger than that. SLOWER is \
measured twice. Every output is checked, and what is not right has no ratio. Build both sides in one job, on one machine.

Two CSVs were not measured in turn: whatever the machine did in between counts as a change, so the threshold is 5%, and programs \
or judges show changes ten times smaller.

Exit codes: 0 no regression, 1 HEAD is not right where BASE is, 2 bad usage, 3 a case is SLOWER, 4 nothing to compare with, 5 the \
judge itself failed.

Examples:
  judge compare A.cpp B.cpp -p knapsack                    two programs, one case of each family that BASE computes long for
  judge compare A.cpp B.py -p knapsack --case 'knapsack/uncorrelated@n=500,capacity=100000#1'
  judge compare base/judge head/judge 'kth_largest/*'      the functions that both have
  judge compare old/measurements.csv new/measurements.csv  rows of two runs
  judge compare base/judge head/judge --markdown comment.md --format json")]
pub(super) struct Options {
    /// A solution's file, a built program, a built judge, or a measurements.csv: the version that is known
    base: PathBuf,
    /// The same of the version that is new
    head: PathBuf,
    /// Of two judges: only these functions, as PROBLEM/FUNCTION or globs
    selection: Vec<String>,
    /// The problem that the programs answer; of two judges, only its functions
    #[arg(short, long, value_name = "PROBLEM")]
    problem: Option<String>,
    /// The language of both files, where their extensions do not tell
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<String>,
    /// Compare on this case; may be given several times [default: one of each family, on which BASE computes long enough]
    #[arg(long, value_name = "CASE")]
    case: Vec<CaseName>,
    /// From how many percent on a change counts [default: 0.5 functions, 2 programs, 5 rows of times]
    #[arg(long, value_name = "PERCENT", value_parser = positive, allow_hyphen_values = true)]
    threshold: Option<f64>,
    /// And from how many nanoseconds of processor time on [default: 20 functions, 100000 programs]
    #[arg(long, value_name = "NANOSECONDS")]
    floor: Option<u64>,
    /// Seconds that a case may take, measuring twice included [default: 5 functions, 15 programs]
    #[arg(long, value_name = "SECONDS", value_parser = positive, allow_hyphen_values = true)]
    time: Option<f64>,
    /// Compare rows of different machines
    #[arg(long)]
    across_hosts: bool,
    /// Write the comparison in Markdown, for a pull request
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
    #[arg(long, default_value = "text")]
    format: Format,
    #[command(flatten)]
    court: CourtOptions,
}

/// The defaults of a kind of comparison.
struct Defaults {
    /// Relative.
    threshold: f64,
    /// Nanoseconds: what a clock and a page more or less are.
    floor: f64,
    time: Duration,
}

const FUNCTIONS: Defaults = Defaults {
    threshold: 0.005,
    floor: 20.0,
    time: Duration::from_secs(5),
};
const PROGRAMS: Defaults = Defaults {
    threshold: 0.02,
    floor: 100_000.0,
    time: Duration::from_secs(15),
};

impl Options {
    pub(super) fn execute(&self) -> anyhow::Result<u8> {
        let base = Subject::of_file(&self.base, "BASE")?;
        let head = Subject::of_file(&self.head, "HEAD")?;
        let screen = Screen::new(self.format == Format::Json);
        let rows = match (&base, &head) {
            (Subject::Rows(base), Subject::Rows(head)) => {
                self.refuse_for_rows()?;
                let matched = rows::read(base, head, self.across_hosts)?;
                if matched.is_empty() {
                    return Ok(nothing_to_compare(&screen, &self.why_no_rows(&matched)));
                }
                screen.note(
                    "not measured in turn: whatever the machine did between the two runs counts as a change",
                );
                for (side, count) in [Side::Base, Side::Head].into_iter().zip(matched.alone) {
                    if count > 0 {
                        screen.note(&format!("{count} rows stand in {} alone", side.name()));
                    }
                }
                matched.compare(self.relative(), self.floor.unwrap_or(0) as f64)
            }
            (Subject::Program(_), Subject::Program(_)) => programs::compare(self, &screen)?,
            (Subject::Judge(base), Subject::Judge(head)) => {
                functions::compare(self, base, head, &screen)?
            }
            (base, head) => {
                let message = format!(
                    "{} is {} and {} is {}: compare two programs, two judges or two measurements.csv",
                    self.base.display(),
                    base.name(),
                    self.head.display(),
                    head.name()
                );
                return Err(Usage::new(message).into());
            }
        };
        self.conclude(&rows, &screen)
    }

    fn refuse_for_rows(&self) -> Result<(), Usage> {
        let given = [
            ("--case", !self.case.is_empty()),
            ("--time", self.time.is_some()),
            ("a selection", !self.selection.is_empty()),
        ];
        match given.into_iter().find(|(_, is_given)| *is_given) {
            Some((name, _)) => Err(Usage::new(format!(
                "{name}: rows were measured already, and all that both files have are compared; leave it out"
            ))),
            None => Ok(()),
        }
    }

    fn why_no_rows(&self, matched: &rows::Matched) -> String {
        let base = self.base.display();
        if matched.base_rows == 0 {
            return format!("{base} has no rows");
        }
        format!(
            "{base} and {} have no case of a solution in common that was measured ({} only in BASE, {} only in HEAD)",
            self.head.display(),
            matched.alone[0],
            matched.alone[1]
        )
    }

    /// The threshold that was asked for, as a ratio less 1.
    fn relative(&self) -> Option<f64> {
        self.threshold.map(|percent| percent / 100.0)
    }

    fn terms(&self, defaults: &Defaults, cases: usize) -> Terms {
        let threshold = Threshold {
            relative: self.relative().unwrap_or(defaults.threshold),
            absolute: self.floor.map_or(defaults.floor, |floor| floor as f64),
        };
        let time = self.time.map_or(defaults.time, Duration::from_secs_f64);
        Terms::new(threshold, cases, time)
    }

    /// Prints what came out, and turns it into an exit code.
    fn conclude(&self, rows: &[Row], screen: &Screen) -> anyhow::Result<u8> {
        if rows
            .iter()
            .all(|row| row.change().is_none() && !row.is_broken())
        {
            let reason = if rows.is_empty() {
                "BASE and HEAD have no function in common that was selected".to_owned()
            } else {
                notes(rows).join("\n")
            };
            return Ok(nothing_to_compare(screen, &reason));
        }
        let what = format!("BASE {}, HEAD {}", self.base.display(), self.head.display());
        match self.format {
            Format::Json => rows
                .iter()
                .for_each(|row| screen.data(&row.json().to_string())),
            Format::Text => {
                screen.line(&format!("{what}\n{}", table(rows)));
                notes(rows).iter().for_each(|note| screen.line(note));
                screen.line(&headline(rows));
            }
        }
        let markdown = || annotations::markdown(rows, &what);
        if let Some(path) = &self.markdown {
            std::fs::write(path, markdown()).map_err(|error| {
                Usage::file(path, format!("{error}; name another file with --markdown"))
            })?;
        }
        if annotations::is_wanted() {
            annotations::lines(rows)
                .iter()
                .for_each(|line| screen.note(line));
            annotations::summarise(&markdown())?;
        }
        Ok(if rows.iter().any(Row::is_broken) {
            NOT_AS_EXPECTED
        } else if rows.iter().any(|row| row.change() == Some(Change::Slower)) {
            SLOWER
        } else {
            AS_EXPECTED
        })
    }
}

/// Loud, as a gate that silently compares nothing is worse than none.
fn nothing_to_compare(screen: &Screen, reason: &str) -> u8 {
    let text = format!("nothing to compare with: {reason}");
    screen.note(&text);
    if annotations::is_wanted() {
        let line = text.replace('\n', "%0A");
        screen.note(&format!("::error title=judge compare::{line}"));
    }
    NOTHING_TO_COMPARE
}

/// Steps of the progress bar for a case.
const STEPS: u64 = 1000;

/// How the rows of a kind of answer are labelled.
struct Label {
    solution: String,
    target: Target,
    threshold: f64,
}

impl Label {
    fn row(&self, case: Option<String>, result: Compared) -> Row {
        Row {
            solution: self.solution.clone(),
            case,
            target: self.target,
            metric: "CPU time".to_owned(),
            threshold: self.threshold,
            result,
        }
    }

    /// A side that did not run, or was not right.
    fn not(&self, case: Option<String>, side: Side, verdict: Verdict, detail: &str) -> Row {
        let reason = format!("{} is {verdict}: {detail}", side.name());
        let side = Some((side, verdict));
        self.row(case, Compared::Not { side, reason })
    }
}

/// Holds both sides on one case against each other: first that they are right, then how long they take.
fn on_case(
    contest: &mut dyn Contest,
    case: String,
    remark: Option<String>,
    label: &Label,
    terms: &Terms,
    screen: &Screen,
) -> anyhow::Result<Row> {
    let not_right = |side, run: &Run| label.not(Some(case.clone()), side, run.verdict, &run.detail);
    for side in [Side::Base, Side::Head] {
        let run = contest.sample(side)?;
        if run.verdict != Verdict::Accepted {
            screen.advance(STEPS);
            return Ok(not_right(side, &run));
        }
    }
    let mut shown = 0;
    let mut tick = |gone: f64| {
        let reached = (gone * STEPS as f64) as u64;
        screen.advance(reached.saturating_sub(shown));
        shown = shown.max(reached);
    };
    let found = compare(contest, terms, &mut tick)?;
    screen.advance(STEPS.saturating_sub(shown));
    Ok(match found {
        Ok(mut finding) => {
            if matches!(finding.change, Change::Slower | Change::Faster)
                && let Some(instructions) = instructions(contest)?
            {
                finding.ask(instructions);
            }
            label.row(Some(case), Compared::Pairs(Box::new(finding), remark))
        }
        Err(wrong) => not_right(wrong.side, &wrong.run),
    })
}

/// Instructions of base and head, where something counts them.
fn instructions(contest: &mut dyn Contest) -> anyhow::Result<Option<[u64; 2]>> {
    let Ok(counter) = Counter::probe() else {
        return Ok(None); // times have to do
    };
    let base = contest.instructions(Side::Base, &counter)?;
    let head = contest.instructions(Side::Head, &counter)?;
    let of_one_tier = base.zip(head).filter(|(base, head)| base.tier == head.tier);
    Ok(of_one_tier.map(|(base, head)| [base.instructions, head.instructions]))
}

/// The cases of names that somebody wrote, all of one problem.
fn named_cases<'a>(
    names: impl IntoIterator<Item = &'a CaseName>,
    problem: &dyn AnyProblem,
) -> Result<Vec<CaseId>, Usage> {
    let mut cases = Vec::new();
    for name in names {
        if name.problem != problem.name() {
            return Err(Usage::new(format!(
                "--case {name}: it is a case of another problem than {}",
                problem.name()
            )));
        }
        cases.extend(seeded(problem, name, &PlanOptions::default())?);
    }
    Ok(cases)
}

/// Says what is about to happen and how long it takes at most.
fn announce(screen: &Screen, cases: usize, what: &str, terms: &Terms) {
    let most = terms.time * cases as u32;
    screen.note(&format!(
        "comparing {what}, {:.1} s each at most: {} s",
        terms.time.as_secs_f64(),
        most.as_secs().max(1)
    ));
    if !sandbox::can_fix_layout() {
        screen.note(
            "address-space randomisation cannot be switched off here: intervals are wider. In Docker: --security-opt \
             seccomp=unconfined",
        );
    }
    screen.start("comparing", cases as u64 * STEPS);
}
