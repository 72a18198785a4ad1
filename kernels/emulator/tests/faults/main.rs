//! Kernels with one mistake each, which must be found where it is, and kernels without, of which nothing must be said.

#[path = "../common/mod.rs"]
mod common;

mod accesses;
mod races;
mod right;
mod stops;
mod waits;
mod wrong;
