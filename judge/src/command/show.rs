//! `judge show CASE|PROBLEM`

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use vocabulary::{CaseName, units};

use super::AS_EXPECTED;
use super::options::Format;
use crate::display::{excerpt, print_line};
use crate::npy;
use crate::selection::problem;
use crate::usage::Usage;

/// Show a case, rebuilt from its name, or a problem's statement
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  judge show kth_largest                                       the statement
  judge show 'kth_largest/organ_pipe@n=10#7'                   the case at a glance
  judge show 'kth_largest/organ_pipe@n=1000#7' --input | ./mine
  judge show 'kth_largest/organ_pipe@n=1000#7' --format json   its figures for a script
  judge show 'kth_largest/organ_pipe@n=1000#7' --npy arrays/   arrays for NumPy, a file each")]
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
    /// Write the input's arrays into a folder, each as NAME.npy
    #[arg(long, value_name = "DIR", group = "what")]
    npy: Option<PathBuf>,
    /// How the case's figures are written
    #[arg(long, default_value = "text", conflicts_with_all = ["input", "answer", "npy"])]
    format: Format,
}

/// A case at a glance.
#[derive(Serialize)]
struct Stats {
    /// The name with all of its parameters.
    case: String,
    family: String,
    /// What holds for every case of the family.
    promise: &'static str,
    /// Bytes of the input as text.
    text_bytes: usize,
    elements: u64,
    /// Empty if the problem has no array form.
    arrays: Vec<ArrayStats>,
}

#[derive(Serialize)]
struct ArrayStats {
    name: String,
    elements: usize,
    r#type: String,
}

impl Stats {
    fn print(&self) {
        print_line(&format!("case     {}", self.case));
        print_line(&format!("family   {}: {}", self.family, self.promise));
        print_line(&format!(
            "input    {} as text, {} elements",
            units::bytes(self.text_bytes as f64),
            units::count(self.elements)
        ));
        for array in &self.arrays {
            print_line(&format!(
                "         {}: {} of {}",
                array.name,
                units::count(array.elements as u64),
                array.r#type
            ));
        }
    }
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
        if let Some(folder) = &self.npy {
            let arrays = case.input_arrays();
            let arrays = arrays.ok_or_else(|| {
                Usage::new(format!("--npy: {} has no array form", problem.name()))
            })?;
            return write_arrays(folder, &arrays, problem.schema());
        }
        let family = problem
            .families()
            .into_iter()
            .find(|info| info.name == id.family);
        let promise = family.map_or("", |info| info.promise);
        let text = case.input_text();
        let arrays = case.input_arrays();
        let stats = Stats {
            case: id.to_string(),
            family: id.family,
            promise,
            text_bytes: text.len(),
            elements: case.items(),
            arrays: arrays
                .iter()
                .flat_map(vocabulary::Arrays::iter)
                .map(|(name, array)| ArrayStats {
                    name: name.to_owned(),
                    elements: array.len(),
                    r#type: array.element_type().to_string(),
                })
                .collect(),
        };
        match self.format {
            Format::Json => print_line(&serde_json::to_string(&stats)?),
            Format::Text => stats.print(),
        }
        if !self.stats && matches!(self.format, Format::Text) {
            section("input", &text);
            section("a right output", &case.expected_text());
        }
        Ok(AS_EXPECTED)
    }

    fn statement(&self) -> anyhow::Result<u8> {
        if self.input || self.answer || self.stats || self.npy.is_some() {
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

/// A file for each array, named as the problem names it.
fn write_arrays(
    folder: &Path,
    arrays: &vocabulary::Arrays,
    schema: Option<&problems::Schema>,
) -> anyhow::Result<u8> {
    std::fs::create_dir_all(folder).map_err(|error| Usage::file(folder, error))?;
    for (name, array) in arrays.iter() {
        let path = folder.join(format!("{name}.npy"));
        let extents = schema.and_then(|schema| schema.extents(name, arrays));
        let extents = extents.unwrap_or_else(|| vec![array.len()]);
        std::fs::write(&path, npy::bytes(array, &extents))
            .map_err(|error| Usage::file(&path, error))?;
        let extents: Vec<String> = extents
            .iter()
            .map(|extent| units::count(*extent as u64))
            .collect();
        let (extents, element) = (extents.join(" x "), array.element_type());
        print_line(&format!("{}: {extents} of {element}", path.display()));
    }
    Ok(AS_EXPECTED)
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
