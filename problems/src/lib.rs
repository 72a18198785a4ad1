//! What is asked: each problem once, as a typed contract from which every form follows.
//!
//! ```text
//! CaseName --resolve--> CaseId --Random--> family --> Input --check(Answer, Output)--> Accepted | Mismatch
//!                                                      |
//!                                text form <-- Arrays <+ Record        (forms of the same input, by its Schema)
//! ```
//!
//! A problem is a folder (`mod.rs`, `families.rs`, `references.rs`, `statement.md`) and one line in the [`catalogue`].

pub mod catalogue;
mod combinations;
mod contract;
#[cfg(test)]
mod contract_tests;
mod erased;
mod family;
mod features;
mod generators;
mod record;
mod resolve;
mod sampling;
mod schema;
mod statement;
pub mod tensor;
mod text;
pub mod tolerance;

pub use catalogue::{find, suggestions};
pub use contract::{Accepted, Axis, Limits, Mismatch, Problem, Reference, accept_if};
pub use erased::{AnyCase, AnyProblem, Typed};
pub use family::{At, Family, FamilyInfo, family};
pub use record::{Lists, Record, RecordField};
pub use resolve::CaseError;
pub use sampling::Random;
pub use schema::{Allowed, Cost, Domain, Extents, Field, Parameter, Schema, Shape, schema};
pub use statement::Sample;
pub use tensor::Tensor;
pub use text::FormError;

pub mod attention;
pub mod combination_sum;
pub mod combination_sum_ii;
pub mod diagonal_attention;
pub mod gated;
pub mod gated_attention_mixed_chunk;
pub mod gated_attention_unit;
pub mod knapsack;
pub mod kth_largest;
pub mod linear_attention;
pub mod minimum_window_substring;
pub mod norm_attention;
pub mod norm_attention_gradient;
pub mod performer_attention;
pub mod prefix_attention;
pub mod sliding_window_maximum;
pub mod softmax;
pub mod sparse_attention;
pub mod tree_attention;

#[doc(hidden)]
pub use vocabulary; // for `record!`
