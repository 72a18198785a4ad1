//! `judge leaderboard CSV...`: who is how much slower than the best.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use reports::{Measurement, Metric, read_measurements};
use vocabulary::Target;

use super::{AS_EXPECTED, NOTHING_TO_COMPARE};
use crate::display::print_line;
use crate::selection;
use crate::usage::Usage;

/// Rank solutions by how much slower than the best they are
#[derive(Debug, Args)]
#[command(after_help = "\
The ratio is the geometric mean, over the cases that all ranked solutions share, of the cost to the best on that case, with its 95% \
interval. What failed on a case has no rank, and its failures are counted. Neighbours whose intervals overlap are named: they are \
not separated. Rows of several people or machines can be given together, and each machine has leaderboards of its own. A row that \
claims to be faster than its bytes allow is set aside, with the reason. The overall leaderboard of a target is of those that answer \
several problems under one name.

Exit codes: 0, 2 bad usage, 4 there is nothing to rank.

Examples:
  judge leaderboard judge-out
  judge leaderboard judge-out/measurements.csv --format markdown
  judge leaderboard anna.csv ben.csv -p knapsack --target process
  judge leaderboard judge-out --by instructions --format csv > leaderboard.csv")]
pub(super) struct Options {
    /// CSVs of measurements, or folders that `judge run` or `judge bench` wrote
    #[arg(value_name = "DIR|CSV", required = true)]
    sources: Vec<PathBuf>,
    /// Only this problem; may be given several times
    #[arg(short, long, value_name = "PROBLEM")]
    problem: Vec<String>,
    /// Only what ran here: process, function, emulator or cuda
    #[arg(long)]
    target: Option<Target>,
    /// The column to rank by [default: cpu_ns_median; wall_ns_median on a GPU, warp_instructions on the emulator]
    #[arg(long, value_name = "COLUMN", value_parser = metric)]
    by: Option<Metric>,
    #[arg(long, default_value = "text")]
    format: Format,
}

/// How leaderboards are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// As `leaderboard.csv`.
    Csv,
    /// For a page or a comment.
    Markdown,
    /// JSON Lines, one object a solution and leaderboard.
    Json,
}

fn metric(column: &str) -> Result<Metric, String> {
    let all = || {
        let columns = Metric::ALL.iter().map(|metric| metric.column());
        columns.collect::<Vec<_>>().join(", ")
    };
    Metric::of_column(column).ok_or_else(|| format!("it must be one of {}", all()))
}

impl Options {
    pub(super) fn execute(&self) -> anyhow::Result<u8> {
        let rows = self.rows()?;
        let metric = |target| self.by.unwrap_or(Metric::of_target(target));
        let boards = reports::leaderboards(&rows, metric);
        if boards.is_empty() {
            anstream::eprintln!("error: there is nothing to rank: no row is of what was asked for");
            return Ok(NOTHING_TO_COMPARE);
        }
        let text = match self.format {
            Format::Text => reports::leaderboard_table(&boards),
            Format::Markdown => reports::leaderboard_markdown(&boards),
            Format::Csv => reports::leaderboard_csv(&reports::leaderboard_rows(&boards)),
            Format::Json => {
                let rows = reports::leaderboard_rows(&boards);
                let lines = rows.iter().map(serde_json::to_string);
                lines.collect::<Result<Vec<_>, _>>()?.join("\n")
            }
        };
        print_line(text.trim_end());
        Ok(AS_EXPECTED)
    }

    /// The rows of all sources that are asked for.
    fn rows(&self) -> anyhow::Result<Vec<Measurement>> {
        let mut rows = Vec::new();
        for source in &self.sources {
            let read = read_measurements(source).map_err(|error| Usage::new(error.to_string()))?;
            rows.extend(read);
        }
        for problem in &self.problem {
            // Rows may be of problems that this judge does not know; but a name that stands nowhere is a slip.
            if rows.iter().all(|row| row.case.problem != *problem) {
                selection::problem(problem)?;
            }
        }
        rows.retain(|row| {
            let is_asked = self.problem.is_empty() || self.problem.contains(&row.case.problem);
            is_asked && self.target.is_none_or(|target| row.target == target)
        });
        Ok(rows)
    }
}
