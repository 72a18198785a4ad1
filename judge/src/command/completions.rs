//! `judge completions SHELL`

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{AS_EXPECTED, Cli};

/// Print completions for a shell
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  judge completions bash > ~/.local/share/bash-completion/completions/judge"
)]
pub(super) struct Options {
    shell: Shell,
}

impl Options {
    pub(super) fn execute(&self) -> anyhow::Result<u8> {
        clap_complete::generate(
            self.shell,
            &mut Cli::command(),
            "judge",
            &mut std::io::stdout(),
        );
        Ok(AS_EXPECTED)
    }
}
