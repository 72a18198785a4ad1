//! Products of small matrices, whose elements are spread over the registers of a warp: `mma.sync` and `wmma`.
//!
//! ```text
//!   registers of 32 lanes            matrices                      registers of 32 lanes
//!   a: [Lanes] --gather (Layout)-->  A (m x k) \
//!   b: [Lanes] ------------------->  B (k x n)  >  D = A B + C  --scatter-->  d: [Lanes]
//!   c: [Lanes] ------------------->  C (m x n) /
//! ```
//!
//! Order of sums, for every shape: `d = c`, then for k from 0 upwards `d = fma(a[k], b[k], d)` in f32 (f64 for f64, wrapping
//! 32-bit integers for integers). An f16 result is rounded from f32 once, at the end. PTX leaves the order open, and
//! hardware differs in the last bits.

use std::cell::Cell;

mod layout;
mod multiply;
mod operation;
mod product;
pub mod transfer;
#[cfg(target_arch = "x86_64")]
mod vector;

pub use layout::{Layout, Matrix};
pub use multiply::{multiply, multiply_double};
pub use operation::{Accumulator, Element, Operation};
pub use product::{Left, Product};

#[cfg(test)]
mod tests;

/// A register of 32 bits, of each lane of a warp.
pub type Lanes = [u32; 32];

/// An array at an address that vector instructions like.
#[derive(Clone, Copy)]
#[repr(align(64))]
pub struct Aligned<T>(pub T);

/// A register in its place, which results may share with operands.
pub type Register = Cell<Aligned<Lanes>>;

/// A register of 64 bits, of each lane of a warp.
pub type WideLanes = [u64; 32];
