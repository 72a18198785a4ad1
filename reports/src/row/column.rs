//! A column, in both directions.

use vocabulary::Parameters;

use super::cell::Cell;

/// What is wrong with one cell; the reader adds the place.
pub(super) enum Fault {
    /// The column is absent, and must not be.
    Missing,
    /// The row is of another version of the schema.
    Version,
    /// The text is no value of this column: a sentence that says why.
    Value(String),
}

/// A column of the rows `R`.
pub(super) enum Column<R: 'static> {
    /// `schema_version`: the same in every row, and refused if it is another.
    Version,
    /// A field of its own: written and read back. The reader passes `None` if the column is absent.
    Own {
        name: &'static str,
        write: fn(&R) -> String,
        read: fn(&mut R, Option<&str>) -> Result<(), Fault>,
    },
    /// Follows from another field: written, and on reading only compared.
    Derived {
        name: &'static str,
        write: fn(&R) -> String,
    },
    /// One column `p_<name>` a parameter, compared on reading.
    Parameters(fn(&R) -> &Parameters),
}

/// A row of one of the files.
pub(super) trait Row: Sized + 'static {
    /// The usual name of the file, for messages.
    const FILE: &'static str;

    /// A row with nothing in it, which the reader fills.
    fn blank() -> Self;

    /// All columns, in the order of the file.
    fn columns() -> &'static [Column<Self>];
}

/// Reads a field from its cell.
pub(super) fn read_cell<T: Cell>(text: Option<&str>) -> Result<T, Fault> {
    match text {
        Some(text) => T::read(text).map_err(Fault::Value),
        None => T::absent().ok_or(Fault::Missing),
    }
}

/// The table of columns of a row, field by field:
///
/// ```text
/// columns!(Row; version "schema_version", own "round" => round, derived "problem" => case.problem,
///               parameters "p_" => case.parameters)
/// ```
macro_rules! columns {
    ($row:ty; $($kind:ident $name:literal $(=> $($field:ident).+)?),* $(,)?) => {
        &[$($crate::row::column::columns!(@$kind $row, $name $(, $($field).+)?)),*]
    };
    (@version $row:ty, $name:literal) => {
        $crate::row::column::Column::Version
    };
    (@own $row:ty, $name:literal, $($field:ident).+) => {
        $crate::row::column::Column::Own {
            name: $name,
            write: |row: &$row| $crate::row::cell::Cell::write(&row.$($field).+),
            read: |row: &mut $row, text| {
                row.$($field).+ = $crate::row::column::read_cell(text)?;
                Ok(())
            },
        }
    };
    (@derived $row:ty, $name:literal, $($field:ident).+) => {
        $crate::row::column::Column::Derived {
            name: $name,
            write: |row: &$row| $crate::row::cell::Cell::write(&row.$($field).+),
        }
    };
    (@parameters $row:ty, $name:literal, $($field:ident).+) => {
        $crate::row::column::Column::Parameters(|row: &$row| &row.$($field).+)
    };
}
pub(super) use columns;
