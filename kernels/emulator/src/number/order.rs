//! Comparisons, the least and the greatest of two, and the classes of `testp`.

use super::narrow::{DOUBLE_NAN, HALF_NAN, SINGLE_NAN};

/// Comparisons of `setp` and `set`, for integers and floating-point numbers alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `eq`
    Equal,
    /// `ne`
    NotEqual,
    /// `lt`, `lo`
    Less,
    /// `le`, `ls`
    LessOrEqual,
    /// `gt`, `hi`
    Greater,
    /// `ge`, `hs`
    GreaterOrEqual,
    /// `equ`, which like all that follow but `num` holds when an operand is not a number.
    EqualOrUnordered,
    /// `neu`
    NotEqualOrUnordered,
    /// `ltu`
    LessOrUnordered,
    /// `leu`
    LessOrEqualOrUnordered,
    /// `gtu`
    GreaterOrUnordered,
    /// `geu`
    GreaterOrEqualOrUnordered,
    /// `num`: both are numbers.
    Ordered,
    /// `nan`: one is not a number.
    Unordered,
}

/// Whether the comparison holds. Numbers of 16 bits are to be widened before.
#[inline(always)]
#[allow(
    clippy::neg_cmp_op_on_partial_ord,
    clippy::eq_op,
    clippy::nonminimal_bool
)] // Unordered operands are the point.
pub fn compare<T: PartialOrd + Copy>(comparison: Comparison, a: T, b: T) -> bool {
    let ordered = (a == a) & (b == b);
    match comparison {
        Comparison::Equal => a == b,
        Comparison::NotEqual => (a != b) & ordered,
        Comparison::Less => a < b,
        Comparison::LessOrEqual => a <= b,
        Comparison::Greater => a > b,
        Comparison::GreaterOrEqual => a >= b,
        Comparison::EqualOrUnordered => (a == b) | !ordered,
        Comparison::NotEqualOrUnordered => a != b,
        Comparison::LessOrUnordered => !(a >= b),
        Comparison::LessOrEqualOrUnordered => !(a > b),
        Comparison::GreaterOrUnordered => !(a <= b),
        Comparison::GreaterOrEqualOrUnordered => !(a < b),
        Comparison::Ordered => ordered,
        Comparison::Unordered => !ordered,
    }
}

/// Which of two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Extreme {
    /// `min`
    Least,
    /// `max`
    Greatest,
}

/// The modifiers of `min` and `max`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct ExtremeModifiers {
    /// `.NaN`: the result is not a number when an operand is not; without it the other operand is the result.
    pub nan: bool,
    /// `.xorsign.abs`: of the magnitudes, with the product's sign.
    pub xor_sign_absolute: bool,
}

macro_rules! extreme {
    ($name:ident, $bits:ty, $signed:ty, $infinity:expr, $nan:expr, $text:literal) => {
        #[doc = $text]
        #[inline(always)]
        pub fn $name(which: Extreme, modifiers: ExtremeModifiers, a: $bits, b: $bits) -> $bits {
            const SIGN: $bits = 1 << (<$bits>::BITS - 1);
            let mask = if modifiers.xor_sign_absolute {
                !SIGN
            } else {
                <$bits>::MAX
            };
            let sign = if modifiers.xor_sign_absolute {
                (a ^ b) & SIGN
            } else {
                0
            };
            let (x, y) = (a & mask, b & mask);
            let (x_missing, y_missing) = (x & !SIGN > $infinity, y & !SIGN > $infinity);
            // As integers in two's complement, -0 below +0.
            let key = |bits: $bits| {
                let signed = bits as $signed;
                signed ^ ((signed >> (<$bits>::BITS - 1)) & <$signed>::MAX)
            };
            let first = match which {
                Extreme::Least => key(x) < key(y),
                Extreme::Greatest => key(x) > key(y),
            };
            let missing = if modifiers.nan {
                x_missing | y_missing
            } else {
                x_missing & y_missing
            };
            let chosen = if y_missing | (first & !x_missing) {
                x
            } else {
                y
            };
            if missing { $nan } else { chosen | sign }
        }
    };
}

extreme!(
    extreme_half,
    u16,
    i16,
    0x7c00,
    HALF_NAN,
    "`min.f16` and `max.f16`, on bits."
);
extreme!(
    extreme_brain,
    u16,
    i16,
    0x7f80,
    HALF_NAN,
    "`min.bf16` and `max.bf16`, on bits."
);
extreme!(
    extreme_bits32,
    u32,
    i32,
    0x7f80_0000,
    SINGLE_NAN,
    "`min.f32` and `max.f32`, on bits."
);
extreme!(
    extreme_bits64,
    u64,
    i64,
    0x7ff0_0000_0000_0000,
    DOUBLE_NAN,
    "`min.f64` and `max.f64`, on bits."
);

/// `min.f32` and `max.f32`.
#[inline(always)]
pub fn extreme_single(which: Extreme, modifiers: ExtremeModifiers, a: f32, b: f32) -> f32 {
    f32::from_bits(extreme_bits32(which, modifiers, a.to_bits(), b.to_bits()))
}

/// `min.f64` and `max.f64`.
#[inline(always)]
pub fn extreme_double(which: Extreme, modifiers: ExtremeModifiers, a: f64, b: f64) -> f64 {
    f64::from_bits(extreme_bits64(which, modifiers, a.to_bits(), b.to_bits()))
}

/// What `testp` asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Property {
    /// Neither infinite nor not a number.
    Finite,
    /// Infinite.
    Infinite,
    /// Not `notanumber`.
    Number,
    /// Not a number.
    NotANumber,
    /// Neither denormal nor infinite nor not a number; zero is normal here.
    Normal,
    /// Denormal; zero is not.
    Subnormal,
}

/// `testp.f64`; an f32 is to be tested by [`has_property_single`].
#[inline(always)]
pub fn has_property_double(property: Property, a: f64) -> bool {
    match property {
        Property::Finite => a.is_finite(),
        Property::Infinite => a.is_infinite(),
        Property::Number => !a.is_nan(),
        Property::NotANumber => a.is_nan(),
        Property::Normal => a.is_normal() | (a == 0.0),
        Property::Subnormal => a.is_subnormal(),
    }
}

/// `testp.f32`
#[inline(always)]
pub fn has_property_single(property: Property, a: f32) -> bool {
    match property {
        Property::Normal => a.is_normal() | (a == 0.0),
        Property::Subnormal => a.is_subnormal(),
        // These survive widening.
        _ => has_property_double(property, f64::from(a)),
    }
}
