//! Measuring: how time grows with the size of a case.

pub mod bound;
pub mod calibration;
pub mod counts;
pub mod growth;
pub mod ladder;
pub mod overhead;
pub mod process;
pub mod sampler;
pub mod sweep;
