//! A module, translated: what its text says, made for execution.
//!
//! ```text
//! tree --translate--> drafts (virtual registers) --slots--> steps (slots)
//! ```

mod draft;
mod layout;
mod operations;
mod repeats;
mod slots;
pub(crate) mod step;
mod translate;

pub(crate) use layout::{Entry, PresetValue, Program, Special};
pub(crate) use translate::translate;
