//! Problems that are not ours: folders of cases, and the checkers that come with them.

mod comparison;
mod folder;

pub use comparison::{CheckerStyle, Comparison};
pub use folder::FolderProblem;
