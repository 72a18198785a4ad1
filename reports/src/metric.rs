//! What a curve or a leaderboard is of: a column of the measurements.

use std::fmt;

use vocabulary::{Target, units};

use crate::Measurement;

/// A figure of a measurement that can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Metric {
    /// CPU time, median of the rounds: the steadiest summary of whole programs.
    CpuMedian,
    /// CPU time, least of the rounds: names the growth right most often.
    CpuMinimum,
    /// Wall-clock time, median of the rounds.
    WallMedian,
    /// Wall-clock time, least of the rounds.
    WallMinimum,
    /// Instructions executed.
    Instructions,
    /// Instructions that a kernel issued, counted once a warp.
    WarpInstructions,
}

impl Metric {
    /// All of them, in order.
    pub const ALL: &[Metric] = &[
        Metric::CpuMedian,
        Metric::CpuMinimum,
        Metric::WallMedian,
        Metric::WallMinimum,
        Metric::Instructions,
        Metric::WarpInstructions,
    ];

    /// What leaderboards of a target are by: CPU time, but the clock for a GPU, which has none, and the counter for the
    /// emulator, which has no times.
    pub const fn of_target(target: Target) -> Self {
        match target {
            Target::Process | Target::Function => Metric::CpuMedian,
            Target::Cuda => Metric::WallMedian,
            Target::Emulator => Metric::WarpInstructions,
        }
    }

    /// The column of `measurements.csv`.
    pub const fn column(self) -> &'static str {
        match self {
            Metric::CpuMedian => "cpu_ns_median",
            Metric::CpuMinimum => "cpu_ns_min",
            Metric::WallMedian => "wall_ns_median",
            Metric::WallMinimum => "wall_ns_min",
            Metric::Instructions => "instructions",
            Metric::WarpInstructions => "warp_instructions",
        }
    }

    /// The metric of a column of `measurements.csv`; `None` if the column is none to compare by.
    pub fn of_column(column: &str) -> Option<Self> {
        let mut metrics = Self::ALL.iter().copied();
        metrics.find(|metric| metric.column() == column)
    }

    /// The figure of a row. `None` if it was not measured, and also for 0: that is below what could be measured (once the
    /// overhead is subtracted), and no ratio is to be made of it.
    pub fn of(self, row: &Measurement) -> Option<f64> {
        let value = match self {
            Metric::CpuMedian => row.cpu_ns_median,
            Metric::CpuMinimum => row.cpu_ns_min,
            Metric::WallMedian => row.wall_ns_median,
            Metric::WallMinimum => row.wall_ns_min,
            Metric::Instructions => row.instructions,
            Metric::WarpInstructions => row.kernel.warp_instructions,
        };
        value.filter(|value| *value > 0).map(|value| value as f64)
    }

    /// Whether it is a time.
    pub const fn is_time(self) -> bool {
        !matches!(self, Metric::Instructions | Metric::WarpInstructions)
    }

    /// A value as people read it: `1.23 ms`, `1_000_000`.
    pub fn show(self, value: f64) -> String {
        if self.is_time() {
            units::duration(value)
        } else {
            units::count(value.round() as u64)
        }
    }
}

/// In words: `CPU time (median)`.
impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Metric::CpuMedian => "CPU time (median)",
            Metric::CpuMinimum => "CPU time (least)",
            Metric::WallMedian => "wall-clock time (median)",
            Metric::WallMinimum => "wall-clock time (least)",
            Metric::Instructions => "instructions",
            Metric::WarpInstructions => "warp instructions",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::{Kind, Verdict};

    #[test]
    fn zero_is_below_what_can_be_measured() {
        let case = "a/b@n=1#0".parse().unwrap();
        let mut row =
            Measurement::new(case, "x", Kind::Program, Target::Process, Verdict::Accepted);
        assert_eq!(Metric::CpuMedian.of(&row), None);
        row.cpu_ns_median = Some(0);
        assert_eq!(Metric::CpuMedian.of(&row), None);
        row.cpu_ns_median = Some(7);
        assert_eq!(Metric::CpuMedian.of(&row), Some(7.0));
        assert_eq!(Metric::CpuMinimum.of(&row), None);
    }

    #[test]
    fn times_and_counts_are_shown_in_their_own_way() {
        assert_eq!(Metric::CpuMinimum.show(1_234_000.0), "1.23 ms");
        assert_eq!(Metric::Instructions.show(1_234_000.0), "1_234_000");
    }
}
