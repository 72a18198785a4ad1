//! What the gate of `judge compare` finds, and how often it cries wolf: measured beside a busy neighbour, through its own code.
//!
//! ```text
//! cargo run --release --example gate_power [-- --quick | --times COUNT [functions | programs]]
//!
//! gate_power -- neighbour                      keeps a processor and its memory busy
//!            |- runner --iterations N          functions: serves `work`, which does N steps, as `judge runner` serves
//!            `- program N                      programs: N steps in the sandbox, then the answer
//! ```
//!
//! More work is exactly that: +2% is a loop with 2% more steps.

mod blocks;
mod neighbour;
mod work;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use judge::build::Builder;
use judge::comparison::contest::{Contest, ProgramContest, RunnerContest};
use judge::comparison::decide::{Finding, Terms, compare};
use judge::execute::{Prepared, RunLimits};
use judge::language::Languages;
use judge::runner::Launch;
use judge::solution::Code;
use reports::comparison::{Change, Threshold};
use reports::statistics::robust::median;
use reports::table::{Align, Table};
use sandbox::{Sandbox, Settings};

/// Functions of so much time, programs of so much.
const CALL: Duration = Duration::from_micros(300);
const PROGRAM: Duration = Duration::from_millis(50);

/// The defaults of `judge compare`.
const OF_FUNCTIONS: (f64, f64, Duration) = (0.005, 20.0, Duration::from_secs(5));
const OF_PROGRAMS: (f64, f64, Duration) = (0.02, 100_000.0, Duration::from_secs(15));

/// An experiment: so many comparisons of a base with one that does so much more.
#[derive(Clone, Copy)]
struct Experiment {
    name: &'static str,
    is_program: bool,
    /// Thousandths.
    more: u64,
    times: usize,
    /// How often with `--quick`.
    quick: usize,
    goal: &'static str,
}

const EXPERIMENTS: [Experiment; 5] = [
    Experiment {
        name: "functions, A/A",
        is_program: false,
        more: 0,
        times: 1000,
        quick: 14,
        goal: "0 alarms",
    },
    Experiment {
        name: "functions, +2%",
        is_program: false,
        more: 20,
        times: 200,
        quick: 10,
        goal: "99% SLOWER",
    },
    Experiment {
        name: "functions, +1%",
        is_program: false,
        more: 10,
        times: 200,
        quick: 8,
        goal: "95% SLOWER",
    },
    Experiment {
        name: "programs, A/A",
        is_program: true,
        more: 0,
        times: 200,
        quick: 3,
        goal: "0 alarms",
    },
    Experiment {
        name: "programs, +4%",
        is_program: true,
        more: 40,
        times: 200,
        quick: 3,
        goal: "95% SLOWER",
    },
];

fn main() -> ExitCode {
    sandbox::serve_if_helper();
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["neighbour"] => neighbour::be_busy(),
        ["runner", "--iterations", iterations, rest @ ..] => work::serve(iterations, rest),
        ["program", iterations] => work::answer(iterations),
        [] => run(&EXPERIMENTS),
        ["--quick"] => run(&EXPERIMENTS.map(|it| Experiment {
            times: it.quick,
            ..it
        })),
        ["--times", count, kinds @ ..] => some(count, kinds),
        _ => Err(anyhow::anyhow!(
            "usage: gate_power [--quick | --times COUNT [functions | programs]]"
        )),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Every experiment so often, or those of one kind.
fn some(count: &str, kinds: &[&str]) -> anyhow::Result<()> {
    let times = count.parse()?;
    let is_wanted = |experiment: &Experiment| {
        let kind = if experiment.is_program {
            "programs"
        } else {
            "functions"
        };
        kinds.is_empty() || kinds.contains(&kind)
    };
    let chosen = EXPERIMENTS.map(|it| Experiment { times, ..it });
    let chosen: Vec<Experiment> = chosen.into_iter().filter(is_wanted).collect();
    run(&chosen)
}

fn run(experiments: &[Experiment]) -> anyhow::Result<()> {
    let most: Duration = experiments
        .iter()
        .map(|experiment| terms(experiment).time * experiment.times as u32)
        .sum();
    println!(
        "at most {} minutes, beside a busy neighbour",
        most.as_secs().div_ceil(60)
    );
    let _neighbour = neighbour::Neighbour::start()?;
    let bench = Bench::new()?;
    let mut table = Table::new(&[
        ("comparisons of", Align::Left),
        ("times", Align::Right),
        ("SLOWER", Align::Right),
        ("FASTER", Align::Right),
        ("SAME", Align::Right),
        ("UNDECIDED", Align::Right),
        ("of them noisy", Align::Right),
        ("half-width", Align::Right),
        ("seconds each", Align::Right),
        ("most", Align::Right),
        ("goal", Align::Left),
        ("criterion's rule", Align::Right),
    ]);
    for experiment in experiments {
        let results = bench.repeat(experiment)?;
        table.row(row(experiment, &results));
        println!("{}", row(experiment, &results).join(" | "));
    }
    println!("\n{table}");
    println!(
        "criterion's rule: both one after the other, by the clock; a change if p < 0.05 and the 95% interval lies beyond 1%"
    );
    Ok(())
}

fn terms(experiment: &Experiment) -> Terms {
    let (relative, absolute, time) = if experiment.is_program {
        OF_PROGRAMS
    } else {
        OF_FUNCTIONS
    };
    Terms::new(Threshold { relative, absolute }, 1, time)
}

/// One comparison.
struct Result {
    finding: Finding,
    elapsed: Duration,
    /// Whether criterion's rule sees a change.
    by_blocks: bool,
}

fn row(experiment: &Experiment, results: &[Result]) -> Vec<String> {
    let share = |is: &dyn Fn(&Result) -> bool| {
        let count = results.iter().filter(|result| is(result)).count();
        format!(
            "{count} ({:.1}%)",
            100.0 * count as f64 / results.len() as f64
        )
    };
    let word = |change| share(&|result: &Result| result.finding.change == change);
    let middle = |of: &dyn Fn(&Result) -> f64| {
        median(&results.iter().map(of).collect::<Vec<f64>>()).unwrap_or(f64::NAN)
    };
    let seconds = |result: &Result| result.elapsed.as_secs_f64();
    let most = results.iter().map(seconds).fold(0.0, f64::max);
    vec![
        experiment.name.to_owned(),
        results.len().to_string(),
        word(Change::Slower),
        word(Change::Faster),
        word(Change::Same),
        word(Change::Undecided),
        share(&|result| result.finding.check.is_noisy()),
        format!(
            "{:.3}%",
            100.0 * middle(&|result| result.finding.cpu.half_width())
        ),
        format!("{:.1}", middle(&seconds)),
        format!("{most:.1}"),
        experiment.goal.to_owned(),
        share(&|result| result.by_blocks),
    ]
}

/// What all experiments need.
struct Bench {
    program: PathBuf,
    sandbox: Sandbox,
    builder: Builder,
    case: Arc<Prepared>,
    processor: Option<usize>,
}

impl Bench {
    fn new() -> anyhow::Result<Self> {
        let program = std::env::current_exe()?;
        let settings = Settings {
            helper: program.clone(),
            allow_unsafe: false,
        };
        let problem = problems::find(work::PROBLEM).expect("it is in the catalogue");
        let case = work::CASE.parse().expect("it is a case");
        let processors = std::thread::available_parallelism()?;
        Ok(Bench {
            program,
            sandbox: Sandbox::new(settings)?,
            builder: Builder::new(Languages::built_in(), false)?,
            case: Arc::new(Prepared::of_name(problem.clone(), case)),
            processor: Some(processors.get() - 1),
        })
    }

    fn repeat(&self, experiment: &Experiment) -> anyhow::Result<Vec<Result>> {
        let results = (0..experiment.times).map(|_| {
            if experiment.is_program {
                self.programs(experiment)
            } else {
                self.functions(experiment)
            }
        });
        results.collect()
    }

    fn functions(&self, experiment: &Experiment) -> anyhow::Result<Result> {
        let base = work::steps_in(CALL);
        let launch = |steps: u64| Launch {
            program: Some(self.program.clone()),
            arguments: vec![
                "runner".into(),
                "--iterations".into(),
                work::word(steps).into(),
            ],
            processor: self.processor,
            fixed_layout: true,
            ..Launch::default()
        };
        let launches = [base, with_more(base, experiment), base].map(launch);
        let function = work::label();
        let limits = limits();
        let mut contest = RunnerContest::new(launches, function, self.case.clone(), limits, 1);
        one(experiment, &mut contest, 100)
    }

    fn programs(&self, experiment: &Experiment) -> anyhow::Result<Result> {
        let base = work::steps_in(PROGRAM);
        let mut slot = self.sandbox.slot(self.processor)?;
        let mut built = |steps: u64| {
            let words = [
                self.program.display().to_string(),
                "program".to_owned(),
                work::word(steps),
            ];
            let built = self
                .builder
                .build(&Code::Command(words.to_vec()), &mut slot)?;
            built.map_err(|reason| anyhow::anyhow!("{reason:?}"))
        };
        let sides = [built(base)?, built(with_more(base, experiment))?];
        let mut contest = ProgramContest {
            slot: &mut slot,
            built: [&sides[0], &sides[1]],
            tier: self.sandbox.tier(),
            case: self.case.clone(),
            limits: [limits(), limits()],
        };
        one(experiment, &mut contest, 20)
    }
}

fn with_more(steps: u64, experiment: &Experiment) -> u64 {
    steps + steps * experiment.more / 1000
}

fn limits() -> RunLimits {
    RunLimits::new(Duration::from_secs(2), 256 << 20, 1 << 20)
}

fn one(experiment: &Experiment, contest: &mut dyn Contest, block: usize) -> anyhow::Result<Result> {
    let start = Instant::now();
    let found = compare(contest, &terms(experiment), &mut |_| {})?;
    let finding = found.map_err(|wrong| anyhow::anyhow!("{wrong:?}"))?;
    let elapsed = start.elapsed();
    let by_blocks = blocks::differ(contest, block)?;
    Ok(Result {
        finding,
        elapsed,
        by_blocks,
    })
}
