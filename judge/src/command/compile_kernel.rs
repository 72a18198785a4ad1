//! `judge compile-kernel`: the confined child in which kernels are compiled.

use std::path::PathBuf;

use clap::Args;
use kernels::compiler::Location;

use super::AS_EXPECTED;
use crate::nvrtc;

/// Compile a kernel from standard input to standard output
#[derive(Debug, Args)]
pub(super) struct Options {
    #[arg(long)]
    library: PathBuf,
    #[arg(long)]
    builtins: Option<PathBuf>,
    #[arg(long)]
    include: Vec<PathBuf>,
}

impl Options {
    pub(super) fn execute(self) -> anyhow::Result<u8> {
        nvrtc::serve(Location {
            library: self.library,
            builtins: self.builtins,
            include: self.include,
        })?;
        Ok(AS_EXPECTED)
    }
}
