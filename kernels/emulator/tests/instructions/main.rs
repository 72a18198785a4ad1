//! Single instructions against values worked out by hand.

#[path = "../common/mod.rs"]
mod common;

mod atomics;
mod bits;
mod block;
mod collective;
mod compare;
mod control;
mod convert;
mod copies;
mod float;
mod half;
mod integer;
mod lines;
mod matrices;
mod memory;
mod moves;
mod print;
mod repeats;
mod single;
