//! What a reader of a curve should know, and what to do about it.

use std::fmt;

/// Something that weakens what a curve says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Warning {
    /// Too few sizes to tell classes apart.
    TooFewSizes {
        /// Sizes there are.
        found: usize,
        /// Sizes there should be.
        needed: usize,
    },
    /// The sizes are too near each other to tell classes apart.
    NarrowRange {
        /// The greatest size over the least.
        factor: f64,
        /// The factor there should be.
        needed: f64,
    },
    /// A larger size was cheaper than a smaller one.
    NonMonotonic {
        /// The larger size.
        size: i64,
        /// What its cost is of the smaller one's.
        ratio: f64,
    },
    /// The cost is not much more than that of an answer that does nothing.
    OverheadDominated {
        /// The greatest size at which it is so.
        size: i64,
    },
    /// The calibration kernels moved while the curve was measured.
    MachineDrifted {
        /// By how much, relative.
        drift: f64,
    },
    /// A term of lower order is greater than that of the class.
    LowerOrderDominated {
        /// The greatest size at which it is so.
        size: i64,
    },
    /// An instruction takes longer in a large case than in a small one.
    DearerInstructions {
        /// How many times as long, at the greatest size.
        factor: f64,
    },
    /// The best class leaves more than noise.
    NoClassFits {
        /// What it leaves: the standard deviation of the log residual.
        deviation: f64,
    },
}

impl Warning {
    /// A short name for `curves.csv`.
    pub const fn name(&self) -> &'static str {
        match self {
            Warning::TooFewSizes { .. } => "too_few_sizes",
            Warning::NarrowRange { .. } => "narrow_range",
            Warning::NonMonotonic { .. } => "non_monotonic",
            Warning::OverheadDominated { .. } => "overhead_dominated",
            Warning::MachineDrifted { .. } => "machine_drifted",
            Warning::LowerOrderDominated { .. } => "lower_order_dominated",
            Warning::DearerInstructions { .. } => "dearer_instructions",
            Warning::NoClassFits { .. } => "no_class_fits",
        }
    }
}

/// What it is, and what to do.
impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Warning::TooFewSizes { found, needed } => write!(
                f,
                "{found} of the {needed} sizes that tell classes apart: give more time, or sizes nearer each other"
            ),
            Warning::NarrowRange { factor, needed } => write!(
                f,
                "the sizes span a factor of {factor:.1} only, where {needed:.0} is needed: start smaller or give more time"
            ),
            Warning::NonMonotonic { size, ratio } => write!(
                f,
                "size {size} costs {:.0}% of the size before: measure more rounds on a quieter machine; if it stays, the \
                 cost depends on more than this axis",
                ratio * 100.0
            ),
            Warning::OverheadDominated { size } => write!(
                f,
                "up to size {size} the cost is less than twenty times the overhead: take larger sizes, or a function \
                 instead of a program"
            ),
            Warning::MachineDrifted { drift } => write!(
                f,
                "the machine itself changed by {:.0}% meanwhile: measure again when nothing else runs",
                drift * 100.0
            ),
            Warning::LowerOrderDominated { size } => write!(
                f,
                "up to size {size} a term of lower order is greater than that of the class, and the exponent less than it will be: \
                 take larger sizes"
            ),
            Warning::DearerInstructions { factor } => write!(
                f,
                "at the greatest size an instruction takes {factor:.1} times as long as at the least: caches and mispredicted \
                 branches are a part of this growth; the curve of instructions shows the work alone"
            ),
            Warning::NoClassFits { deviation } => write!(
                f,
                "no class explains the curve, {:.0}% are left: see the local slopes, or count instructions, which no cache \
                 bends",
                deviation * 100.0
            ),
        }
    }
}
