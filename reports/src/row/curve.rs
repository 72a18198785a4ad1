//! `curves.csv`: one row a curve.

use std::path::Path;

use vocabulary::{Growth, Target};

use super::column::{Column, Row, columns};
use super::error::RowError;
use super::file::{read_rows, write_rows};

/// How the cost of a solution grows along an axis, in one family.
#[derive(Clone, Debug, PartialEq)]
pub struct CurveRow {
    /// The problem.
    pub problem: String,
    /// Name of the solution.
    pub solution: String,
    /// Where it ran.
    pub target: Target,
    /// The family of the inputs.
    pub family: String,
    /// The parameter that grows.
    pub axis: String,
    /// The column of `measurements.csv` that the curve is of.
    pub metric: String,
    /// The set of growth classes that the points allow.
    pub classes: Vec<Growth>,
    /// Whether the set is one class.
    pub decided: bool,
    /// Slope of the logarithm of the cost over that of the axis.
    pub exponent: Option<f64>,
    /// Lower end of its 95% interval.
    pub exponent_low: Option<f64>,
    /// Upper end.
    pub exponent_high: Option<f64>,
    /// Least value of the axis.
    pub axis_min: Option<i64>,
    /// Greatest value of the axis.
    pub axis_max: Option<i64>,
    /// Number of sizes.
    pub points: u64,
    /// The size at which the slope changes, if it does.
    pub kink_at: Option<i64>,
    /// Names of the warnings.
    pub warnings: Vec<String>,
}

impl Row for CurveRow {
    const FILE: &'static str = "curves.csv";

    fn blank() -> Self {
        CurveRow {
            problem: String::new(),
            solution: String::new(),
            target: Target::Process,
            family: String::new(),
            axis: String::new(),
            metric: String::new(),
            classes: Vec::new(),
            decided: false,
            exponent: None,
            exponent_low: None,
            exponent_high: None,
            axis_min: None,
            axis_max: None,
            points: 0,
            kink_at: None,
            warnings: Vec::new(),
        }
    }

    fn columns() -> &'static [Column<Self>] {
        columns!(CurveRow;
            own "problem" => problem,
            own "solution" => solution,
            own "target" => target,
            own "family" => family,
            own "axis" => axis,
            own "metric" => metric,
            own "classes" => classes,
            own "decided" => decided,
            own "exponent" => exponent,
            own "exponent_low" => exponent_low,
            own "exponent_high" => exponent_high,
            own "axis_min" => axis_min,
            own "axis_max" => axis_max,
            own "points" => points,
            own "kink_at" => kink_at,
            own "warnings" => warnings,
        )
    }
}

/// Writes a `curves.csv`, the whole file at once.
pub fn write_curves(path: impl AsRef<Path>, rows: &[CurveRow]) -> Result<(), RowError> {
    write_rows(path.as_ref(), rows)
}

/// Reads a `curves.csv`.
pub fn read_curves(path: impl AsRef<Path>) -> Result<Vec<CurveRow>, RowError> {
    read_rows(path.as_ref())
}
