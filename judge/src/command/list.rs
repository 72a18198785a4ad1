//! `judge list [problems|solutions|families|languages]`

use clap::Args;
use reports::table::{Align, Table};
use serde_json::json;
use vocabulary::Target;

use super::AS_EXPECTED;
use super::options::Format;
use crate::display::print_line;
use crate::language::Languages;
use crate::solution::shipped;

/// Show what there is
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  judge list                       problems, with their families and solutions counted
  judge list families              every family with its promise
  judge list solutions --format json")]
pub(super) struct Options {
    #[arg(default_value = "problems")]
    what: What,
    #[arg(long, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum What {
    Problems,
    Solutions,
    Families,
    Languages,
}

impl Options {
    pub(super) fn execute(&self) -> anyhow::Result<u8> {
        let languages = Languages::load()?;
        let (header, rows) = match self.what {
            What::Problems => (
                vec!["problem", "title", "families", "solutions"],
                problems_listed(&languages),
            ),
            What::Families => (vec!["problem", "family", "promise"], families()),
            What::Solutions => (
                vec![
                    "problem", "solution", "kind", "language", "expect", "case", "growth",
                ],
                solutions(&languages),
            ),
            What::Languages => (
                vec!["language", "name", "extensions", "time_factor"],
                languages
                    .iter()
                    .map(|(key, language)| {
                        let extensions = language.extensions.join(" ");
                        vec![
                            key.to_owned(),
                            language.name.clone(),
                            extensions,
                            language.time_factor.to_string(),
                        ]
                    })
                    .collect(),
            ),
        };
        match self.format {
            Format::Text => {
                let columns: Vec<_> = header.iter().map(|name| (*name, Align::Left)).collect();
                let mut table = Table::new(&columns);
                rows.into_iter().for_each(|row| table.row(row));
                print_line(&table.to_string());
            }
            Format::Json => {
                for row in rows {
                    let object: serde_json::Map<_, _> = header
                        .iter()
                        .map(ToString::to_string)
                        .zip(row.into_iter().map(|cell| json!(cell)))
                        .collect();
                    print_line(&serde_json::Value::Object(object).to_string());
                }
            }
        }
        Ok(AS_EXPECTED)
    }
}

fn problems_listed(languages: &Languages) -> Vec<Vec<String>> {
    let shipped = shipped(languages);
    let row = |problem: &std::sync::Arc<dyn problems::AnyProblem>| {
        let solutions = shipped
            .iter()
            .filter(|solution| solution.problem.name() == problem.name())
            // A kernel is there once for each device, and one answer nonetheless.
            .filter(|solution| solution.target() != Target::Cuda);
        let statement = problem.statement();
        let title = statement
            .lines()
            .find_map(|line| line.strip_prefix("# "))
            .unwrap_or_default();
        vec![
            problem.name().to_owned(),
            title.to_owned(),
            problem.families().len().to_string(),
            solutions.count().to_string(),
        ]
    };
    problems::catalogue::all().map(row).collect()
}

fn families() -> Vec<Vec<String>> {
    problems::catalogue::all()
        .flat_map(|problem| {
            let families = problem.families().into_iter();
            families.map(|info| {
                vec![
                    problem.name().to_owned(),
                    info.name.to_owned(),
                    info.promise.to_owned(),
                ]
            })
        })
        .collect()
}

fn solutions(languages: &Languages) -> Vec<Vec<String>> {
    shipped(languages)
        .iter()
        .filter(|solution| solution.target() != Target::Cuda)
        .map(|solution| {
            let text = |value: Option<String>| value.unwrap_or_default();
            let expectation = solution.expectation.as_ref();
            vec![
                solution.problem.name().to_owned(),
                solution.name.clone(),
                solution.kind().to_string(),
                solution.language().to_owned(),
                text(expectation.map(|expectation| expectation.verdict.to_string())),
                text(
                    expectation
                        .and_then(|expectation| Some(expectation.case.as_ref()?.to_string())),
                ),
                text(solution.growth().map(ToString::to_string)),
            ]
        })
        .collect()
}
