//! Comparing two versions of an answer: which samples are taken in which order, and what they say together.
//!
//! ```text
//! subject   what somebody names: a solution's file, a judge, rows           BASE, HEAD
//! pick      a case of each family on which the base computes for long enough
//! contest   both sides and a copy of the base, run on one case              Base, Head, Copy
//! order     in which order they run                                         ABBA, for three
//! sampling  pairs of freshly started processes, within a time
//! decide    pairs -> a finding; what is asked twice
//! rows      two CSVs instead, which nothing interleaved
//! row, annotations   what comes out; what GitHub is told
//! ```
//!
//! Costs are processor time; the time by the clock is shown beside. A metric that is exact, such as a count of instructions,
//! would be another reading of [`Pair`](sampling::Pair), and is not there yet.

pub mod annotations;
pub mod contest;
pub mod decide;
mod order;
pub mod pick;
pub mod row;
pub mod rows;
pub mod sampling;
pub mod subject;

/// Whose sample it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The version that is known.
    Base,
    /// The version that is new.
    Head,
    /// The base once more, as if it were new: what the machine shows where nothing changed.
    Copy,
}

impl Side {
    /// All of them.
    pub const ALL: [Side; 3] = [Side::Base, Side::Head, Side::Copy];

    /// As messages name it.
    pub const fn name(self) -> &'static str {
        match self {
            Side::Base | Side::Copy => "BASE",
            Side::Head => "HEAD",
        }
    }
}
