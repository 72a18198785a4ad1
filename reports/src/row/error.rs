//! What can be wrong with a file of rows.

use std::path::PathBuf;

/// Why rows cannot be read or written; names the place and the mend.
#[derive(Debug, thiserror::Error)]
pub enum RowError {
    /// The file cannot be opened, read or written.
    #[error("{}: {source}; check the path, and that it can be read and written", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A line is not CSV, or has more or fewer cells than the header.
    #[error("{}, line {line}: {reason}; if a run was cut off while writing, delete this line", .path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// Line, from 1; the header is line 1.
        line: u64,
        /// What the CSV reader says.
        reason: String,
    },
    /// The rows are of another version of the schema.
    #[error(
        "{}, line {line}, column `schema_version`: `{found}` is not {}, which this judge reads: read the file with the judge that wrote it, or measure again", .path.display(), crate::SCHEMA_VERSION
    )]
    Version {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: u64,
        /// The version that stands there.
        found: String,
    },
    /// A column that every row needs is absent.
    #[error(
        "{}, line 1: column `{column}` is missing; a {file} has it: is this the right file, and is its header whole?", .path.display()
    )]
    MissingColumn {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// What the file was taken for, for example `measurements.csv`.
        file: &'static str,
    },
    /// A cell does not hold what its column holds.
    #[error("{}, line {line}, column `{column}`: {reason}", .path.display())]
    Cell {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: u64,
        /// The column.
        column: String,
        /// What stands there.
        value: String,
        /// What is wrong with it, and what should stand there.
        reason: String,
    },
    /// A row has a parameter for which the file has no column.
    #[error(
        "{}: the parameter `{parameter}` of a case with `{parameters}` has no column `p_{parameter}` in this file: name it when the writer is made", .path.display()
    )]
    UnknownParameter {
        /// The file.
        path: PathBuf,
        /// All parameters of the row's case.
        parameters: String,
        /// The parameter.
        parameter: String,
    },
}
