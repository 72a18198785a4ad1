//! Runs PTX, the assembly language of NVIDIA GPUs, on a CPU: a parser, an interpreter, a sanitizer, and counters.

pub mod matrix;
pub mod number;
