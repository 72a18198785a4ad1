//! Files of rows: a writer that keeps the file valid at every moment, and a reader that names what is wrong.

use std::fs::File;
use std::io::Write;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use vocabulary::Parameters;

use super::column::{Column, Fault, Row};
use super::error::RowError;
use crate::SCHEMA_VERSION;
use crate::atomic;

/// Prefix of the columns of parameters.
const PARAMETER: &str = "p_";

/// Writes rows one by one, each in one piece as soon as it is given: a killed process leaves whole rows.
#[derive(Debug)]
pub(super) struct Writer<R> {
    path: PathBuf,
    file: File,
    parameters: Vec<String>,
    rows: PhantomData<fn(&R)>,
}

impl<R: Row> Writer<R> {
    /// Creates the file, or empties it, and writes the header.
    pub(super) fn create(path: &Path, parameters: &[String]) -> Result<Self, RowError> {
        let mut writer = Writer {
            path: path.to_owned(),
            file: File::create(path).map_err(|source| file_error(path, source))?,
            parameters: parameters.to_vec(),
            rows: PhantomData,
        };
        writer.append(&line(&header::<R>(parameters)))?;
        Ok(writer)
    }

    /// Writes one row.
    pub(super) fn write(&mut self, row: &R) -> Result<(), RowError> {
        let cells = cells(row, &self.parameters, &self.path)?;
        self.append(&line(&cells))
    }

    /// One call of the system, so that a line is there whole or not at all.
    fn append(&mut self, line: &[u8]) -> Result<(), RowError> {
        let written = self.file.write_all(line);
        written.map_err(|source| file_error(&self.path, source))
    }
}

/// Writes all rows at once: the file is the old one or the new one, never half of either.
pub(super) fn write_rows<R: Row>(path: &Path, rows: &[R]) -> Result<(), RowError> {
    let bytes = text_of_rows(rows);
    atomic::write(path, bytes.as_bytes()).map_err(|source| file_error(path, source))
}

/// The text of a file of rows without columns for parameters.
pub(super) fn text_of_rows<R: Row>(rows: &[R]) -> String {
    let mut bytes = line(&header::<R>(&[]));
    for row in rows {
        let cells = cells(row, &[], Path::new(R::FILE));
        bytes.extend(line(&cells.expect("such rows have no parameters")));
    }
    String::from_utf8(bytes).expect("cells are UTF-8")
}

/// Reads all rows of a file.
pub(super) fn read_rows<R: Row>(path: &Path) -> Result<Vec<R>, RowError> {
    let file = File::open(path).map_err(|source| file_error(path, source))?;
    let mut reader = csv::Reader::from_reader(std::io::BufReader::new(file));
    let header = reader.headers().map_err(|error| csv_error(path, error))?;
    let header: Vec<String> = header.iter().map(str::to_owned).collect();
    let records = reader.records();
    records
        .map(|record| {
            let record = record.map_err(|error| csv_error(path, error))?;
            Line::new(path, &header, &record).read()
        })
        .collect()
}

/// The names of the columns.
fn header<R: Row>(parameters: &[String]) -> Vec<String> {
    let columns = R::columns().iter();
    columns
        .flat_map(|column| match column {
            Column::Version => vec!["schema_version".to_owned()],
            Column::Own { name, .. } | Column::Derived { name, .. } => vec![(*name).to_owned()],
            Column::Parameters(_) => {
                let names = parameters.iter();
                names.map(|name| format!("{PARAMETER}{name}")).collect()
            }
        })
        .collect()
}

/// The cells of a row, as many as the header has names.
fn cells<R: Row>(row: &R, parameters: &[String], path: &Path) -> Result<Vec<String>, RowError> {
    let mut cells = Vec::new();
    for column in R::columns() {
        match column {
            Column::Version => cells.push(SCHEMA_VERSION.to_string()),
            Column::Own { write, .. } | Column::Derived { write, .. } => cells.push(write(row)),
            Column::Parameters(of) => {
                let set = of(row);
                if let Some((name, _)) = set
                    .iter()
                    .find(|(name, _)| !parameters.iter().any(|known| known == name))
                {
                    return Err(RowError::UnknownParameter {
                        path: path.to_owned(),
                        parameters: set.to_string(),
                        parameter: name.to_owned(),
                    });
                }
                cells.extend(parameters.iter().map(|name| parameter_cell(set, name)));
            }
        }
    }
    Ok(cells)
}

/// The text of a parameter; empty if the case has none of that name.
fn parameter_cell(parameters: &Parameters, name: &str) -> String {
    let value = parameters.get(name);
    value.map(ToString::to_string).unwrap_or_default()
}

/// Cells as a line of CSV.
fn line(cells: &[String]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let written = writer
        .write_record(cells)
        .map_err(|error| error.to_string());
    let bytes = written.and_then(|()| writer.into_inner().map_err(|error| error.to_string()));
    bytes.expect("writing into memory does not fail")
}

/// A line that is being read.
struct Line<'a> {
    path: &'a Path,
    header: &'a [String],
    record: &'a csv::StringRecord,
    number: u64,
}

impl<'a> Line<'a> {
    fn new(path: &'a Path, header: &'a [String], record: &'a csv::StringRecord) -> Self {
        let number = record.position().map_or(0, csv::Position::line);
        Line {
            path,
            header,
            record,
            number,
        }
    }

    /// The text in a column, if the file has that column.
    fn cell(&self, name: &str) -> Option<&'a str> {
        let index = self.header.iter().position(|column| column == name)?;
        self.record.get(index)
    }

    fn read<R: Row>(&self) -> Result<R, RowError> {
        let mut row = R::blank();
        for column in R::columns() {
            match column {
                Column::Version => {
                    let version = self.cell("schema_version");
                    self.check_version(version)
                        .map_err(|fault| self.error::<R>("schema_version", fault))?;
                }
                Column::Own { name, read, .. } => {
                    let read = read(&mut row, self.cell(name));
                    read.map_err(|fault| self.error::<R>(name, fault))?;
                }
                Column::Derived { .. } | Column::Parameters(_) => {}
            }
        }
        self.check_derived(&row)?;
        Ok(row)
    }

    fn check_version(&self, version: Option<&str>) -> Result<(), Fault> {
        match version {
            None => Err(Fault::Missing),
            Some(version) if version == SCHEMA_VERSION.to_string() => Ok(()),
            Some(_) => Err(Fault::Version),
        }
    }

    /// What follows from the case must not contradict it.
    fn check_derived<R: Row>(&self, row: &R) -> Result<(), RowError> {
        for column in R::columns() {
            match column {
                Column::Derived { name, write } => self.check_same::<R>(name, &write(row))?,
                Column::Parameters(of) => {
                    for column in self.header {
                        if let Some(name) = column.strip_prefix(PARAMETER) {
                            self.check_same::<R>(column, &parameter_cell(of(row), name))?;
                        }
                    }
                }
                Column::Version | Column::Own { .. } => {}
            }
        }
        Ok(())
    }

    fn check_same<R: Row>(&self, column: &str, expected: &str) -> Result<(), RowError> {
        match self.cell(column) {
            Some(found) if found.strip_suffix(".0").unwrap_or(found) != expected => {
                let reason =
                    format!("`{found}` contradicts the column `case`, which has `{expected}` here");
                Err(self.error::<R>(column, Fault::Value(reason)))
            }
            _ => Ok(()),
        }
    }

    fn error<R: Row>(&self, column: &str, fault: Fault) -> RowError {
        let path = self.path.to_owned();
        let value = self.cell(column).unwrap_or_default().to_owned();
        match fault {
            Fault::Missing => RowError::MissingColumn {
                path,
                column: column.to_owned(),
                file: R::FILE,
            },
            Fault::Version => RowError::Version {
                path,
                line: self.number,
                found: value,
            },
            Fault::Value(reason) => RowError::Cell {
                path,
                line: self.number,
                column: column.to_owned(),
                value,
                reason,
            },
        }
    }
}

fn file_error(path: &Path, source: std::io::Error) -> RowError {
    RowError::File {
        path: path.to_owned(),
        source,
    }
}

fn csv_error(path: &Path, error: csv::Error) -> RowError {
    let line = error.position().map_or(1, csv::Position::line);
    let reason = match error.kind() {
        csv::ErrorKind::Io(_) => match error.into_kind() {
            csv::ErrorKind::Io(source) => return file_error(path, source),
            other => format!("{other:?}"),
        },
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => format!("{len} cells, where the header has {expected_len}"),
        csv::ErrorKind::Utf8 { .. } => "not UTF-8".to_owned(),
        other => format!("{other:?}"),
    };
    RowError::Line {
        path: path.to_owned(),
        line,
        reason,
    }
}
