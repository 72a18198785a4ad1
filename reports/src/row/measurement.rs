//! `measurements.csv`: one row a solution, case, target and state of the caches.

use std::path::Path;

use vocabulary::{CaseId, Kind, Parameters, Target, Verdict};

use super::RunInfo;
use super::column::{Column, Row, columns};
use super::error::RowError;
use super::file::{Writer, read_rows};

/// How a solution fared on a case: the verdict, and the robust summary of its samples.
///
/// [`Measurement::new`] takes what every row has; what is not known stays `None`.
#[derive(Clone, Debug, PartialEq)]
pub struct Measurement {
    /// The run it belongs to. The reader fills it; a writer stamps its own run onto every row.
    pub run: RunInfo,
    /// Name of the solution.
    pub solution: String,
    /// What the solution is.
    pub kind: Kind,
    /// Language it is written in; empty if that is not known, as for a command.
    pub language: String,
    /// Digest of its source.
    pub source_hash: Option<String>,
    /// Where it ran.
    pub target: Target,
    /// The input.
    pub case: CaseId,
    /// How it fared.
    pub verdict: Verdict,
    /// The verdict that its expectation names for this case.
    pub expected: Option<Verdict>,
    /// What explains the verdict: the mismatch, the signal, the reason why it was skipped.
    pub detail: Option<String>,
    /// How strictly it was confined.
    pub sandbox_tier: Option<String>,
    /// Threads that a function was given, processors that a program was, where that was what grew.
    pub threads: Option<u64>,
    /// Timed rounds that the summary is of.
    pub rounds: Option<u64>,
    /// What ended the rounds: the noise goal, the time cap or the round cap.
    pub stopped_by: Option<String>,
    /// Wall-clock time, median of the rounds, less the wall-clock overhead.
    pub wall_ns_median: Option<u64>,
    /// Wall-clock time, median absolute deviation of the rounds from their median.
    pub wall_ns_mad: Option<u64>,
    /// Wall-clock time, least of the rounds, less the wall-clock overhead.
    pub wall_ns_min: Option<u64>,
    /// Wall-clock time, greatest of the rounds, less the wall-clock overhead.
    pub wall_ns_max: Option<u64>,
    /// CPU time, median of the rounds, less `overhead_ns`.
    pub cpu_ns_median: Option<u64>,
    /// CPU time, median absolute deviation of the rounds from their median.
    pub cpu_ns_mad: Option<u64>,
    /// CPU time, least of the rounds, less `overhead_ns`.
    pub cpu_ns_min: Option<u64>,
    /// CPU time of an answer that does nothing, in the same sandbox and language: already subtracted, as its wall-clock time is.
    pub overhead_ns: Option<u64>,
    /// Greatest resident memory.
    pub peak_memory_bytes: Option<u64>,
    /// What that memory is of: a process, a control group, a child of the judge.
    pub memory_scope: Option<String>,
    /// Instructions executed.
    pub instructions: Option<u64>,
    /// What counted them. Counts of different tiers are never compared.
    pub instruction_tier: Option<String>,
    /// Elements of the input taken in a second.
    pub items_per_second: Option<f64>,
    /// Bytes moved in a second.
    pub bytes_per_second: Option<f64>,
    /// Arithmetic operations in a second.
    pub operations_per_second: Option<f64>,
    /// Share of what the machine could do at the most, from 0 to 1.
    pub roofline_fraction: Option<f64>,
    /// Error as a multiple of what the checker allows; up to 1 is accepted.
    pub error_ratio: Option<f64>,
    /// How far the calibration kernels moved during the rounds, relative: 0.02 is 2%.
    pub drift: Option<f64>,
    /// Half-width of the interval of the median, relative to it.
    pub noise: Option<f64>,
    /// What only kernels have.
    pub kernel: KernelFigures,
}

/// The columns that only kernels fill.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct KernelFigures {
    /// Name of the device.
    pub device: Option<String>,
    /// Version of its driver.
    pub driver: Option<String>,
    /// State of the device's caches before a round: `cold` or `hot`.
    pub cache_state: Option<String>,
    /// Instructions issued, counted once a warp.
    pub warp_instructions: Option<u64>,
    /// 32-byte sectors of global memory moved.
    pub global_sectors: Option<u64>,
    /// Wavefronts that shared memory took.
    pub shared_wavefronts: Option<u64>,
    /// Wavefronts beyond those without conflicts of banks.
    pub bank_conflicts: Option<u64>,
    /// Branches that split a warp.
    pub divergent_branches: Option<u64>,
    /// Barriers passed, counted once a block.
    pub barriers: Option<u64>,
    /// Registers a thread.
    pub registers: Option<u64>,
}

impl Measurement {
    /// A row that says how a solution fared, and nothing more.
    pub fn new(case: CaseId, solution: &str, kind: Kind, target: Target, verdict: Verdict) -> Self {
        Measurement {
            run: RunInfo::default(),
            solution: solution.to_owned(),
            kind,
            language: String::new(),
            source_hash: None,
            target,
            case,
            verdict,
            expected: None,
            detail: None,
            sandbox_tier: None,
            threads: None,
            rounds: None,
            stopped_by: None,
            wall_ns_median: None,
            wall_ns_mad: None,
            wall_ns_min: None,
            wall_ns_max: None,
            cpu_ns_median: None,
            cpu_ns_mad: None,
            cpu_ns_min: None,
            overhead_ns: None,
            peak_memory_bytes: None,
            memory_scope: None,
            instructions: None,
            instruction_tier: None,
            items_per_second: None,
            bytes_per_second: None,
            operations_per_second: None,
            roofline_fraction: None,
            error_ratio: None,
            drift: None,
            noise: None,
            kernel: KernelFigures::default(),
        }
    }

    /// The verdict that was expected: right, unless a header says otherwise.
    pub fn wanted(&self) -> Verdict {
        self.expected.unwrap_or(Verdict::Accepted)
    }
}

/// A case that stands for none, until the reader has read one.
pub(super) fn no_case() -> CaseId {
    CaseId {
        problem: String::new(),
        family: String::new(),
        parameters: Parameters::new(),
        seed: 0,
    }
}

impl Row for Measurement {
    const FILE: &'static str = "measurements.csv";

    fn blank() -> Self {
        Measurement::new(
            no_case(),
            "",
            Kind::Program,
            Target::Process,
            Verdict::JudgeError,
        )
    }

    fn columns() -> &'static [Column<Self>] {
        columns!(Measurement;
            version "schema_version",
            own "run_id" => run.run_id,
            own "utc" => run.utc,
            own "host_id" => run.host_id,
            own "git_rev" => run.git_rev,
            derived "problem" => case.problem,
            own "solution" => solution,
            own "kind" => kind,
            own "language" => language,
            own "source_hash" => source_hash,
            own "target" => target,
            derived "family" => case.family,
            own "case" => case,
            derived "seed" => case.seed,
            parameters "p_" => case.parameters,
            own "verdict" => verdict,
            own "expected" => expected,
            own "detail" => detail,
            own "sandbox_tier" => sandbox_tier,
            own "threads" => threads,
            own "rounds" => rounds,
            own "stopped_by" => stopped_by,
            own "wall_ns_median" => wall_ns_median,
            own "wall_ns_mad" => wall_ns_mad,
            own "wall_ns_min" => wall_ns_min,
            own "wall_ns_max" => wall_ns_max,
            own "cpu_ns_median" => cpu_ns_median,
            own "cpu_ns_mad" => cpu_ns_mad,
            own "cpu_ns_min" => cpu_ns_min,
            own "overhead_ns" => overhead_ns,
            own "peak_memory_bytes" => peak_memory_bytes,
            own "memory_scope" => memory_scope,
            own "instructions" => instructions,
            own "instruction_tier" => instruction_tier,
            own "items_per_second" => items_per_second,
            own "bytes_per_second" => bytes_per_second,
            own "operations_per_second" => operations_per_second,
            own "roofline_fraction" => roofline_fraction,
            own "error_ratio" => error_ratio,
            own "drift" => drift,
            own "noise" => noise,
            own "device" => kernel.device,
            own "driver" => kernel.driver,
            own "cache_state" => kernel.cache_state,
            own "warp_instructions" => kernel.warp_instructions,
            own "global_sectors" => kernel.global_sectors,
            own "shared_wavefronts" => kernel.shared_wavefronts,
            own "bank_conflicts" => kernel.bank_conflicts,
            own "divergent_branches" => kernel.divergent_branches,
            own "barriers" => kernel.barriers,
            own "registers" => kernel.registers,
        )
    }
}

/// Writes `measurements.csv`, each row at once.
#[derive(Debug)]
pub struct MeasurementWriter {
    writer: Writer<Measurement>,
    run: RunInfo,
}

impl MeasurementWriter {
    /// Creates the file, or empties it, with a column `p_<name>` for each of the parameters' names: those of all
    /// problems of the run.
    pub fn create(
        path: impl AsRef<Path>,
        run: &RunInfo,
        parameters: &[String],
    ) -> Result<Self, RowError> {
        Ok(MeasurementWriter {
            writer: Writer::create(path.as_ref(), parameters)?,
            run: run.clone(),
        })
    }

    /// Writes a row of this run.
    pub fn write(&mut self, row: &Measurement) -> Result<(), RowError> {
        self.writer.write(&Measurement {
            run: self.run.clone(),
            ..row.clone()
        })
    }
}

/// Reads a `measurements.csv`, or the one in the folder of a run.
pub fn read_measurements(path: impl AsRef<Path>) -> Result<Vec<Measurement>, RowError> {
    let path = path.as_ref();
    match path.is_dir() {
        true => read_rows(&path.join(Measurement::FILE)),
        false => read_rows(path),
    }
}
