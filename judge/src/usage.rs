//! Mistakes of the user: exit code 2, and a message that names what to mend.

use std::fmt::Display;
use std::path::Path;

/// Bad usage or bad input. Whatever else fails is the judge's own fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Usage(String);

impl Usage {
    /// A mistake, described with its mend.
    pub fn new(message: impl Into<String>) -> Self {
        Usage(message.into())
    }

    /// A mistake in a file.
    pub fn file(path: &Path, reason: impl Display) -> Self {
        Usage(format!("{}: {reason}", path.display()))
    }
}
