//! What each comparison found: rows, kept in a file as they come, and what they come to.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use judge::comparison::decide::Finding;
use reports::Environment;
use reports::comparison::Change;
use reports::statistics::robust::median;
use reports::table::{Align, Table};
use serde::{Deserialize, Serialize};

use crate::Experiment;

/// A comparison.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    experiment: String,
    /// `SLOWER`, `FASTER`, `SAME` or `UNDECIDED`.
    change: String,
    /// Whether the base differed from itself by more than the threshold.
    is_noisy: bool,
    /// Of the interval, as a ratio less 1.
    half_width: f64,
    seconds: f64,
    /// Whether criterion's rule sees a change.
    criterion_sees_a_change: bool,
    /// The machine, and what else it had to do when the comparison was over: the neighbour and the comparison make 2.
    host_id: String,
    load_average: Option<f64>,
}

impl Row {
    pub(crate) fn new(
        experiment: &Experiment,
        finding: &Finding,
        seconds: f64,
        criterion_sees_a_change: bool,
    ) -> Self {
        let here = Environment::probe();
        Row {
            experiment: experiment.name.to_owned(),
            change: finding.change.to_string(),
            is_noisy: finding.check.is_noisy(),
            half_width: finding.cpu.half_width(),
            seconds,
            criterion_sees_a_change,
            host_id: here.host_id,
            load_average: here.load_average,
        }
    }
}

/// All rows so far, and the file that keeps them, if any.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    path: Option<PathBuf>,
    rows: Vec<Row>,
}

impl Rows {
    /// The rows of a file, which may not be there yet. Those that come are added to it.
    pub(crate) fn of_file(path: &Path) -> anyhow::Result<Self> {
        let named = || path.display().to_string();
        let rows = match path.is_file() {
            true => {
                let mut reader = csv::Reader::from_path(path).with_context(named)?;
                let rows = reader.deserialize().collect::<Result<_, _>>();
                rows.with_context(named)?
            }
            false => Vec::new(),
        };
        Ok(Rows {
            path: Some(path.to_owned()),
            rows,
        })
    }

    pub(crate) fn push(&mut self, row: Row) -> anyhow::Result<()> {
        if let Some(path) = &self.path {
            let named = || path.display().to_string();
            let mut file = OpenOptions::new()
                .create(true)
                .append(true)
                .open(path)
                .with_context(named)?;
            // One write, so that an interruption leaves whole rows.
            let mut writer = csv::WriterBuilder::new()
                .has_headers(file.metadata()?.len() == 0)
                .from_writer(Vec::new());
            writer.serialize(&row)?;
            std::io::Write::write_all(&mut file, &writer.into_inner()?).with_context(named)?;
        }
        self.rows.push(row);
        Ok(())
    }

    /// How often an experiment was made.
    pub(crate) fn count(&self, experiment: &Experiment) -> usize {
        self.of(experiment).count()
    }

    fn of(&self, experiment: &Experiment) -> impl Iterator<Item = &Row> {
        let rows = self.rows.iter();
        rows.filter(|row| row.experiment == experiment.name)
    }

    /// A row for each experiment that was made.
    pub(crate) fn table(&self, experiments: &[Experiment]) -> Table {
        let mut table = Table::new(&[
            ("comparisons of", Align::Left),
            ("times", Align::Right),
            ("SLOWER", Align::Right),
            ("FASTER", Align::Right),
            ("SAME", Align::Right),
            ("UNDECIDED", Align::Right),
            ("of them noisy", Align::Right),
            ("half-width", Align::Right),
            ("seconds each", Align::Right),
            ("most", Align::Right),
            ("goal", Align::Left),
            ("criterion's rule", Align::Right),
            ("load", Align::Right),
        ]);
        for experiment in experiments {
            let rows: Vec<&Row> = self.of(experiment).collect();
            if !rows.is_empty() {
                table.row(cells(experiment, &rows));
            }
        }
        table
    }
}

fn cells(experiment: &Experiment, rows: &[&Row]) -> Vec<String> {
    let share = |is: &dyn Fn(&Row) -> bool| {
        let count = rows.iter().filter(|row| is(row)).count();
        let share = 100.0 * count as f64 / rows.len() as f64;
        format!("{count} ({share:.1}%)")
    };
    let word = |change: Change| share(&|row: &Row| row.change == change.as_str());
    let middle = |of: &dyn Fn(&Row) -> f64| {
        let values: Vec<f64> = rows.iter().map(|row| of(row)).collect();
        median(&values).unwrap_or(f64::NAN)
    };
    let most = rows.iter().map(|row| row.seconds).fold(0.0, f64::max);
    vec![
        experiment.name.to_owned(),
        rows.len().to_string(),
        word(Change::Slower),
        word(Change::Faster),
        word(Change::Same),
        word(Change::Undecided),
        share(&|row| row.is_noisy),
        format!("{:.3}%", 100.0 * middle(&|row| row.half_width)),
        format!("{:.1}", middle(&|row| row.seconds)),
        format!("{most:.1}"),
        experiment.goal.to_owned(),
        share(&|row| row.criterion_sees_a_change),
        format!("{:.1}", middle(&|row| row.load_average.unwrap_or(f64::NAN))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EXPERIMENTS;

    fn committed() -> Rows {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        Rows::of_file(&root.join("examples/gate_power/rows.csv")).unwrap()
    }

    #[test]
    fn the_published_table_is_made_of_the_committed_rows() {
        let rows = committed();
        let text = include_str!("../../../METHODOLOGY.md");
        let (_, table) = text.split_once("<!-- gate -->\n").unwrap();
        let (table, _) = table.split_once("<!-- end -->").unwrap();
        assert_eq!(table, rows.table(&EXPERIMENTS).markdown(), "see --markdown");
    }

    #[test]
    fn the_full_form_is_there() {
        let rows = committed();
        for experiment in EXPERIMENTS {
            assert_eq!(
                rows.count(&experiment),
                experiment.times,
                "{}",
                experiment.name
            );
        }
    }
}
