//! What a page is made of: the files of a run, as far as they are there.

use std::path::{Path, PathBuf};

use crate::environment::EnvironmentError;
use crate::{CurveRow, Environment, Measurement, RowError, read_curves, read_measurements};

/// The rows of a run, and what stands beside them in its folder.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// What the rows are called on the page: the path that was given.
    pub name: String,
    /// The rows, in the order of the file.
    pub rows: Vec<Measurement>,
    /// The curves of the run, for their axes and sweeps. Empty without a `curves.csv`.
    pub curves: Vec<CurveRow>,
    /// Where it ran, if an `environment.json` says so.
    pub environment: Option<Environment>,
}

/// Why a source cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// A CSV cannot be read.
    #[error(transparent)]
    Rows(#[from] RowError),
    /// The environment cannot be read.
    #[error(transparent)]
    Environment(#[from] EnvironmentError),
    /// The rows are of no run yet.
    #[error("{}: no rows; give the folder of a run that has ended", .0.display())]
    Empty(PathBuf),
}

impl Source {
    /// Reads the folder of a run, or a CSV of measurements together with the `curves.csv` and `environment.json` beside it.
    pub fn read(path: &Path) -> Result<Source, SourceError> {
        let (folder, file) = if path.is_dir() {
            (path.to_owned(), path.join("measurements.csv"))
        } else {
            (path.with_file_name(""), path.to_owned())
        };
        let rows = read_measurements(&file)?;
        if rows.is_empty() {
            return Err(SourceError::Empty(file));
        }
        let (curves, environment) = (folder.join("curves.csv"), folder.join("environment.json"));
        Ok(Source {
            name: path.display().to_string(),
            rows,
            curves: match curves.exists() {
                true => read_curves(curves)?,
                false => Vec::new(),
            },
            environment: match environment.exists() {
                true => Some(Environment::read(environment)?),
                false => None,
            },
        })
    }
}
