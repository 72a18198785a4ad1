//! What growth curves say of algorithms whose class is known, measured as `judge bench` measures.
//!
//! ```text
//! cargo run --release --example growth_power [-- [--quick] [--no-instructions] [--passes COUNT] [PART_OF_A_NAME]]
//!
//! growth_power                 samples, counts, fits, and compares with what is known
//!  `- growth_power runner      serves the algorithms, as `judge runner` serves its functions
//! ```
//!
//! Beside the sets stands what google/benchmark's rule names for the very same samples.

mod algorithms;
mod least_squares;
mod tally;

use std::collections::HashSet;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use judge::execute::{Execute, Prepared, Run, RunLimits, RunnerExecution};
use judge::instructions::{Count, Counter};
use judge::measure::calibration::Calibration;
use judge::measure::counts::{Reach, along};
use judge::measure::ladder::Rung;
use judge::measure::sampler::{Budget, Sampling, sample};
use judge::output::{Counts, OutFolder};
use judge::runner::{Launch, Runner};
use judge::solution::{Code, Solution};
use problems::AnyProblem;
use reports::{Axis, Curve, Metric, RunInfo};
use vocabulary::{CaseId, CaseName, Parameters};

use algorithms::Algorithm;
use tally::Tally;

/// All of them are served as functions of this problem.
const PROBLEM: &str = "kth_largest";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let done = match words.first().map(String::as_str) {
        Some("runner") => serve(&words[1..]),
        _ => Settings::of(&words).and_then(|settings| settings.run()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn serve(rest: &[String]) -> anyhow::Result<()> {
    let mut threads = None;
    for option in rest.chunks(2) {
        match option {
            [name, processor] if name == "--processor" => {
                judge::measure::process::pin(processor.parse()?);
            }
            [name, count] if name == "--threads" => threads = Some(count.parse()?),
            _ => anyhow::bail!("runner: {option:?}"),
        }
    }
    judge::runner::serve(
        algorithms::all().iter().map(Algorithm::served).collect(),
        threads,
    )
}

/// What is measured, and for how long.
struct Settings {
    is_quick: bool,
    counts: bool,
    passes: u64,
    part: String,
}

impl Settings {
    fn of(words: &[String]) -> anyhow::Result<Self> {
        let mut settings = Settings {
            is_quick: false,
            counts: true,
            passes: 1,
            part: String::new(),
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--quick" => settings.is_quick = true,
                "--no-instructions" => settings.counts = false,
                "--passes" => {
                    let count = words.next();
                    settings.passes = count
                        .and_then(|count| count.parse().ok())
                        .ok_or_else(|| anyhow::anyhow!("--passes: say how many"))?;
                }
                part if !part.starts_with('-') => part.clone_into(&mut settings.part),
                _ => {
                    anyhow::bail!(
                        "usage: growth_power [--quick] [--no-instructions] [--passes COUNT] [PART_OF_A_NAME]"
                    )
                }
            }
        }
        Ok(settings)
    }

    /// As `judge bench` takes by default, and with `--quick`.
    fn time(&self) -> Duration {
        Duration::from_secs(if self.is_quick { 1 } else { 6 })
    }

    fn run(&self) -> anyhow::Result<()> {
        let all = algorithms::all();
        let wanted: Vec<&Algorithm> = all
            .iter()
            .filter(|algorithm| algorithm.name.contains(&self.part))
            .collect();
        let counter = Counter::probe();
        if let Err(reason) = &counter {
            println!("no instructions are counted: {reason}");
        }
        let minutes = |seconds: u64| (seconds * wanted.len() as u64).div_ceil(60);
        println!(
            "{} algorithms, about {} minutes for times and at most {} for counts\n",
            wanted.len(),
            minutes(self.time().as_secs() * self.passes),
            minutes(COUNTING.as_secs())
        );
        let bench = Bench::new(self.time())?;
        let mut tally = Tally::default();
        for pass in 0..self.passes {
            for algorithm in &wanted {
                let counter = counter.as_ref().ok();
                let counter = counter.filter(|_| self.counts && pass == 0);
                let outcome = bench.measure(algorithm, pass, counter)?;
                println!("{}", tally.hear(algorithm, &outcome));
            }
        }
        println!("\n{tally}");
        Ok(())
    }
}

/// What became of an algorithm.
struct Outcome {
    counted: Option<Curve>,
    timed: Option<Curve>,
    /// Every sample: size, processor time in nanoseconds.
    samples: Vec<(i64, f64)>,
}

/// What all measurements need.
struct Bench {
    problem: Arc<dyn AnyProblem>,
    program: PathBuf,
    processor: Option<usize>,
    calibration: Calibration,
    /// The rows lie there as long as they are measured.
    _folder: tempfile::TempDir,
    out: OutFolder,
    time: Duration,
}

/// For the counts of a curve: a busy machine needs a second to start callgrind alone.
const COUNTING: Duration = Duration::from_secs(20);

/// Those of `judge bench`.
const ROUNDS: u32 = 15;
const NOISE: f64 = 0.005;

impl Bench {
    fn new(time: Duration) -> anyhow::Result<Self> {
        let processor = std::thread::available_parallelism()?.get() - 1;
        let folder = tempfile::tempdir()?;
        let parameters = ["n", "k"].map(str::to_owned);
        Ok(Bench {
            problem: problems::find(PROBLEM)
                .expect("it is in the catalogue")
                .clone(),
            program: std::env::current_exe()?,
            processor: Some(processor),
            calibration: Calibration::new(Some(processor)),
            out: OutFolder::create(folder.path(), &RunInfo::default(), &parameters)?,
            _folder: folder,
            time,
        })
    }

    fn measure(
        &self,
        algorithm: &Algorithm,
        seed: u64,
        counter: Option<&Counter>,
    ) -> anyhow::Result<Outcome> {
        let solution = Solution {
            problem: self.problem.clone(),
            name: algorithm.name.to_owned(),
            expectation: None,
            code: Code::Function(Arc::new(algorithm.served())),
        };
        let rungs = self.rungs(algorithm, seed)?;
        let mut runner = Runner::launched(Launch {
            program: Some(self.program.clone()),
            processor: self.processor,
            ..Launch::default()
        });
        let mut execution = AfterSetUp {
            inner: RunnerExecution::of_function(&mut runner, solution.label()),
            known: HashSet::new(),
        };
        let mut counts = Counts::default();
        if let Some(counter) = counter {
            let reach = Reach {
                until: Instant::now() + COUNTING,
                enough: None,
            };
            let counted = along(&mut execution, &rungs, None, &LIMITS, counter, &reach)?;
            let cases = rungs.iter().map(|rung| rung.case.id.clone());
            counts.of_cases = cases.zip(counted).collect();
        }
        let budget = Budget {
            time: self.time,
            rounds: ROUNDS,
            noise: NOISE,
            warms_up: true,
        };
        let calibration = Some(&self.calibration);
        let sampling = sample(&mut execution, &rungs, None, &LIMITS, budget, calibration)?;
        let rows = self
            .out
            .sampled(&solution, &sampling, &counts, &execution.tier())?;
        let rows: Vec<_> = rows.iter().collect();
        let fitted = |metric| Curve::fit(&rows, metric, &Axis::new("n"));
        Ok(Outcome {
            counted: fitted(Metric::Instructions),
            timed: fitted(Metric::CpuMinimum),
            samples: samples(&sampling),
        })
    }

    fn rungs(&self, algorithm: &Algorithm, seed: u64) -> anyhow::Result<Vec<Rung>> {
        let rung = |size: i64| {
            let parameters = Parameters::new().with("n", size).with("k", 1);
            let name = CaseName::new(PROBLEM, "random", parameters);
            let id: CaseId = self.problem.resolve(&name.with_seed(seed))?;
            Ok(Rung::of_case(Prepared::of_name(self.problem.clone(), id)))
        };
        algorithm.sizes.all().into_iter().map(rung).collect()
    }
}

/// Nothing here is to run into a limit.
const LIMITS: RunLimits = RunLimits {
    cpu: Duration::from_secs(60),
    wall: Duration::from_secs(120),
    memory: 4 << 30,
    output: 1 << 20,
    threads: None,
};

/// The processor times of all samples, less the overhead.
fn samples(sampling: &Sampling) -> Vec<(i64, f64)> {
    let of_series = |series: &judge::measure::sampler::Series| {
        let size = series
            .prepared
            .id
            .parameters
            .integer("n")
            .expect("it has one");
        let overhead = series.overhead.map_or(0, |overhead| overhead.cpu_ns);
        let times = series.samples.iter().map(|sampled| sampled.timing.cpu_ns);
        times
            .map(|time| (size, time.saturating_sub(overhead) as f64))
            .collect::<Vec<_>>()
    };
    sampling.series.iter().flat_map(of_series).collect()
}

/// An algorithm sets up what it works on in its first call on a case, which is not to be seen.
struct AfterSetUp<E> {
    inner: E,
    known: HashSet<CaseId>,
}

impl<E: Execute> Execute for AfterSetUp<E> {
    fn run(&mut self, case: &Prepared, limits: &RunLimits, rounds: u32) -> anyhow::Result<Run> {
        self.inner.run(case, limits, rounds)
    }

    fn measure(&mut self, case: &Prepared, limits: &RunLimits) -> anyhow::Result<Run> {
        if self.known.insert(case.id.clone()) {
            self.inner.run(case, limits, 1)?;
        }
        self.inner.measure(case, limits)
    }

    fn instructions(
        &mut self,
        case: &Prepared,
        limits: &RunLimits,
        counter: &Counter,
    ) -> anyhow::Result<Option<Count>> {
        self.inner.instructions(case, limits, counter)?;
        self.inner.instructions(case, limits, counter)
    }

    fn tier(&self) -> String {
        self.inner.tier()
    }
}
