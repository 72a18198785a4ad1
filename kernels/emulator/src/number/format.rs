//! The formats of floating-point numbers: from bits to an exact value, and back with rounding.

use super::Rounding;

/// A format of floating-point numbers, at most 64 bits wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// Bits of the exponent's field.
    pub exponent_bits: u32,
    /// Bits of the fraction's field: the significand without its leading one.
    pub fraction_bits: u32,
    /// Whether the largest exponent means infinity; e4m3 spends it on numbers instead.
    pub infinite: bool,
    /// Unused low bits of the register; only tf32 has any.
    pub padding: u32,
}

/// What a result beyond the largest number becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overflow {
    /// Infinity or the largest number, as the rounding says.
    ByRounding,
    /// `.satfinite`: the largest number, for infinities too.
    Saturate,
}

/// What bits stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// Not a number.
    NotANumber,
    /// An infinity.
    Infinite {
        /// Whether below zero.
        negative: bool,
    },
    /// A zero.
    Zero {
        /// Whether `-0`.
        negative: bool,
    },
    /// Everything else.
    Finite(Exact),
}

/// The number `significand * 2^exponent`, not zero.
///
/// A significand of 100 bits or more may have its lowest bit set in place of all that was cut off below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exact {
    /// Whether below zero.
    pub negative: bool,
    /// The power of two.
    pub exponent: i32,
    /// The magnitude, not 0.
    pub significand: u128,
}

impl Format {
    /// `.f16`, IEEE 754 binary16.
    pub const F16: Format = Format::ieee(5, 10);
    /// `.bf16`: the upper half of an f32.
    pub const BF16: Format = Format::ieee(8, 7);
    /// `.tf32`: an f32 that lacks the lowest 13 bits of its fraction.
    pub const TF32: Format = Format {
        padding: 13,
        ..Format::ieee(8, 10)
    };
    /// `.f32`, IEEE 754 binary32.
    pub const F32: Format = Format::ieee(8, 23);
    /// `.f64`, IEEE 754 binary64.
    pub const F64: Format = Format::ieee(11, 52);
    /// `.e5m2`.
    pub const E5M2: Format = Format::ieee(5, 2);
    /// `.e4m3`: no infinities, and one magnitude that is not a number.
    pub const E4M3: Format = Format {
        infinite: false,
        ..Format::ieee(4, 3)
    };

    const fn ieee(exponent_bits: u32, fraction_bits: u32) -> Format {
        Format {
            exponent_bits,
            fraction_bits,
            infinite: true,
            padding: 0,
        }
    }

    /// The bias of the exponent's field.
    pub const fn bias(self) -> i32 {
        (1 << (self.exponent_bits - 1)) - 1
    }

    /// The sign's bit, before padding.
    #[inline(always)]
    pub(crate) const fn sign(self) -> u64 {
        1 << (self.exponent_bits + self.fraction_bits)
    }

    /// The magnitude of infinity, before padding; where there is none, of what is not a number.
    #[inline(always)]
    pub(crate) const fn beyond(self) -> u64 {
        let ones = (1 << self.exponent_bits) - 1;
        if self.infinite {
            ones << self.fraction_bits
        } else {
            self.sign() - 1
        }
    }

    /// The bits of the canonical value that is not a number: all ones but for the sign, but for f64.
    pub const fn not_a_number(self) -> u64 {
        match self.fraction_bits {
            52 => 0x7ff8_0000_0000_0000,
            _ => ((self.sign() - 1) << self.padding) | ((1 << self.padding) - 1),
        }
    }

    /// What the bits stand for.
    pub fn decode(self, bits: u64) -> Value {
        let bits = bits >> self.padding;
        let negative = bits & self.sign() != 0;
        let magnitude = bits & (self.sign() - 1);
        let field = (magnitude >> self.fraction_bits) as i32;
        let fraction = magnitude & ((1 << self.fraction_bits) - 1);
        if magnitude == 0 {
            Value::Zero { negative }
        } else if self.infinite && magnitude == self.beyond() {
            Value::Infinite { negative }
        } else if magnitude >= self.beyond() {
            Value::NotANumber
        } else {
            let leading = u64::from(field != 0) << self.fraction_bits;
            let exponent = field.max(1) - self.bias() - self.fraction_bits as i32;
            Value::Finite(Exact {
                negative,
                exponent,
                significand: u128::from(leading | fraction),
            })
        }
    }

    /// The bits of the value, rounded.
    pub fn encode(self, value: Value, rounding: Rounding, overflow: Overflow) -> u64 {
        let (negative, magnitude) = match value {
            Value::NotANumber => return self.not_a_number(),
            Value::Zero { negative } => (negative, 0),
            Value::Infinite { negative } => (
                negative,
                self.overflowed(negative, Rounding::NearestEven, overflow),
            ),
            Value::Finite(exact) => {
                let magnitude = self.round(exact, rounding);
                let fits = magnitude < self.beyond();
                let magnitude = if fits {
                    magnitude
                } else {
                    self.overflowed(exact.negative, rounding, overflow)
                };
                (exact.negative, magnitude)
            }
        };
        ((u64::from(negative) * self.sign()) | magnitude) << self.padding
    }

    fn overflowed(self, negative: bool, rounding: Rounding, overflow: Overflow) -> u64 {
        let infinity = overflow == Overflow::ByRounding && rounding.grows(negative);
        self.beyond() - u64::from(!infinity)
    }

    /// The magnitude in the fields' form; a carry out of the fraction ends in the exponent, where it belongs.
    fn round(self, exact: Exact, rounding: Rounding) -> u64 {
        let length = 128 - exact.significand.leading_zeros() as i32;
        let lowest = 1 - self.bias();
        let scale = (exact.exponent + length - 1).max(lowest);
        let shift = scale - self.fraction_bits as i32 - exact.exponent;
        let kept = if shift <= 0 {
            exact.significand << -shift
        } else if shift > 127 {
            // Every significand is then less than half of the last place.
            u128::from(
                matches!(rounding, Rounding::Down | Rounding::Up) && rounding.grows(exact.negative),
            )
        } else {
            let kept = exact.significand >> shift;
            let rest = exact.significand - (kept << shift);
            let half = 1 << (shift - 1);
            let up = match rounding {
                Rounding::NearestEven => rest > half || (rest == half && kept & 1 == 1),
                Rounding::NearestAway => rest >= half,
                _ => rest != 0 && rounding.grows(exact.negative),
            };
            kept + u128::from(up)
        };
        // Far too large: any value at or above the end of the format says so.
        let field = u64::try_from(scale - lowest)
            .unwrap_or(0)
            .min(1 << self.exponent_bits);
        (field << self.fraction_bits) + kept as u64
    }
}
