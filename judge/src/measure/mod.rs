//! Measuring: how time grows with the size of a case.

pub mod calibration;
pub mod growth;
pub mod ladder;
pub mod process;
pub mod sampler;
pub mod sweep;
