//! Fragments against places worked out by hand, products against plain ones, and memory's matrices.

mod places;
mod products;
mod transfers;
