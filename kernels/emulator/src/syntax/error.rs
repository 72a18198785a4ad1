//! What can be wrong with PTX text.

use thiserror::Error;

/// PTX that cannot be taken: where and why.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("PTX line {line}: {reason}")]
pub struct ParseError {
    /// The line of the PTX text, from 1.
    pub line: u32,
    /// What is wrong, or not supported.
    pub reason: String,
}

impl ParseError {
    /// An error at a line.
    pub(crate) fn new(line: u32, reason: impl Into<String>) -> Self {
        let reason = reason.into();
        ParseError { line, reason }
    }
}
