//! The fast ways against exact arithmetic, and exact arithmetic against numbers worked out by hand.

mod approximations;
mod arithmetic;
mod conversions;
mod exactness;
mod integers;
mod orders;
