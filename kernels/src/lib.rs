//! Answers for a GPU: CUDA kernels, and the devices they run on.

pub mod compiler;
