//! What two programs that talk to each other are run with, and what comes of it.

use crate::{Command, Limits, Outcome, Slot};

/// One of the two programs, with the slot in which it runs.
#[derive(Debug)]
pub struct Part<'a> {
    /// The slot; the two are different ones.
    pub slot: &'a mut Slot,
    /// The program.
    pub command: &'a Command,
    /// Its limits; its output is what it says to the other.
    pub limits: &'a Limits,
}

/// Who of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The program that is judged.
    Solution,
    /// The program that knows the case.
    Interactor,
}

impl Side {
    /// The one that this one talks to.
    #[must_use]
    pub fn other(self) -> Side {
        match self {
            Side::Solution => Side::Interactor,
            Side::Interactor => Side::Solution,
        }
    }
}

/// What one side said without the other saying anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Who said it.
    pub from: Side,
    /// What was said.
    pub bytes: Vec<u8>,
}

/// How an interactive run went.
#[derive(Clone, Debug)]
pub struct Interaction {
    /// How the solution went; its output is in the transcript.
    pub solution: Outcome,
    /// How the interactor went; its word on the solution is its exit code and its error output.
    pub interactor: Outcome,
    /// Whose output ended first, by its exit or because it closed it: an interactor that has ended with a refusal explains
    /// a solution that then fails. None if both wrote until too much was said.
    pub first: Option<Side>,
    /// What was said, in the order in which it was heard, up to the asked length.
    pub transcript: Vec<Passage>,
}
