//! `judge run --cases DIR FILE`: problems that are not ours.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use clap::Args;
use problems::AnyProblem;
use sandbox::Slot;
use vocabulary::{CaseName, Verdict};

use super::options::OwnOptions;
use crate::build::NotBuilt;
use crate::foreign::{CheckerStyle, Comparison, FolderProblem, Referee};
use crate::judging::{Court, Task};
use crate::solution::Code;
use crate::usage::Usage;

/// A folder of cases and how outputs are compared.
#[derive(Debug, Args)]
#[command(next_help_heading = "Folders of cases")]
pub(super) struct FolderOptions {
    /// Judge on a folder of NAME.in with NAME.ans or NAME.out
    #[arg(long, value_name = "DIR")]
    cases: Option<PathBuf>,
    /// Numbers may differ by this much
    #[arg(long, value_name = "ERROR", requires = "cases", value_parser = tolerance)]
    abs: Option<f64>,
    /// Numbers may differ by this share of the answer
    #[arg(long, value_name = "ERROR", requires = "cases", value_parser = tolerance)]
    rel: Option<f64>,
    /// Every byte must be equal
    #[arg(long, requires = "cases", conflicts_with_all = ["abs", "rel", "referee"])]
    exact: bool,
    /// A program that is called with the files of input, output and answer
    #[arg(long, value_name = "CMD", group = "referee", requires = "cases", conflicts_with_all = ["abs", "rel"])]
    checker: Option<String>,
    /// A program that yours talks with; it is called with the files of input, of an output that it may write, and of the
    /// answer
    #[arg(long, value_name = "CMD", group = "referee", requires = "cases", conflicts_with_all = ["abs", "rel"])]
    interactor: Option<String>,
    /// Exit codes by which the checker or interactor accepts and refuses
    #[arg(long, requires = "referee", default_value = "0/1")]
    checker_style: CheckerStyle,
}

fn tolerance(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    let is_sensible = value.is_finite() && value >= 0.0;
    is_sensible
        .then_some(value)
        .ok_or_else(|| "a tolerance is 0 or more".to_owned())
}

impl FolderOptions {
    /// Whether a folder is judged.
    pub(super) fn is_given(&self) -> bool {
        self.cases.is_some()
    }

    /// The options once more, for a command that shows a failure again.
    pub(super) fn again(&self) -> String {
        let mut text = String::new();
        let mut add = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                text.push_str(&format!(" --{name} {value}"));
            }
        };
        add(
            "cases",
            self.cases.as_ref().map(|path| path.display().to_string()),
        );
        add("abs", self.abs.map(|error| error.to_string()));
        add("rel", self.rel.map(|error| error.to_string()));
        add(
            "checker",
            self.checker.as_ref().map(|command| format!("'{command}'")),
        );
        add(
            "interactor",
            self.interactor
                .as_ref()
                .map(|command| format!("'{command}'")),
        );
        if self.checker_style == CheckerStyle::FortyTwo {
            text.push_str(" --checker-style 42/43");
        }
        if self.exact {
            text.push_str(" --exact");
        }
        text
    }

    /// The user's files on the folder's cases.
    pub(super) fn tasks(
        &self,
        court: &Court,
        own: &OwnOptions,
        files: &[PathBuf],
        only: &[CaseName],
        stops_at_first: bool,
    ) -> anyhow::Result<Vec<Task>> {
        let folder = self
            .cases
            .as_ref()
            .ok_or_else(|| Usage::new("--cases names the folder"))?;
        let folder = FolderProblem::open(folder, self.comparison(court)?)?;
        let mut cases = folder.cases();
        if !only.is_empty() {
            cases.retain(|case| only.iter().any(|name| name.family == case.family));
            if cases.is_empty() {
                return Err(
                    Usage::new(format!("the folder has no case `{}`", only[0].family)).into(),
                );
            }
        }
        let problem: Arc<dyn AnyProblem> = Arc::new(folder);
        let solutions = own.solutions(&problem, files, court.builder.languages())?;
        if solutions.is_empty() {
            return Err(
                Usage::new("--cases needs a file to judge: judge run --cases DIR FILE").into(),
            );
        }
        let task = |solution| Task {
            solution,
            cases: cases.clone(),
            wanted: Verdict::Accepted,
            patience: 1,
            stops_at_first,
            smaller_within: Duration::ZERO,
        };
        Ok(solutions.into_iter().map(task).collect())
    }

    fn comparison(&self, court: &Court) -> anyhow::Result<Comparison> {
        if self.exact {
            return Ok(Comparison::Exact);
        }
        if self.interactor.is_some() {
            return Ok(Comparison::Interactor);
        }
        let Some(checker) = &self.checker else {
            return Ok(Comparison::Tokens {
                absolute: self.abs,
                relative: self.rel,
            });
        };
        let (checker, slot) = self.referee(court, "checker", checker)?;
        Ok(Comparison::Checker {
            checker: Box::new(checker),
            slot: Box::new(Mutex::new(slot)),
        })
    }

    /// The interactor, if there is one.
    pub(super) fn interactor(&self, court: &Court) -> anyhow::Result<Option<Referee>> {
        let interactor = self.interactor.as_ref();
        let built = interactor.map(|words| self.referee(court, "interactor", words));
        Ok(built.transpose()?.map(|(interactor, _)| interactor))
    }

    /// Builds a checker or an interactor, and the slot that it was built in.
    fn referee(
        &self,
        court: &Court,
        role: &'static str,
        words: &str,
    ) -> anyhow::Result<(Referee, Slot)> {
        let sandbox = court
            .sandbox
            .as_ref()
            .map_err(|reason| anyhow::anyhow!("{reason}"))?;
        let mut slot = sandbox.slot(None)?;
        // A source is compiled; anything else is a command.
        let path = Path::new(words);
        let code = match court.builder.languages().of_file(path) {
            Ok(language) if path.is_file() => Code::Source {
                language: language.to_owned(),
                source: std::fs::read(path)
                    .map_err(|error| Usage::file(path, error))?
                    .into(),
            },
            _ => Code::Command(words.split_whitespace().map(str::to_owned).collect()),
        };
        match court.builder.build(&code, &mut slot)? {
            Ok(built) => Ok((Referee::new(role, built, self.checker_style), slot)),
            Err(NotBuilt::NoToolchain(reason) | NotBuilt::CompileError(reason)) => {
                Err(Usage::new(format!("--{role} {words}: {reason}")).into())
            }
        }
    }
}
