//! `judge runner`: the child in which functions run.

use clap::Args;

use super::AS_EXPECTED;
use crate::measure::process;

/// Serve functions over standard input and output
#[derive(Debug, Args)]
pub(super) struct Options {
    /// Stay on this processor
    #[arg(long)]
    processor: Option<usize>,
    /// Let functions share their work out over so many threads [default: one for each processor]
    #[arg(long)]
    threads: Option<usize>,
}

impl Options {
    pub(super) fn execute(&self) -> anyhow::Result<u8> {
        if let Some(processor) = self.processor {
            // Where it cannot stay, it is measured where it is.
            process::pin(processor);
        }
        crate::runner::serve(solutions::functions(), self.threads)?;
        Ok(AS_EXPECTED)
    }
}
