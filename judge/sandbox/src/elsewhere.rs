//! The same face where there is no Linux: everything says that it needs one.

use std::convert::Infallible;
use std::path::PathBuf;

use crate::{Command, Error, Interaction, Limits, Obstacle, Outcome, Part, Probe, Streams, Tier};

/// The first argument by which an executable knows that it was started as a sandbox helper.
pub const HELPER_ARGUMENT: &str = "sandbox-zygote";

/// Not known how, here.
#[must_use]
pub fn can_fix_layout() -> bool {
    false
}

/// Leaves the command as it is.
pub fn fix_layout(_command: &mut std::process::Command) {}

/// Nothing is ever started as a helper here.
pub fn serve_if_helper() {}

/// What a sandbox is made with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// An executable that calls [`serve_if_helper`] first.
    pub helper: PathBuf,
    /// Whether to run programs without a sandbox where none works.
    pub allow_unsafe: bool,
}

/// There is none on this system.
#[derive(Clone, Debug)]
pub struct Sandbox(Infallible);

impl Sandbox {
    /// Says that a sandbox needs Linux.
    #[must_use]
    pub fn probe(_settings: &Settings) -> Probe {
        let obstacles = [Tier::CgroupV2, Tier::CgroupV1, Tier::Namespaces].map(|tier| Obstacle {
            tier,
            reason: "this system is not Linux".to_owned(),
            mend: "run judge in a Linux machine, container or WSL 2".to_owned(),
        });
        Probe {
            tier: None,
            obstacles: obstacles.to_vec(),
        }
    }

    /// Always [`Error::Unsupported`].
    ///
    /// # Errors
    /// Always.
    pub fn new(_settings: Settings) -> Result<Sandbox, Error> {
        Err(Error::Unsupported)
    }

    /// The tier that this sandbox has.
    #[must_use]
    pub fn tier(&self) -> Tier {
        match self.0 {}
    }

    /// A place for runs.
    ///
    /// # Errors
    /// Never, as there is no sandbox to ask.
    pub fn slot(&self, _cpu: Option<usize>) -> Result<Slot, Error> {
        match self.0 {}
    }
}

/// A place for runs; there is none on this system.
#[derive(Debug)]
pub struct Slot(Infallible);

impl Slot {
    /// Runs a program.
    ///
    /// # Errors
    /// Never, as there is no slot.
    pub fn run(
        &mut self,
        _command: &Command,
        _limits: &Limits,
        _streams: Streams,
    ) -> Result<Outcome, Error> {
        match self.0 {}
    }
}

/// Runs two programs that talk to each other.
///
/// # Errors
/// Never, as there is no slot.
pub fn interact(
    solution: Part<'_>,
    _interactor: Part<'_>,
    _most: usize,
) -> Result<Interaction, Error> {
    match solution.slot.0 {}
}
