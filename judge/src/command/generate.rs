//! `judge generate PROBLEM --family F --count C --out DIR`

use std::path::PathBuf;

use clap::Args;
use vocabulary::CaseName;
use vocabulary::units::counted;

use super::AS_EXPECTED;
use super::options::CaseOptions;
use crate::display::print_line;
use crate::plan::{self};
use crate::selection::problem;
use crate::usage::Usage;

/// Write cases as .in and .ans files
#[derive(Debug, Args)]
#[command(after_help = "Example:
  judge generate knapsack --family strongly_correlated --set n=100 --count 5 --out cases/")]
pub(super) struct Options {
    /// The problem
    problem: String,
    #[command(flatten)]
    cases: CaseOptions,
    /// How many seeds of every case
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    count: u64,
    /// The folder to write into; existing files of the same names are replaced
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

impl Options {
    pub(super) fn execute(&self) -> anyhow::Result<u8> {
        let problem = problem(&self.problem)?;
        let cases = plan::for_right(problem.as_ref(), &[], &self.cases.plan(false, self.count)?)?;
        std::fs::create_dir_all(&self.out).map_err(|error| Usage::file(&self.out, error))?;
        for id in &cases {
            let case = problem.case(id)?;
            let stem = file_stem(&CaseName::from(id.clone()));
            for (extension, content) in [("in", case.input_text()), ("ans", case.expected_text())] {
                let path = self.out.join(format!("{stem}.{extension}"));
                std::fs::write(&path, content).map_err(|error| Usage::file(&path, error))?;
            }
        }
        print_line(&format!(
            "{} of {} in {}",
            counted(cases.len(), "case"),
            problem.name(),
            self.out.display()
        ));
        Ok(AS_EXPECTED)
    }
}

/// `organ_pipe-n=1000,k=3-7`: what tells cases of one problem apart, as a file name.
fn file_stem(name: &CaseName) -> String {
    format!(
        "{}-{}-{}",
        name.family,
        name.parameters,
        name.seed.unwrap_or(0)
    )
}
