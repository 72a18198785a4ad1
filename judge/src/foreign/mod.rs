//! Problems that are not ours: folders of cases, and the checkers and interactors that come with them.

mod comparison;
mod folder;
mod referee;

pub use comparison::Comparison;
pub use folder::FolderProblem;
pub use referee::{CheckerStyle, Referee};
pub(crate) use referee::{File, MEMORY};
