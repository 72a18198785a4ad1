//! The files of a run: `measurements.csv`, `samples.csv`, `curves.csv`, `leaderboard.csv`, `environment.json`.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use reports::{
    Curve, KernelFigures, Leaderboard, Measurement, MeasurementWriter, RunInfo, Sample,
    SampleWriter,
};
use vocabulary::{CaseId, Target, Verdict};

use crate::execute::{Prepared, Run};
use crate::instructions::Count;
use crate::lock::lock;
use crate::measure::sampler::{Sampling, Series};
use crate::solution::Solution;
use crate::usage::Usage;

/// What follows from the rows of a run: curves along each problem's first axis, and leaderboards.
pub struct Results {
    /// One for each solution and family.
    pub curves: Vec<Curve>,
    /// One for each problem and target.
    pub leaderboards: Vec<Leaderboard>,
}

/// The folder that a run writes into; every row is flushed when it exists.
pub struct OutFolder {
    /// The folder.
    pub path: PathBuf,
    measurements: Mutex<MeasurementWriter>,
    samples: Mutex<SampleWriter>,
}

impl OutFolder {
    /// Makes the folder and begins its files. `parameters` are those of all problems of the run.
    pub fn create(path: &Path, run: &RunInfo, parameters: &[String]) -> anyhow::Result<Self> {
        std::fs::create_dir_all(path).map_err(|error| {
            Usage::file(path, format!("{error}; name another folder with --out"))
        })?;
        Ok(OutFolder {
            path: path.to_owned(),
            measurements: Mutex::new(MeasurementWriter::create(
                path.join("measurements.csv"),
                run,
                parameters,
            )?),
            samples: Mutex::new(SampleWriter::create(path.join("samples.csv"), run)?),
        })
    }

    /// The row of a case that was judged. Its times are left empty: others ran beside it.
    pub fn judged(
        &self,
        solution: &Solution,
        case: &Prepared,
        run: &Run,
        tier: &str,
    ) -> anyhow::Result<()> {
        let mut row = row(solution, case, run.verdict, tier);
        row.detail = Some(run.detail.clone()).filter(|detail| !detail.is_empty());
        row.peak_memory_bytes = run.peak_memory;
        row.memory_scope = Some(run.memory_scope.to_owned()).filter(|scope| !scope.is_empty());
        row.error_ratio = run.error_ratio;
        row.kernel = kernel_figures(solution, run);
        self.write(&row)
    }

    /// The row of a rung on which a kernel was only counted, which is returned, too.
    pub fn counted(
        &self,
        solution: &Solution,
        case: &Prepared,
        run: &Run,
        tier: &str,
    ) -> anyhow::Result<Measurement> {
        let row = counted(solution, case, run, tier);
        self.write(&row)?;
        Ok(row)
    }

    /// The rows of a ladder that was sampled, with what was counted on it, which are returned, too.
    pub fn sampled(
        &self,
        solution: &Solution,
        sampling: &Sampling,
        counts: &Counts,
        tier: &str,
    ) -> anyhow::Result<Vec<Measurement>> {
        sampling
            .series
            .iter()
            .map(|series| {
                self.samples(solution, series)?;
                let mut row = timed_row(solution, series, sampling, tier);
                if let Some(count) = counts.of(&series.prepared.id) {
                    row.instructions = Some(count.instructions);
                    row.instruction_tier = Some(count.tier.to_string());
                }
                self.write(&row)?;
                Ok(row)
            })
            .collect()
    }

    /// Saves what a solution and an interactor said on the first case that failed.
    pub fn transcript(&self, solution: &Solution, text: &str) -> std::io::Result<PathBuf> {
        let folder = self.path.join("transcripts");
        std::fs::create_dir_all(&folder)?;
        let name = format!("{}-{}.txt", solution.problem.name(), solution.file_name());
        let path = folder.join(name);
        std::fs::write(&path, text)?;
        Ok(path)
    }

    /// All rows that were written, as anybody else reads them.
    pub fn rows(&self) -> anyhow::Result<Vec<Measurement>> {
        Ok(reports::read_measurements(&self.path)?)
    }

    /// What follows from the rows: curves and leaderboard.
    pub fn results(&self, results: &Results) -> anyhow::Result<()> {
        let curves: Vec<_> = results.curves.iter().map(reports::Curve::row).collect();
        reports::write_curves(self.path.join("curves.csv"), &curves)?;
        let ranks = reports::leaderboard_rows(&results.leaderboards);
        Ok(reports::write_leaderboard(
            self.path.join("leaderboard.csv"),
            &ranks,
        )?)
    }

    fn samples(&self, solution: &Solution, series: &Series) -> anyhow::Result<()> {
        let mut writer = lock(&self.samples);
        for sampled in &series.samples {
            let mut sample = Sample::new(
                series.prepared.id.clone(),
                &solution.name,
                solution.target(),
            );
            sample.threads = series.threads.map(u64::from);
            sample.round = sampled.round.into();
            sample.order_in_round = sampled.order.into();
            sample.wall_ns = Some(sampled.timing.wall_ns);
            sample.cpu_ns = Some(sampled.timing.cpu_ns);
            writer.write(&sample)?;
        }
        Ok(())
    }

    fn write(&self, row: &Measurement) -> anyhow::Result<()> {
        Ok(lock(&self.measurements).write(row)?)
    }
}

/// Instructions of the cases of a ladder.
#[derive(Debug, Default)]
pub struct Counts {
    /// The counts.
    pub of_cases: Vec<(CaseId, Count)>,
}

impl Counts {
    fn of(&self, case: &CaseId) -> Option<Count> {
        let found = self.of_cases.iter().find(|(known, _)| known == case);
        found.map(|(_, count)| *count)
    }
}

/// The row of what a device counted.
pub fn counted(solution: &Solution, case: &Prepared, run: &Run, tier: &str) -> Measurement {
    let mut row = row(solution, case, run.verdict, tier);
    row.error_ratio = run.error_ratio;
    row.kernel = kernel_figures(solution, run);
    row
}

/// The row of a solution on a case, nothing measured yet.
pub fn row(solution: &Solution, case: &Prepared, verdict: Verdict, tier: &str) -> Measurement {
    let mut row = Measurement::new(
        case.id.clone(),
        &solution.name,
        solution.kind(),
        solution.target(),
        verdict,
    );
    row.language = solution.language().to_owned();
    row.source_hash = solution.source_hash();
    row.expected = solution
        .expectation
        .as_ref()
        .map(|expectation| expectation.verdict);
    row.sandbox_tier = Some(tier.to_owned());
    row
}

/// What a device counted, where one did.
fn kernel_figures(solution: &Solution, run: &Run) -> KernelFigures {
    let count = |name: &str| {
        let found = run.counters.iter().find(|(known, _)| known == name);
        found.map(|(_, count)| *count)
    };
    let sum = |a: &str, b: &str| Some(count(a)? + count(b)?);
    let is_emulated = solution.target() == Target::Emulator;
    KernelFigures {
        device: is_emulated.then(|| "PTX emulator".to_owned()),
        warp_instructions: count("warp_instructions"),
        global_sectors: sum("global_load_sectors", "global_store_sectors"),
        shared_wavefronts: count("shared_wavefronts"),
        bank_conflicts: count("bank_conflicts"),
        divergent_branches: count("divergent_branches"),
        barriers: count("barriers"),
        ..KernelFigures::default()
    }
}

fn timed_row(solution: &Solution, series: &Series, sampling: &Sampling, tier: &str) -> Measurement {
    use reports::statistics::robust::{median, median_absolute_deviation};
    let mut row = row(solution, &series.prepared, Verdict::Accepted, tier);
    row.threads = series.threads.map(u64::from);
    let times = |of: fn(&crate::execute::Timing) -> u64| -> Vec<f64> {
        let overhead = series.overhead.as_ref().map_or(0, of);
        let net = series
            .samples
            .iter()
            .map(|sampled| of(&sampled.timing).saturating_sub(overhead));
        net.map(|time| time as f64).collect()
    };
    let (wall, cpu) = (
        times(|timing| timing.wall_ns),
        times(|timing| timing.cpu_ns),
    );
    let whole = |value: Option<f64>| value.map(|value| value.round() as u64);
    let least = |times: &[f64]| times.iter().copied().reduce(f64::min);
    let cost = series.prepared.case().ok().and_then(|case| case.cost());
    let nanoseconds = median(&wall).filter(|time| *time > 0.0);
    let rate = |count: u64| Some(count as f64 / nanoseconds? * 1e9);
    row.operations_per_second = cost.and_then(|cost| rate(cost.operations));
    row.bytes_per_second = input_bytes_per_second(series, solution, whole(median(&cpu)))
        .or_else(|| cost.and_then(|cost| rate(cost.read_bytes + cost.written_bytes)));
    row.error_ratio = series.error_ratio;
    row.roofline_fraction = series.roofline_fraction;
    row.rounds = Some(series.samples.len() as u64);
    row.stopped_by = Some(sampling.stopped_by.as_str().to_owned());
    row.wall_ns_median = whole(median(&wall));
    row.wall_ns_mad = whole(median_absolute_deviation(&wall));
    row.wall_ns_min = whole(least(&wall));
    row.wall_ns_max = whole(wall.iter().copied().reduce(f64::max));
    row.cpu_ns_median = whole(median(&cpu));
    row.cpu_ns_mad = whole(median_absolute_deviation(&cpu));
    row.cpu_ns_min = whole(least(&cpu));
    row.overhead_ns = series.overhead.map(|overhead| overhead.cpu_ns);
    row.drift = sampling.drift;
    row.noise = series.noise();
    row.peak_memory_bytes = series.peak_memory;
    row.memory_scope = Some(series.memory_scope.to_owned());
    row
}

/// What a program took in, whose input is a text that is there already.
fn input_bytes_per_second(
    series: &Series,
    solution: &Solution,
    cpu_ns: Option<u64>,
) -> Option<f64> {
    let cpu_ns = cpu_ns.filter(|time| *time > 0 && solution.target() == Target::Process)?;
    let text = series.prepared.text().ok()?;
    Some(text.len() as f64 / cpu_ns as f64 * 1e9)
}
