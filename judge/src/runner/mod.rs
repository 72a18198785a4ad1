//! The child of the judge in which functions and kernels run, so that a panic, a crash or a hang is a verdict and memory is measured
//! truly.
//!
//! ```text
//! judge                                judge runner
//!   Request { answer, case }   ----->    builds the case, prepares the output
//!                              <-----  Event::Ready
//!                                        calls, each round timed; stops at a round that is not right
//!                              <-----  Event::Called   (a round)
//!                              <-----  Event::Done { verdict, timings, peak memory }
//! ```
//!
//! JSON Lines over pipes; a child that dies or stays silent is judged by its parent.

mod child;
mod client;
mod clock;
mod graphics;
mod job;
mod kernel;
#[cfg(test)]
mod pretended;
mod protocol;

pub use child::serve;
pub use client::{Launch, Reply, Runner};
pub use protocol::{Answer, Done, KernelAnswer, Request};
