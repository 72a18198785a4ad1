//! The command line: one file a subcommand, each of which reads top to bottom.

mod bench;
mod compare;
mod compile_kernel;
mod completions;
mod counters;
mod doctor;
mod foreign;
mod generate;
mod hardware;
mod history;
mod kernels;
mod leaderboard;
mod list;
mod man;
mod options;
mod report;
mod reporter;
mod run;
mod runner;
mod show;
mod stress;
mod variants;
mod verify;

use clap::{Parser, Subcommand};

/// Runs generated cases against programs in any language and Rust functions: checks correctness, times how cost grows,
/// and writes CSV.
#[derive(Debug, Parser)]
#[command(name = "judge", version, max_term_width = 100, after_help = EXAMPLES)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  judge run                                      judge everything that is shipped, at quick sizes
  judge run kth_largest mine.cpp                 judge your own file, and see the smallest case that breaks it
  judge run --cases folder/ mine.py              the same on a folder of name.in and name.ans
  judge stress mine.cpp -p knapsack              look for a failing case and shrink it
  judge compare A.cpp B.cpp -p knapsack          is B slower?
  judge report judge-out                         the page of a run: judge-out/report.html
  judge leaderboard judge-out                    who is how much slower than the best
  judge history add judge-out                    keep a run; `judge history steps` says when something got slower
  judge show 'kth_largest/organ_pipe@n=10#7'     one case, rebuilt from its name

Exit codes: 0 as expected, 1 a verdict other than expected, 2 bad usage or input, 5 the judge itself failed; \
`judge counters`, `judge compare` and `judge history steps` also 3 a counter changed or something is slower, 4 nothing to compare \
with.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Show what there is: problems, solutions, families, languages
    List(list::Options),
    /// Judge correctness, then measure growth; writes CSV
    Run(run::Options),
    /// Measure how solutions grow along a parameter
    Bench(bench::Options),
    /// Hold every shipped solution against its expectation
    Verify(verify::Options),
    /// Look for a failing case of a file, and shrink it
    Stress(stress::Options),
    /// Show a case, rebuilt from its name, or a problem's statement
    Show(show::Options),
    /// Write cases as .in and .ans files
    Generate(generate::Options),
    /// Say whether one version is slower than another
    Compare(compare::Options),
    /// List, compile and look into shipped kernels
    Kernels(kernels::Options),
    /// Hold what shipped kernels count on the emulator against what is committed
    Counters(counters::Options),
    /// Rank solutions by how much slower than the best they are
    Leaderboard(leaderboard::Options),
    /// Keep runs in a folder of small CSVs, and say when something got slower
    History(history::Options),
    /// Write what a run found as one HTML page
    Report(report::Options),
    /// Say what works here, what is missing, and how to get it
    Doctor(doctor::Options),
    /// Print completions for a shell
    Completions(completions::Options),
    /// Print the man page, or write one for each subcommand
    Man(man::Options),
    /// Hold the emulator's counters against those of a card
    #[command(hide = true)]
    Hardware(hardware::Options),
    /// Serve functions to a judge (used by the judge itself)
    #[command(hide = true)]
    Runner(runner::Options),
    /// Compile a kernel, confined (used by the judge itself)
    #[command(hide = true)]
    CompileKernel(compile_kernel::Options),
}

/// Ends with 0: as expected.
pub const AS_EXPECTED: u8 = 0;
/// Ends with 1: a verdict other than expected.
pub const NOT_AS_EXPECTED: u8 = 1;
/// Ends with 2: bad usage or input.
pub const BAD_USAGE: u8 = 2;
/// Ends with 3: a counter changed.
pub const COUNTERS_CHANGED: u8 = 3;
/// Ends with 3: the new version is slower, or a figure rose.
pub const SLOWER: u8 = 3;
/// Ends with 4: there is nothing to compare with.
pub const NOTHING_TO_COMPARE: u8 = 4;
/// Ends with 130: Ctrl-C, as shells have it.
pub const INTERRUPTED: u8 = 130;
/// Ends with 5: the judge itself failed.
pub const JUDGE_FAILED: u8 = 5;

impl Cli {
    /// Runs the command; the result is its exit code.
    pub fn execute(self) -> anyhow::Result<u8> {
        match self.command {
            Command::List(options) => options.execute(),
            Command::Bench(options) => options.execute(),
            Command::Run(options) => options.execute(),
            Command::Verify(options) => options.execute(),
            Command::Stress(options) => options.execute(),
            Command::Show(options) => options.execute(),
            Command::Generate(options) => options.execute(),
            Command::Leaderboard(options) => options.execute(),
            Command::History(options) => options.execute(),
            Command::Man(options) => options.execute(),
            Command::Report(options) => options.execute(),
            Command::Doctor(options) => options.execute(),
            Command::Completions(options) => options.execute(),
            Command::Compare(options) => options.execute(),
            Command::Kernels(options) => options.execute(),
            Command::Counters(options) => options.execute(),
            Command::Hardware(options) => options.execute(),
            Command::Runner(options) => options.execute(),
            Command::CompileKernel(options) => options.execute(),
        }
    }
}
