//! Options that several subcommands share.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use globset::{Glob, GlobMatcher};
use problems::AnyProblem;
use sandbox::{Sandbox, Settings};
use vocabulary::Parameters;

use crate::build::Builder;
use crate::execute::CaseStore;
use crate::judging::{Court, LimitOptions};
use crate::language::Languages;
use crate::plan::PlanOptions;
use crate::selection::{self, Selection};
use crate::solution::{Code, Solution};
use crate::usage::Usage;

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// For people.
    Text,
    /// JSON Lines on standard output, one object a solution.
    Json,
}

/// Limits and surroundings.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits")]
pub(super) struct CourtOptions {
    /// Processor time in seconds, instead of the problem's limit (still times the language's factor)
    #[arg(long, value_name = "SECONDS", value_parser = positive, allow_hyphen_values = true)]
    time_limit: Option<f64>,
    /// Multiply every time limit, for slow machines
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0, value_parser = positive, allow_hyphen_values = true)]
    time_scale: f64,
    /// Memory in MiB, instead of the problem's limit
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u64).range(1..=1 << 20))]
    memory_limit: Option<u64>,
    /// Build C, C++ and Rust with sanitizers; their times are not comparable
    #[arg(long)]
    pub sanitize: bool,
    /// Run without a sandbox where none works: programs can then do whatever you can
    #[arg(long = "unsafe")]
    allow_unsafe: bool,
}

/// A glob over a name.
pub(super) fn pattern(text: &str) -> Result<GlobMatcher, globset::Error> {
    Ok(Glob::new(text)?.compile_matcher())
}

pub(super) fn positive(text: &str) -> Result<f64, String> {
    let value: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    let is_sensible = value.is_finite() && value > 0.0 && value <= 1e6;
    is_sensible
        .then_some(value)
        .ok_or_else(|| "it must be greater than 0 and at most 1000000".to_owned())
}

impl CourtOptions {
    /// The sandbox's settings.
    pub(super) fn sandbox_settings(&self) -> anyhow::Result<Settings> {
        Ok(Settings {
            helper: std::env::current_exe()?,
            allow_unsafe: self.allow_unsafe,
        })
    }

    /// A court under these options.
    pub(super) fn court(&self) -> anyhow::Result<Court> {
        let sandbox = Sandbox::new(self.sandbox_settings()?).map_err(|error| {
            format!("no sandbox works here ({error}); `judge doctor` says how to get one")
        });
        // AddressSanitizer reserves memory for its shadow.
        let memory = self
            .memory_limit
            .map(|mebibytes| mebibytes << 20)
            .or(self.sanitize.then_some(4 << 30));
        Ok(Court {
            builder: Builder::new(Languages::load()?, self.sanitize)?,
            sandbox,
            interactor: None,
            cases: CaseStore::default(),
            limits: LimitOptions {
                cpu: self.time_limit.map(Duration::from_secs_f64),
                scale: self.time_scale * if self.sanitize { 5.0 } else { 1.0 },
                memory,
            },
        })
    }
}

/// Which cases.
#[derive(Debug, Args)]
#[command(next_help_heading = "Cases")]
pub(super) struct CaseOptions {
    /// Only this family; may be given several times
    #[arg(long, value_name = "FAMILY")]
    family: Vec<String>,
    /// Set parameters of the cases, for example n=1000,k=3
    #[arg(long, value_name = "NAME=VALUE,...")]
    set: Vec<Parameters>,
    /// The first seed
    #[arg(long, value_name = "SEED", default_value_t = 0)]
    pub seed: u64,
}

impl CaseOptions {
    /// These options for the planner.
    pub(super) fn plan(&self, quick: bool, seeds: u64) -> Result<PlanOptions, Usage> {
        let mut set = Parameters::new();
        for (name, value) in self.set.iter().flat_map(Parameters::iter) {
            if set.get(name).is_some() {
                return Err(Usage::new(format!("--set: `{name}` is given twice")));
            }
            set.set(name, value.clone());
        }
        if self.seed.checked_add(seeds).is_none() {
            return Err(Usage::new(format!(
                "--seed {}: too large for {seeds} seeds from it",
                self.seed
            )));
        }
        Ok(PlanOptions {
            quick,
            seed: self.seed,
            seeds,
            families: self.family.clone(),
            set,
        })
    }
}

/// A user's own answers: files or a command.
#[derive(Debug, Args)]
pub(super) struct OwnOptions {
    /// The problem that the file answers, where no selection names it
    #[arg(short, long, value_name = "PROBLEM")]
    pub problem: Option<String>,
    /// The language of the file, where its extension does not tell
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<String>,
    /// Run a command as it is, instead of a file
    #[arg(last = true, value_name = "CMD")]
    command: Vec<String>,
}

impl OwnOptions {
    /// Whether there is a command.
    pub(super) fn has_command(&self) -> bool {
        !self.command.is_empty()
    }

    /// The option that names the problem, for a command that is to be run again.
    pub(super) fn problem_option(&self) -> String {
        self.problem
            .as_ref()
            .map(|problem| format!(" -p {problem}"))
            .unwrap_or_default()
    }

    /// The problem that the user's files answer.
    pub(super) fn problem(&self, selection: &Selection) -> Result<Arc<dyn AnyProblem>, Usage> {
        if let Some(name) = &self.problem {
            return selection::problem(name);
        }
        let selected = if selection.is_everything() {
            Vec::new()
        } else {
            selection.problems()?
        };
        match selected.as_slice() {
            [only] => Ok(only.clone()),
            [] => Err(Usage::new(
                "which problem does the file answer? Name it: judge run PROBLEM FILE, or -p PROBLEM",
            )),
            _ => Err(Usage::new(
                "the selection names several problems; say which one the file answers with -p PROBLEM",
            )),
        }
    }

    /// The user's files and command as solutions of a problem.
    pub(super) fn solutions(
        &self,
        problem: &Arc<dyn AnyProblem>,
        files: &[PathBuf],
        languages: &Languages,
    ) -> anyhow::Result<Vec<Solution>> {
        let mut own = Vec::new();
        for path in files {
            let language = self.language.as_deref();
            own.extend(Solution::all_of_file(problem, path, languages, language)?);
        }
        if self.has_command() {
            own.push(Solution {
                problem: problem.clone(),
                name: self.command.join(" "),
                expectation: None,
                code: Code::Command(self.command.clone()),
            });
        }
        Ok(own)
    }
}

/// As many jobs as were asked for, or as the machine has processors.
pub(super) fn jobs(asked: Option<usize>) -> usize {
    let processors = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    asked.unwrap_or_else(processors).max(1)
}
