//! judge: runs generated cases against programs in any language and Rust functions, checks, times, and writes CSV.
//!
//! ```text
//! command   one file a subcommand: parse, gather, do, print
//! selection, solution, plan      what is judged on which cases
//! language, build                from a source to something that runs
//! execute, runner                the ways to run an answer, one trait
//! limits, instructions           what a run may use; what counts its instructions
//! judging, search, shrink        verdicts; smaller failing cases
//! measure                        how time grows
//! comparison                     whether one version is slower than another
//! counting, snapshot             what kernels count, and what is committed of that
//! kernel, own_kernel, nvrtc      kernels; a user's, compiled in a confined child
//! display, output                what people see; what machines read
//! ```

pub mod build;
pub mod command;
pub mod comparison;
pub mod counting;
pub mod digest;
pub mod display;
pub mod execute;
pub mod foreign;
pub mod instructions;
pub mod interface;
pub mod interrupt;
pub mod judging;
pub mod kernel;
pub mod language;
pub mod limits;
mod lock;
pub mod measure;
pub mod npy;
pub mod nvrtc;
pub mod output;
pub mod own_kernel;
pub mod plan;
pub mod runner;
pub mod search;
pub mod selection;
mod sharing;
pub mod shrink;
pub mod snapshot;
pub mod solution;
pub mod surroundings;
pub mod usage;
