//! Whole kernels, compiled by NVRTC 13.0.88 for `compute_80` with line entries, held against a CPU: with the sanitizer, which
//! must find nothing, and without it on one thread and on two, which must give the same bits and the same counts.

#[path = "../common/mod.rs"]
mod common;

mod blocks;
mod case;
mod functions;
mod grids;
mod groups;
mod matrices;
mod numbers;
mod tiles;
