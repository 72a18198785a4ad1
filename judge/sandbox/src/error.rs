//! What can go wrong in the sandbox itself. What goes wrong in the program that runs is an [`Outcome`](crate::Outcome).

use std::io;
use std::path::PathBuf;

/// A failure of the sandbox, never of the program in it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The sandbox is built from Linux namespaces.
    #[error(
        "programs can be run in a sandbox on Linux only; run judge in a Linux machine, container or WSL 2"
    )]
    Unsupported,

    /// No tier works on this machine.
    #[error(
        "no sandbox works on this machine: {reasons}. Mend one of these, or allow unsafe runs (--unsafe) of programs that you trust"
    )]
    NoTier {
        /// Why each tier does not work, with its mend.
        reasons: String,
    },

    /// The helper executable could not be started.
    #[error("the sandbox helper {helper} could not be started: {source}; it must be an executable that calls sandbox::serve_if_helper() first", helper = helper.display())]
    Helper {
        /// The executable of the settings.
        helper: PathBuf,
        /// What the system said.
        source: io::Error,
    },

    /// A step of preparing or watching a run failed.
    #[error("the sandbox could not {step}: {source}")]
    System {
        /// What was tried.
        step: String,
        /// What the system said.
        source: io::Error,
    },

    /// A mount of the command could not be made.
    #[error("{source_path} cannot be shown at {target} in the sandbox: {reason}", source_path = source_path.display(), target = target.display())]
    Mount {
        /// The path on the host.
        source_path: PathBuf,
        /// The path inside.
        target: PathBuf,
        /// What went wrong.
        reason: String,
    },

    /// The zygote reported that it could not prepare the run.
    #[error("the sandbox could not {0}")]
    Refused(String),

    /// The zygote died, and so did its successor when the run was repeated; or the run cannot be repeated.
    #[error("the sandbox's zygote died: {0}")]
    ZygoteDied(String),
}

impl Error {
    #[cfg(target_os = "linux")]
    pub(crate) fn system(step: impl Into<String>, source: impl Into<io::Error>) -> Self {
        Error::System {
            step: step.into(),
            source: source.into(),
        }
    }
}
