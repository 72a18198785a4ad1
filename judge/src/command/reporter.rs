//! What `run` and `verify` say of each solution, to people and to machines.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;
use vocabulary::units::counted;
use vocabulary::{CaseId, Kind, Target, Verdict};

use super::options::Format;
use crate::display::{Screen, Shown};
use crate::execute::{Failure, Prepared, Run};
use crate::judging::{Judged, Observer};
use crate::lock::lock;
use crate::output::OutFolder;
use crate::solution::Solution;

/// The command that shows a failure again.
type Again<'a> = dyn Fn(&Solution, &CaseId) -> Option<String> + Sync + 'a;

/// Prints and writes everything as it happens.
pub(super) struct Reporter<'a> {
    pub screen: &'a Screen,
    pub format: Format,
    pub out: Option<&'a OutFolder>,
    /// The command that shows a failure again, if there is one.
    pub again: Box<Again<'a>>,
    /// Whether solutions that are as they should be go without a row.
    pub only_failures: bool,
    failures: Mutex<Vec<String>>,
    interrupted: &'a AtomicBool,
}

/// One line of `--format json`.
#[derive(Serialize)]
struct Line<'a> {
    problem: &'a str,
    solution: &'a str,
    kind: Kind,
    target: Target,
    verdict: Verdict,
    expected: Option<Verdict>,
    cases: usize,
    passed: usize,
    #[serde(skip_serializing_if = "str::is_empty")]
    detail: &'a str,
    first_failure: Option<FailureLine<'a>>,
}

#[derive(Serialize)]
struct FailureLine<'a> {
    case: &'a CaseId,
    verdict: Verdict,
    detail: &'a str,
}

impl<'a> Reporter<'a> {
    pub(super) fn new(
        screen: &'a Screen,
        format: Format,
        out: Option<&'a OutFolder>,
        interrupted: &'a AtomicBool,
    ) -> Self {
        Reporter {
            screen,
            format,
            out,
            again: Box::new(|_, case| Some(format!("judge show '{case}'"))),
            only_failures: false,
            failures: Mutex::default(),
            interrupted,
        }
    }

    /// A failure as it is shown.
    pub(super) fn shown(&self, solution: &Solution, failure: &Failure) -> String {
        let id = &failure.prepared.id;
        let families = solution.problem.families();
        let promise = families
            .iter()
            .find(|info| info.name == id.family)
            .map(|info| format!(" ({})", info.promise));
        let run = &failure.run;
        let was_checked = run.verdict == Verdict::WrongAnswer && run.transcript.is_none();
        let case = failure.prepared.case().ok();
        let input = case.map(|case| case.input_text()).unwrap_or_default();
        let expected = case
            .filter(|_| was_checked)
            .map(|case| case.expected_text());
        Shown {
            heading: format!(
                "{} {} on {id}{}",
                run.verdict,
                solution.label(),
                promise.unwrap_or_default()
            ),
            detail: &run.detail,
            input: &input,
            expected: expected.as_deref(),
            got: was_checked.then_some(&run.output),
            errors: if was_checked { &[] } else { &run.error_output },
            transcript: run.transcript.as_deref(),
            again: (self.again)(solution, id),
        }
        .text()
    }

    /// A failure at once, and again at the end.
    pub(super) fn failure(&self, text: String) {
        self.screen.line(&text);
        lock(&self.failures).push(text);
    }

    /// All failures once more, if rows stood between them and here.
    pub(super) fn failures_again(&self) {
        let failures = lock(&self.failures);
        if failures.len() > 1 {
            self.screen.line(&format!("{} failures:", failures.len()));
            for failure in failures.iter() {
                let heading = failure.lines().next().unwrap_or_default();
                self.screen.line(&format!("  {heading}"));
            }
        }
    }
}

/// Whether a solution got what was expected of it; a skipped one neither did nor did not.
pub(super) fn is_expected(judged: &Judged) -> bool {
    let expected = judged
        .solution
        .expectation
        .as_ref()
        .map_or(Verdict::Accepted, |expectation| expectation.verdict);
    judged.verdict == expected
}

impl Observer for Reporter<'_> {
    fn case(
        &self,
        solution: &Solution,
        case: &Prepared,
        run: &Run,
        tier: &str,
    ) -> anyhow::Result<()> {
        if self.interrupted.load(Ordering::Relaxed) {
            anyhow::bail!("interrupted");
        }
        self.screen.advance(1);
        match self.out {
            Some(out) => out.judged(solution, case, run, tier),
            None => Ok(()),
        }
    }

    fn solution(&self, judged: &Judged) {
        self.screen.advance((judged.planned - judged.ran) as u64);
        let failure = judged.first_failure.as_ref();
        if self.format == Format::Json {
            let solution = &judged.solution;
            let line = Line {
                problem: solution.problem.name(),
                solution: &solution.name,
                kind: solution.kind(),
                target: solution.target(),
                verdict: judged.verdict,
                expected: solution
                    .expectation
                    .as_ref()
                    .map(|expectation| expectation.verdict),
                cases: judged.planned,
                passed: judged.held,
                detail: &judged.detail,
                first_failure: failure.map(|failure| FailureLine {
                    case: &failure.prepared.id,
                    verdict: failure.run.verdict,
                    detail: &failure.run.detail,
                }),
            };
            // A struct of words and numbers is always JSON.
            self.screen
                .data(&serde_json::to_string(&line).unwrap_or_default());
        }
        let wrong_by_design = !judged.solution.should_be_right();
        let remark = match (judged.verdict, failure) {
            (Verdict::Skipped | Verdict::CompileError | Verdict::JudgeError, None) => {
                judged.detail.lines().next().unwrap_or_default().to_owned()
            }
            (_, None) if wrong_by_design => "as expected".to_owned(),
            (_, None) => match judged.worst_error {
                Some(worst) => format!(
                    "{}, worst error {worst:.3e} of what is tolerated",
                    counted(judged.held, "case")
                ),
                None => counted(judged.held, "case"),
            },
            (_, Some(_)) => format!("{} of {}", judged.held, counted(judged.planned, "case")),
        };
        let expected = is_expected(judged);
        if !(expected && self.only_failures) {
            self.screen.row(
                judged.verdict,
                expected,
                judged.elapsed,
                &judged.solution.title(),
                &remark,
            );
        }
        if let Some(failure) = failure.filter(|_| !expected) {
            let mut text = self.shown(&judged.solution, failure);
            if let (Some(transcript), Some(out)) = (&failure.run.transcript, self.out) {
                let saved = out.transcript(&judged.solution, transcript);
                let saved = saved.map(|path| path.display().to_string());
                let word = saved.unwrap_or_else(|error| format!("could not be saved: {error}"));
                text.push_str(&format!("  whole transcript: {word}\n"));
            }
            self.failure(text);
        } else if judged.verdict == Verdict::CompileError && !expected {
            self.failure(format!(
                "CE {}\n{}\n",
                judged.solution.label(),
                judged.detail
            ));
        }
    }
}
