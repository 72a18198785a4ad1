//! Arithmetic without loss on decoded values: slow, plain, and what everything faster is tested against.
//!
//! Significands have at most 53 bits at the start, so products fit into 106, and sums of such are taken with the larger
//! operand's top at bit 125. What falls off the end sets the lowest bit, which is enough to round rightly: operands whose
//! difference could cancel many bits are near each other, and then nothing falls off.

use super::Rounding;
use super::format::{Exact, Format, Overflow, Value};

/// Operations on two numbers of one format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binary {
    /// `a + b`
    Add,
    /// `a - b`
    Subtract,
    /// `a * b`
    Multiply,
    /// `a / b`
    Divide,
}

/// One operation on bits of a format, rounded once.
pub fn binary(format: Format, operation: Binary, a: u64, b: u64, rounding: Rounding) -> u64 {
    let (a, b) = (format.decode(a), format.decode(b));
    let value = match operation {
        Binary::Add => add(a, b, rounding),
        Binary::Subtract => add(a, negate(b), rounding),
        Binary::Multiply => multiply(a, b),
        Binary::Divide => divide(a, b),
    };
    format.encode(value, rounding, Overflow::ByRounding)
}

/// `a * b + c` on bits of a format, rounded once.
pub fn fused(format: Format, a: u64, b: u64, c: u64, rounding: Rounding) -> u64 {
    let product = multiply(format.decode(a), format.decode(b));
    format.encode(
        add(product, format.decode(c), rounding),
        rounding,
        Overflow::ByRounding,
    )
}

/// The square root on bits of a format, rounded once.
pub fn root(format: Format, a: u64, rounding: Rounding) -> u64 {
    format.encode(
        square_root(format.decode(a)),
        rounding,
        Overflow::ByRounding,
    )
}

/// From one format's bits to another's, rounded once.
pub fn convert(from: Format, to: Format, a: u64, rounding: Rounding, overflow: Overflow) -> u64 {
    to.encode(from.decode(a), rounding, overflow)
}

/// The integer as bits of a format, rounded once.
pub fn integer(to: Format, a: i128, rounding: Rounding) -> u64 {
    let value = match a {
        0 => Value::Zero { negative: false },
        _ => Value::Finite(Exact {
            negative: a < 0,
            exponent: 0,
            significand: a.unsigned_abs(),
        }),
    };
    to.encode(value, rounding, Overflow::ByRounding)
}

/// The value with its sign turned.
pub fn negate(a: Value) -> Value {
    match a {
        Value::NotANumber => a,
        Value::Infinite { negative } => Value::Infinite {
            negative: !negative,
        },
        Value::Zero { negative } => Value::Zero {
            negative: !negative,
        },
        Value::Finite(exact) => Value::Finite(Exact {
            negative: !exact.negative,
            ..exact
        }),
    }
}

/// The sum. The rounding matters only to the sign of a zero.
pub fn add(a: Value, b: Value, rounding: Rounding) -> Value {
    match (a, b) {
        (Value::NotANumber, _) | (_, Value::NotANumber) => Value::NotANumber,
        (Value::Infinite { negative: x }, Value::Infinite { negative: y }) if x != y => {
            Value::NotANumber
        }
        (Value::Infinite { .. }, _) => a,
        (_, Value::Infinite { .. }) => b,
        (Value::Zero { negative: x }, Value::Zero { negative: y }) => Value::Zero {
            negative: if x == y {
                x
            } else {
                rounding == Rounding::Down
            },
        },
        (Value::Zero { .. }, _) => b,
        (_, Value::Zero { .. }) => a,
        (Value::Finite(x), Value::Finite(y)) => add_finite(x, y, rounding),
    }
}

fn add_finite(a: Exact, b: Exact, rounding: Rounding) -> Value {
    let (a, b) = (raise(a), raise(b));
    let (large, small) = if a.exponent >= b.exponent {
        (a, b)
    } else {
        (b, a)
    };
    let shifted = shift_right(small.significand, (large.exponent - small.exponent) as u32);
    let exponent = large.exponent;
    if large.negative == small.negative {
        return Value::Finite(Exact {
            negative: large.negative,
            exponent,
            significand: large.significand + shifted,
        });
    }
    let difference = large.significand as i128 - shifted as i128;
    if difference == 0 {
        return Value::Zero {
            negative: rounding == Rounding::Down,
        };
    }
    let negative = large.negative ^ (difference < 0);
    Value::Finite(Exact {
        negative,
        exponent,
        significand: difference.unsigned_abs(),
    })
}

/// The same number with the top of its significand at bit 125.
fn raise(a: Exact) -> Exact {
    let room = a.significand.leading_zeros() - 2;
    Exact {
        significand: a.significand << room,
        exponent: a.exponent - room as i32,
        ..a
    }
}

/// Shifted right; the lowest bit stands for all that falls off.
fn shift_right(significand: u128, by: u32) -> u128 {
    match by {
        0 => significand,
        1..=127 => (significand >> by) | u128::from(significand << (128 - by) != 0),
        _ => 1,
    }
}

/// The product of two values of at most 64 significant bits each.
pub fn multiply(a: Value, b: Value) -> Value {
    let Some(negative) = joint_sign(a, b) else {
        return Value::NotANumber;
    };
    match (a, b) {
        (Value::Infinite { .. }, Value::Zero { .. })
        | (Value::Zero { .. }, Value::Infinite { .. }) => Value::NotANumber,
        (Value::Infinite { .. }, _) | (_, Value::Infinite { .. }) => Value::Infinite { negative },
        (Value::Finite(x), Value::Finite(y)) => Value::Finite(Exact {
            negative,
            exponent: x.exponent + y.exponent,
            significand: x.significand * y.significand,
        }),
        _ => Value::Zero { negative },
    }
}

/// The quotient of two values of at most 53 significant bits each.
pub fn divide(a: Value, b: Value) -> Value {
    let Some(negative) = joint_sign(a, b) else {
        return Value::NotANumber;
    };
    match (a, b) {
        (Value::Infinite { .. }, Value::Infinite { .. })
        | (Value::Zero { .. }, Value::Zero { .. }) => Value::NotANumber,
        (Value::Infinite { .. }, _) | (_, Value::Zero { .. }) => Value::Infinite { negative },
        (Value::Finite(x), Value::Finite(y)) => {
            let x = raise(x);
            let quotient = x.significand / y.significand;
            let inexact = !x.significand.is_multiple_of(y.significand);
            // Two bits more make room for the bit that stands for the rest of a short quotient.
            let significand = (quotient << 2) | u128::from(inexact);
            Value::Finite(Exact {
                negative,
                exponent: x.exponent - y.exponent - 2,
                significand,
            })
        }
        _ => Value::Zero { negative },
    }
}

/// The square root of a value of at most 53 significant bits.
pub fn square_root(a: Value) -> Value {
    match a {
        Value::NotANumber | Value::Zero { .. } | Value::Infinite { negative: false } => a,
        Value::Infinite { negative: true } => Value::NotANumber,
        Value::Finite(exact) if exact.negative => Value::NotANumber,
        Value::Finite(exact) => {
            let raised = raise(exact);
            let odd = raised.exponent & 1;
            let radicand = raised.significand << odd;
            let root = radicand.isqrt();
            let significand = (root << 2) | u128::from(root * root != radicand);
            Value::Finite(Exact {
                negative: false,
                exponent: (raised.exponent - odd) / 2 - 2,
                significand,
            })
        }
    }
}

fn joint_sign(a: Value, b: Value) -> Option<bool> {
    Some(sign(a)? ^ sign(b)?)
}

fn sign(a: Value) -> Option<bool> {
    match a {
        Value::NotANumber => None,
        Value::Infinite { negative } | Value::Zero { negative } => Some(negative),
        Value::Finite(exact) => Some(exact.negative),
    }
}
