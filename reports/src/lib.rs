//! What is made of results: the rows of the CSVs, and everything that can be read out of them.
//!
//! ```text
//! Measurement, Sample --writer--> measurements.csv, samples.csv
//!                                       |
//!                                     reader          (anywhere, from anybody's rows)
//!                                       |
//!                        Curve | Leaderboard          statistics: pure functions on f64
//!                                       |
//!                     tables, Markdown, curves.csv, leaderboard.csv
//! ```
//!
//! This crate knows rows, not problems.

mod atomic;
pub mod chart;
pub mod comparison;
pub mod curve;
pub mod environment;
pub mod history;
pub mod leaderboard;
mod metric;
pub mod page;
pub mod row;
pub mod statistics;
pub mod table;
pub mod utc;

pub use chart::{growth_chart, growth_svg, trend_chart, trend_svg};
pub use curve::{Axis, Crossing, Curve, crossings, curves};
pub use environment::Environment;
pub use leaderboard::{Leaderboard, leaderboard_rows, leaderboards};
pub use metric::Metric;
pub use page::page;
pub use row::{
    CurveRow, HistoryRow, KernelFigures, LeaderboardRow, Measurement, MeasurementWriter, RowError,
    RunInfo, SCHEMA_VERSION, Sample, SampleWriter, leaderboard_csv, read_curves, read_leaderboard,
    read_measurements, read_samples, write_curves, write_leaderboard,
};
pub use table::{Table, growth_table, leaderboard_markdown, leaderboard_table};
