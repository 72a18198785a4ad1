//! The words that all rooms share, one meaning each; no logic but parsing and printing.
//!
//! ```text
//! CaseName --resolved by its problem--> CaseId     which input
//! Header   (top of a source)           Expectation what a shipped solution must get
//! Verdict, Target, Kind                            how and where an answer fared
//! Growth                                           how a cost grows: n*log(n)
//! Expression                                       a small formula over sizes: n - k + 1
//! Arrays, ElementType                              named typed buffers: the array form of a case
//! ```

mod arrays;
mod case;
mod expectation;
mod expression;
mod growth;
mod outcome;
mod parameters;
pub mod units;

pub use arrays::{Array, Arrays, Element, ElementType, ElementTypeError};
pub use case::{CaseId, CaseName, CaseNameError};
pub use expectation::{Expectation, HeaderError};
pub use expression::{Expression, ExpressionError};
pub use growth::{Growth, GrowthError};
pub use half::f16;
pub use outcome::{Kind, Target, Verdict};
pub use parameters::{ParameterError, Parameters, Value};

/// Implements serde by way of `Display` and `FromStr`: a word is written as it is read.
macro_rules! serde_as_text {
    ($type:ty) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
use serde_as_text;
