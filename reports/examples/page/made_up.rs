//! A run that never was: as many rows as are wanted, with sweeps, failures and kernels as a real one has them.

use std::path::Path;

use reports::{
    Axis, Environment, Measurement, MeasurementWriter, Metric, RunInfo, curves, write_curves,
};
use vocabulary::{Kind, Target, Verdict};

/// What the page is held to.
pub(crate) const ROWS: usize = 10_000;

const PROBLEMS: [&str; 6] = [
    "ascending",
    "bracketing",
    "colouring",
    "dividing",
    "embedding",
    "flowing",
];
const FAMILIES: [&str; 4] = ["random", "nearly_sorted", "few_distinct", "organ_pipe"];
/// Solutions a problem: one in three is wrong by design.
const SOLUTIONS: usize = 15;
/// Sizes a sweep.
const SIZES: u32 = 11;

/// The machine of all rows.
pub(crate) fn run() -> RunInfo {
    RunInfo {
        run_id: "20261124T000000Z-000000".to_owned(),
        utc: "2026-11-24T00:00:00Z".to_owned(),
        host_id: "0123456789ab".to_owned(),
        git_rev: None,
    }
}

/// The rows, first all that is judged, then the sweeps, as a run writes them.
pub(crate) fn rows(wanted: usize) -> Vec<Measurement> {
    let swept: Vec<Measurement> = solutions()
        .filter(|at| at.is_right())
        .flat_map(sweep)
        .collect();
    let mut rows: Vec<Measurement> = Vec::new();
    'judging: for seed in 0.. {
        for solution in solutions() {
            for family in FAMILIES {
                if rows.len() + swept.len() >= wanted {
                    break 'judging;
                }
                rows.push(solution.judged(family, seed));
            }
        }
    }
    rows.extend(swept);
    rows.truncate(wanted);
    rows
}

/// Writes `measurements.csv`, `curves.csv` and `environment.json` of rows.
pub(crate) fn write(folder: &Path, wanted: usize) -> Result<(), Box<dyn std::error::Error>> {
    std::fs::create_dir_all(folder)?;
    let names = ["n".to_owned(), "k".to_owned()];
    let mut writer = MeasurementWriter::create(folder.join("measurements.csv"), &run(), &names)?;
    let rows = rows(wanted);
    for row in &rows {
        writer.write(row)?;
    }
    let (emulated, timed): (Vec<_>, Vec<_>) = rows
        .into_iter()
        .filter(|row| row.case.parameters.integer("k") == Some(8))
        .partition(|row| row.target == Target::Emulator);
    let axis = |_: &Measurement| Some(Axis::new("n"));
    let mut all = curves(&timed, Metric::CpuMinimum, axis);
    all.extend(curves(&emulated, Metric::WarpInstructions, axis));
    let all: Vec<_> = all.iter().map(reports::Curve::row).collect();
    write_curves(folder.join("curves.csv"), &all)?;
    let environment = Environment {
        host_id: run().host_id,
        cpu_model: Some("a processor that never was".to_owned()),
        ..Environment::default()
    };
    Ok(environment.write(folder.join("environment.json"))?)
}

#[derive(Clone, Copy)]
struct Solution {
    problem: &'static str,
    place: usize,
}

fn solutions() -> impl Iterator<Item = Solution> {
    let each = |problem| (0..SOLUTIONS).map(move |place| Solution { problem, place });
    PROBLEMS.into_iter().flat_map(each)
}

impl Solution {
    fn is_right(self) -> bool {
        self.place % 3 != 2
    }

    fn target(self) -> (Kind, Target, &'static str, &'static str) {
        match self.place % 5 {
            0 | 1 => (Kind::Function, Target::Function, "rust", ""),
            2 | 3 => (Kind::Program, Target::Process, "cpp", ".cpp"),
            _ => (Kind::Kernel, Target::Emulator, "cuda", ".cu"),
        }
    }

    fn row(self, case: &str, verdict: Verdict) -> Measurement {
        let (kind, target, language, ending) = self.target();
        let name = format!("a_way_to_the_answer_{}{ending}", self.place);
        let case = format!("{}/{case}", self.problem).parse().expect("a case");
        let mut row = Measurement::new(case, &name, kind, target, verdict);
        row.language = language.to_owned();
        row.expected = Some(match self.is_right() {
            true => Verdict::Accepted,
            false => Verdict::WrongAnswer,
        });
        row.peak_memory_bytes = Some(1 << (12 + self.place));
        row
    }

    fn judged(self, family: &str, seed: u64) -> Measurement {
        let case = format!("{family}@n=100,k=4#{seed}");
        if self.is_right() {
            return self.row(&case, Verdict::Accepted);
        }
        let mut row = self.row(&case, Verdict::WrongAnswer);
        row.detail = Some("line 1: 17 stands where 23 was expected".to_owned());
        row
    }
}

fn sweep(solution: Solution) -> Vec<Measurement> {
    let rung = |family: &str, step: u32| {
        let n = 1000 * 2_u64.pow(step);
        let mut row = solution.row(&format!("{family}@n={n},k=8#0"), Verdict::Accepted);
        let power = 1.0 + (solution.place % 4) as f64 / 4.0;
        // Up to 4% beside the line, the same in every run.
        let noise = 1.0 + f64::from((step * 7 + solution.place as u32 * 3) % 5) / 100.0;
        let cost = ((n as f64).powf(power) * noise * (solution.place + 1) as f64) as u64;
        if solution.target().1 == Target::Emulator {
            row.kernel.warp_instructions = Some(cost);
            row.kernel.global_sectors = Some(cost / 4);
            row.kernel.bank_conflicts = Some(0);
            return row;
        }
        row.rounds = Some(11);
        row.cpu_ns_min = Some(cost);
        row.cpu_ns_median = Some(cost + cost / 20);
        row.cpu_ns_mad = Some(cost / 50);
        row
    };
    let family = |family: &'static str| (0..SIZES).map(move |step| rung(family, step));
    FAMILIES.into_iter().flat_map(family).collect()
}
