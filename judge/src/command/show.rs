//! `judge show CASE|PROBLEM`

use std::io::Write;

use clap::Args;
use vocabulary::{CaseName, units};

use super::AS_EXPECTED;
use crate::display::{excerpt, print_line};
use crate::selection::problem;
use crate::usage::Usage;

/// Show a case, rebuilt from its name, or a problem's statement
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  judge show kth_largest                                       the statement
  judge show 'kth_largest/organ_pipe@n=10#7'                   the case at a glance
  judge show 'kth_largest/organ_pipe@n=1000#7' --input | ./mine")]
pub(super) struct Options {
    /// A case as PROBLEM/FAMILY@n=1000#SEED, or a problem
    #[arg(value_name = "CASE")]
    name: String,
    /// Write the whole input and nothing else
    #[arg(long, group = "what")]
    input: bool,
    /// Write a right output and nothing else
    #[arg(long, group = "what")]
    answer: bool,
    /// Write the case's figures and nothing else
    #[arg(long, group = "what")]
    stats: bool,
}

impl Options {
    pub(super) fn execute(&self) -> anyhow::Result<u8> {
        if !self.name.contains(['/', '@', '#']) {
            return self.statement();
        }
        let name: CaseName = self
            .name
            .parse()
            .map_err(|error: vocabulary::CaseNameError| Usage::new(error.to_string()))?;
        let problem = problem(&name.problem)?;
        let usage = |error: problems::CaseError| Usage::new(error.to_string());
        let id = problem.resolve(&name).map_err(usage)?;
        let case = problem.case(&id).map_err(usage)?;
        if self.input {
            return raw(&case.input_text());
        }
        if self.answer {
            return raw(&case.expected_text());
        }
        let family = problem
            .families()
            .into_iter()
            .find(|info| info.name == id.family);
        let promise = family.map_or("", |info| info.promise);
        let text = case.input_text();
        print_line(&format!("case     {id}"));
        print_line(&format!("family   {}: {promise}", id.family));
        print_line(&format!(
            "input    {} as text, {} elements",
            units::bytes(text.len() as f64),
            units::count(case.items())
        ));
        for (name, array) in case
            .input_arrays()
            .iter()
            .flat_map(vocabulary::Arrays::iter)
        {
            print_line(&format!(
                "         {name}: {} of {:?}",
                units::count(array.len() as u64),
                array.element_type()
            ));
        }
        if !self.stats {
            section("input", &text);
            section("a right output", &case.expected_text());
        }
        Ok(AS_EXPECTED)
    }

    fn statement(&self) -> anyhow::Result<u8> {
        if self.input || self.answer || self.stats {
            let example = format!("{}/FAMILY@n=1000#0", self.name);
            return Err(Usage::new(format!(
                "`{}` is a problem; name a case, for example {example}",
                self.name
            ))
            .into());
        }
        print_line(problem(&self.name)?.statement().trim_end());
        Ok(AS_EXPECTED)
    }
}

fn section(title: &str, content: &[u8]) {
    print_line(&format!("\n{title}"));
    for line in excerpt(content, None, 12, 100) {
        print_line(&format!("    {line}"));
    }
}

/// Writes bytes; a reader that has seen enough is no error.
fn raw(content: &[u8]) -> anyhow::Result<u8> {
    match std::io::stdout().lock().write_all(content) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(AS_EXPECTED),
    }
}
