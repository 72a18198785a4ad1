//! PTX text, read into a tree: what NVRTC and nvcc write for sm_70 to sm_90.
//!
//! ```text
//! text --lexer--> tokens --parser--> Module { variables, functions { statements } }
//! ```
//!
//! The tree keeps names as they stand, and the scope in which each statement stands: `{ ... }` blocks declare registers,
//! parameters and labels of their own. Source: "Parallel Thread Execution ISA", version 9.0, chapters 4, 5 and 10.

mod error;
mod lexer;
mod parser;
mod tree;
mod types;

pub use error::ParseError;
pub(crate) use parser::parse;
pub(crate) use tree::{
    Function, Initial, Instruction, Location, Module, Operand, Parameter, Scope, Statement,
    StatementKind, Variable,
};
pub(crate) use types::{Space, Type};
