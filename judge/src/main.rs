//! The binary: parses, runs a command, and turns what went wrong into an exit code.

use std::process::ExitCode;

use clap::Parser;
use judge::command::{BAD_USAGE, Cli, INTERRUPTED, JUDGE_FAILED};
use judge::interrupt;
use judge::usage::Usage;

fn main() -> ExitCode {
    sandbox::serve_if_helper();
    let cli = Cli::parse();
    match cli.execute() {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            if interrupt::was_raised() {
                return ExitCode::from(INTERRUPTED);
            }
            anstream::eprintln!("error: {error:#}");
            let is_usage = error
                .chain()
                .any(<dyn std::error::Error + 'static>::is::<Usage>);
            ExitCode::from(if is_usage { BAD_USAGE } else { JUDGE_FAILED })
        }
    }
}
