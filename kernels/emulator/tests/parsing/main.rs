//! What cannot be taken is refused with line and reason; and no text, however broken, makes anything panic or hang.

#[path = "../common/mod.rs"]
mod common;

#[path = "../../fuzz/bodies.rs"]
mod fuzz;

mod forms;
mod mutations;
mod refusals;
