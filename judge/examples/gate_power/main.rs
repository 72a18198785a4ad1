//! What the gate of `judge compare` finds, and how often it cries wolf: measured beside a busy neighbour, through its own code.
//!
//! ```text
//! cargo run --release --example gate_power [-- --quick] [--times COUNT] [--only functions|programs] [--rows FILE] [--markdown]
//!
//! gate_power -- neighbour                      keeps a processor and its memory busy
//!            |- runner --iterations N          functions: serves `work`, which does N steps, as `judge runner` serves
//!            `- program N                      programs: N steps in the sandbox, then the answer
//! ```
//!
//! More work is exactly that: +2% is a loop with 2% more steps. The full form takes hours: with `--rows` each comparison is kept in a
//! file as it comes, and what is in it already is not made again, so that the rest can follow another day.

mod blocks;
mod neighbour;
mod rows;
mod work;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::{Parser, ValueEnum};
use judge::build::Builder;
use judge::comparison::contest::{Contest, ProgramContest, RunnerContest};
use judge::comparison::decide::{Terms, compare};
use judge::display::Screen;
use judge::execute::{Prepared, RunLimits};
use judge::language::Languages;
use judge::runner::Launch;
use judge::solution::Code;
use reports::comparison::Threshold;
use sandbox::{Sandbox, Settings};

use rows::{Row, Rows};

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

/// How often the gate finds what there is, and how often it finds what is not.
#[derive(Parser)]
#[command(name = "gate_power")]
struct Options {
    /// A few comparisons of each kind, within 5 minutes.
    #[arg(long, conflicts_with = "times")]
    quick: bool,
    /// So many comparisons of each kind.
    #[arg(long)]
    times: Option<usize>,
    /// Those of one kind alone.
    #[arg(long)]
    only: Option<Only>,
    /// Keep each comparison in a CSV file, and go on behind what is in it already.
    #[arg(long)]
    rows: Option<PathBuf>,
    /// Print the table in Markdown.
    #[arg(long)]
    markdown: bool,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Only {
    Functions,
    Programs,
}

fn main() -> ExitCode {
    sandbox::serve_if_helper();
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["neighbour"] => neighbour::be_busy(),
        ["runner", "--iterations", iterations, rest @ ..] => work::serve(iterations, rest),
        ["program", iterations] => work::answer(iterations),
        _ => run(&Options::parse()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> anyhow::Result<()> {
    let is_wanted = |experiment: &Experiment| match options.only {
        None => true,
        Some(only) => experiment.is_program == (only == Only::Programs),
    };
    let times = |experiment: &Experiment| match options.times {
        Some(times) => times,
        None if options.quick => experiment.quick,
        None => experiment.times,
    };
    let experiments = EXPERIMENTS.map(|experiment| Experiment {
        times: times(&experiment),
        ..experiment
    });
    let experiments: Vec<Experiment> = experiments.into_iter().filter(is_wanted).collect();
    let mut rows = match &options.rows {
        Some(path) => Rows::of_file(path)?,
        None => Rows::default(),
    };
    let missing: Vec<u32> = experiments
        .iter()
        .map(|experiment| experiment.times.saturating_sub(rows.count(experiment)) as u32)
        .collect();
    let most: Duration = experiments
        .iter()
        .zip(&missing)
        .map(|(experiment, missing)| terms(experiment).time * *missing)
        .sum();
    if !most.is_zero() {
        eprintln!(
            "at most {} minutes, beside a busy neighbour",
            most.as_secs().div_ceil(60)
        );
        fill(&mut rows, &experiments, &missing)?;
    }
    let table = rows.table(&experiments);
    if options.markdown {
        print!("{}", table.markdown());
    } else {
        println!("\n{table}");
        println!(
            "criterion's rule: both one after the other, by the clock; a change if p < 0.05 and the 95% interval lies beyond 1%"
        );
    }
    Ok(())
}

/// Makes what is missing of each experiment.
fn fill(rows: &mut Rows, experiments: &[Experiment], missing: &[u32]) -> anyhow::Result<()> {
    let _neighbour = neighbour::Neighbour::start()?;
    let bench = Bench::new()?;
    let screen = Screen::new(false);
    for (experiment, missing) in experiments.iter().zip(missing) {
        screen.start(experiment.name, (*missing).into());
        for _ in 0..*missing {
            rows.push(bench.once(experiment)?)?;
            screen.advance(1);
        }
        screen.finish();
    }
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

    fn once(&self, experiment: &Experiment) -> anyhow::Result<Row> {
        if experiment.is_program {
            self.programs(experiment)
        } else {
            self.functions(experiment)
        }
    }

    fn functions(&self, experiment: &Experiment) -> anyhow::Result<Row> {
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

    fn programs(&self, experiment: &Experiment) -> anyhow::Result<Row> {
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

fn one(experiment: &Experiment, contest: &mut dyn Contest, block: usize) -> anyhow::Result<Row> {
    let start = Instant::now();
    let found = compare(contest, &terms(experiment), &mut |_| {})?;
    let finding = found.map_err(|wrong| anyhow::anyhow!("{wrong:?}"))?;
    let seconds = start.elapsed().as_secs_f64();
    let by_blocks = blocks::differ(contest, block)?;
    Ok(Row::new(experiment, &finding, seconds, by_blocks))
}
