//! The watches by themselves: what was worked out by hand, and words together against words one by one.

mod global;
mod shared;
mod stamp;
