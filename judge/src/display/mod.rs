//! What people see: rows as they come, a bar with the time left, failures with their cases.

mod failure;
mod screen;

pub use failure::{Shown, excerpt, first_difference};
pub use screen::{Screen, paint, print_line, style_of};
