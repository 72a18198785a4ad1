//! `judge history`: what runs found, revision after revision.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use globset::GlobMatcher;
use reports::history::{self, HistoryError, Step, Terms, Trend, kept, steps, trends};
use reports::table::{Align, Table};
use reports::{read_measurements, trend_chart, trend_svg};
use serde_json::json;

use super::options::{Format, pattern, positive};
use super::{AS_EXPECTED, NOTHING_TO_COMPARE, SLOWER};
use crate::display::print_line;
use crate::selection::Selection;
use crate::usage::Usage;

/// Keep runs in a folder of small CSVs, and say when something got slower
#[derive(Debug, Args)]
#[command(after_help = "\
The folder has a file for each run, with one row a case: commit it, and every branch adds files of its own. A revision is one point, \
the median of its runs; revisions stand in the order in which they were first measured. Machines are never mixed.

Examples:
  judge run && judge history add judge-out
  judge history show kth_largest/heap_of_k.cpp
  judge history show 'knapsack/*' --case '*n=1000*' --svg knapsack.svg
  judge history steps --since v1.2 || echo slower")]
pub(super) struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Keep what a run measured
    Add(Add),
    /// Show how a figure moved, as charts
    Show(Show),
    /// Say at which revisions a figure changed its level; ends with 3 if one rose
    Steps(Steps),
}

/// Keep what a run measured
#[derive(Debug, Args)]
struct Add {
    /// Folders that `judge run` or `judge bench` wrote, or CSVs of measurements
    #[arg(value_name = "DIR|CSV", default_value = "judge-out")]
    sources: Vec<PathBuf>,
    /// The folder of the history
    #[arg(long, value_name = "DIR", default_value = "history")]
    history: PathBuf,
    /// The revision that was measured [default: the one that the rows say]
    #[arg(long, value_name = "REVISION", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    revision: Option<String>,
}

/// Which trends.
#[derive(Debug, Args)]
struct Which {
    /// Problems, solutions as PROBLEM/SOLUTION, or globs [default: all]
    selection: Vec<String>,
    /// Only cases like this one, a glob over whole names; may be given several times
    #[arg(long, value_name = "CASE", value_parser = pattern)]
    case: Vec<GlobMatcher>,
    /// The folder of the history
    #[arg(long, value_name = "DIR", default_value = "history")]
    history: PathBuf,
    #[arg(long, default_value = "text")]
    format: Format,
}

/// Show how a figure moved, as charts
#[derive(Debug, Args)]
struct Show {
    #[command(flatten)]
    which: Which,
    /// Draw the trends into this file, too
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

/// Say at which revisions a figure changed its level
#[derive(Debug, Args)]
#[command(after_help = "\
A count (instructions, of a kernel those of its warps) has no noise: a change of 0.5% or more from one revision to the next is a \
step. Times have noise that no single run tells: the revisions are cut in two where the ranks on both sides differ most, and the cut \
is a step if chance makes one so uneven with less than 1% in all trends together, by exact counts, and the medians differ by \
--threshold. That takes several revisions behind the step: 5 after 10, for one trend. METHODOLOGY.md has the rule.

Exit codes: 0 nothing rose, 2 bad usage, 3 a figure rose, 4 there are too few revisions to say anything.")]
struct Steps {
    #[command(flatten)]
    which: Which,
    /// Only steps at this revision or later ones
    #[arg(long, value_name = "REVISION")]
    since: Option<String>,
    /// From how many percent on a change of a time counts
    #[arg(long, value_name = "PERCENT", default_value_t = 2.0, value_parser = positive, allow_hyphen_values = true)]
    threshold: f64,
}

/// Trends that are drawn; of more, a table tells.
const DRAWN: usize = 8;

impl Options {
    pub(super) fn execute(&self) -> anyhow::Result<u8> {
        match &self.command {
            Command::Add(options) => options.execute(),
            Command::Show(options) => options.execute(),
            Command::Steps(options) => options.execute(),
        }
    }
}

impl Add {
    fn execute(&self) -> anyhow::Result<u8> {
        let mut rows = Vec::new();
        for source in &self.sources {
            let read = read_measurements(source).map_err(|error| Usage::new(error.to_string()))?;
            rows.extend(kept(&read, self.revision.as_deref()).map_err(mistake)?);
        }
        if rows.is_empty() {
            anstream::eprintln!("error: nothing to keep: no row is right and was measured");
            return Ok(NOTHING_TO_COMPARE);
        }
        for file in history::add(&self.history, &rows).map_err(mistake)? {
            print_line(&file.display().to_string());
        }
        anstream::eprintln!("{} rows kept", rows.len());
        Ok(AS_EXPECTED)
    }
}

impl Which {
    /// The trends that are asked for.
    fn trends(&self) -> anyhow::Result<Vec<Trend>> {
        let rows = history::read(&self.history).map_err(mistake)?;
        let selection = Selection::parse(&self.selection)?;
        if let Some(file) = selection.files.first() {
            let reason =
                "it is a file; name solutions as PROBLEM/SOLUTION, and the folder with --history";
            return Err(Usage::file(file, reason).into());
        }
        let mut all = trends(&rows);
        let label = |trend: &Trend| format!("{}/{}", trend.case.problem, trend.solution);
        if !selection.is_everything() {
            let labels = selection.labels(all.iter().map(label).collect())?;
            all.retain(|trend| labels.contains(&label(trend)));
        }
        let is_asked = |trend: &Trend| {
            let case = trend.case.to_string();
            self.case.is_empty() || self.case.iter().any(|glob| glob.is_match(&case))
        };
        all.retain(is_asked);
        Ok(all)
    }
}

impl Show {
    fn execute(&self) -> anyhow::Result<u8> {
        let trends = self.which.trends()?;
        if trends.is_empty() {
            anstream::eprintln!("error: the history has no such trend");
            return Ok(NOTHING_TO_COMPARE);
        }
        let terms = Terms::new(&trends);
        let all: Vec<(&Trend, Vec<Step>)> = trends
            .iter()
            .map(|trend| (trend, steps(trend, &terms)))
            .collect();
        let with_host = has_many_hosts(&trends);
        match self.which.format {
            Format::Json => {
                for (trend, steps) in &all {
                    print_line(&trend_json(trend, steps).to_string());
                }
            }
            Format::Text if all.len() <= DRAWN => {
                let charts = all.iter();
                let charts: Vec<String> = charts
                    .map(|(trend, steps)| trend_chart(trend, steps, with_host))
                    .collect();
                print_line(charts.join("\n").trim_end());
            }
            Format::Text => {
                print_line(table(&all, with_host).to_string().trim_end());
                anstream::eprintln!("{DRAWN} trends or fewer are drawn: select some, or --case");
            }
        }
        if let (Some(file), Some(svg)) = (&self.svg, trend_svg(&all, with_host)) {
            std::fs::write(file, svg)
                .map_err(|error| Usage::file(file, format!("{error}; name another with --svg")))?;
        }
        Ok(AS_EXPECTED)
    }
}

impl Steps {
    fn execute(&self) -> anyhow::Result<u8> {
        let mut trends = self.which.trends()?;
        if let Some(since) = &self.since {
            let mut points = trends.iter().flat_map(|trend| &trend.points);
            if !points.any(|point| point.revision == *since) {
                let folder = self.which.history.display();
                let message = format!("--since {since}: no run in {folder} is of that revision");
                return Err(Usage::new(message).into());
            }
        }
        let short = trends.iter().filter(|trend| !trend.is_comparable()).count();
        trends.retain(Trend::is_comparable);
        if trends.is_empty() {
            anstream::eprintln!(
                "error: nothing to compare with: of {short} trends none has revisions enough (times 6, counts 2)"
            );
            return Ok(NOTHING_TO_COMPARE);
        }
        let terms = Terms {
            times: self.threshold / 100.0,
            ..Terms::new(&trends)
        };
        let with_host = has_many_hosts(&trends);
        let columns = [
            ("change", Align::Right),
            ("from", Align::Left),
            ("on", Align::Left),
            ("after", Align::Left),
            ("by chance", Align::Left),
            ("of", Align::Left),
        ];
        let mut table = Table::new(&columns);
        let (mut rose, mut fell) = (0, 0);
        for trend in &trends {
            for step in steps(trend, &terms) {
                if !self.counts(trend, &step) {
                    continue;
                }
                *(if step.ratio > 1.0 {
                    &mut rose
                } else {
                    &mut fell
                }) += 1;
                let (before, point) = (&trend.points[step.at - 1], &trend.points[step.at]);
                match self.which.format {
                    Format::Json => print_line(&step_json(trend, &step).to_string()),
                    Format::Text => table.row([
                        format!("{:+.1}%", 100.0 * (step.ratio - 1.0)),
                        point.revision.clone(),
                        point.date().to_owned(),
                        before.revision.clone(),
                        step.probability.map_or_else(String::new, chance),
                        trend.title(with_host),
                    ]),
                }
            }
        }
        if !table.is_empty() {
            print_line(&table.to_string());
        }
        let left_out = match short {
            0 => String::new(),
            short => format!("; {short} more have too few revisions"),
        };
        anstream::eprintln!(
            "{} trends: {rose} rose, {fell} fell{left_out}",
            trends.len()
        );
        Ok(if rose > 0 { SLOWER } else { AS_EXPECTED })
    }

    /// Whether a step is late enough.
    fn counts(&self, trend: &Trend, step: &Step) -> bool {
        let Some(since) = &self.since else {
            return true;
        };
        let first = trend
            .points
            .iter()
            .position(|point| point.revision == *since);
        first.is_some_and(|first| step.at >= first)
    }
}

/// Trends without charts: where they begin and end.
fn table(all: &[(&Trend, Vec<Step>)], with_host: bool) -> Table {
    let columns = [
        ("revisions", Align::Right),
        ("first", Align::Right),
        ("last", Align::Right),
        ("ratio", Align::Right),
        ("steps", Align::Right),
        ("of", Align::Left),
    ];
    let mut table = Table::new(&columns);
    for (trend, steps) in all {
        let (Some(first), Some(last)) = (trend.points.first(), trend.points.last()) else {
            continue;
        };
        table.row([
            trend.points.len().to_string(),
            trend.metric.show(first.value),
            trend.metric.show(last.value),
            format!("{:.3}", last.value / first.value),
            steps.len().to_string(),
            trend.title(with_host),
        ]);
    }
    table
}

/// A probability that is an upper bound: `< 0.2%`.
fn chance(probability: f64) -> String {
    match 100.0 * probability {
        percent if percent < 0.001 => "< 0.001%".to_owned(),
        percent => format!("< {:.3}%", (percent * 1000.0).ceil() / 1000.0),
    }
}

fn identity(trend: &Trend) -> serde_json::Value {
    json!({
        "host_id": trend.host_id, "problem": trend.case.problem, "solution": trend.solution, "target": trend.target,
        "case": trend.case.to_string(), "metric": trend.metric.column(), "instruction_tier": trend.tier,
        "cache_state": trend.cache_state,
    })
}

fn trend_json(trend: &Trend, steps: &[Step]) -> serde_json::Value {
    let points = trend.points.iter().map(|point| {
        json!({
            "revision": point.revision, "utc": point.utc, "runs": point.runs, "value": point.value,
            "low": point.interval.map(|at| at.low), "high": point.interval.map(|at| at.high),
        })
    });
    let mut line = identity(trend);
    line["points"] = points.collect();
    line["steps"] = steps.iter().map(|step| step_json(trend, step)).collect();
    line
}

fn step_json(trend: &Trend, step: &Step) -> serde_json::Value {
    let (before, point) = (&trend.points[step.at - 1], &trend.points[step.at]);
    let mut line = identity(trend);
    line["revision"] = json!(point.revision);
    line["utc"] = json!(point.utc);
    line["after"] = json!(before.revision);
    line["ratio"] = json!(step.ratio);
    line["probability"] = json!(step.probability);
    line
}

fn has_many_hosts(trends: &[Trend]) -> bool {
    trends
        .iter()
        .any(|trend| trend.host_id != trends[0].host_id)
}

/// All that can be wrong with a history is in its files and names.
#[allow(clippy::needless_pass_by_value)] // for map_err
fn mistake(error: HistoryError) -> Usage {
    Usage::new(error.to_string())
}
