//! What a kernel is called with.

use std::fmt;
use std::str::FromStr;

use vocabulary::Expression;

/// An argument of a launch: `numbers`, `n - k + 1`, `i64(capacity)`.
///
/// The name of an array or buffer is its address. Anything else is an integer, a C `int` unless a type stands around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// A name alone: the address of the array or buffer of that name; where there is none, a scalar.
    Name(String),
    /// An integer.
    Scalar(ScalarType, Expression),
}

/// The type of an integer argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScalarType {
    /// C's `int`.
    I32,
    /// `unsigned`.
    U32,
    /// `long long`.
    I64,
    /// `unsigned long long`.
    U64,
}

impl ScalarType {
    const ALL: [(ScalarType, &'static str); 4] = [
        (ScalarType::I32, "i32"),
        (ScalarType::U32, "u32"),
        (ScalarType::I64, "i64"),
        (ScalarType::U64, "u64"),
    ];

    /// Bytes that it takes.
    pub const fn bytes(self) -> usize {
        match self {
            ScalarType::I32 | ScalarType::U32 => 4,
            ScalarType::I64 | ScalarType::U64 => 8,
        }
    }

    /// A value as the device reads it, lowest byte first; `None` if it does not fit.
    pub fn to_bytes(self, value: i64) -> Option<Vec<u8>> {
        match self {
            ScalarType::I32 => i32::try_from(value).ok().map(|v| v.to_le_bytes().to_vec()),
            ScalarType::U32 => u32::try_from(value).ok().map(|v| v.to_le_bytes().to_vec()),
            ScalarType::I64 => Some(value.to_le_bytes().to_vec()),
            ScalarType::U64 => u64::try_from(value).ok().map(|v| v.to_le_bytes().to_vec()),
        }
    }
}

impl fmt::Display for ScalarType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = Self::ALL.iter().find(|(scalar, _)| scalar == self);
        f.write_str(found.map_or("", |(_, name)| name))
    }
}

impl FromStr for Argument {
    type Err = vocabulary::ExpressionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        for (scalar, name) in ScalarType::ALL {
            let inner = text
                .strip_prefix(name)
                .and_then(|rest| rest.strip_prefix('('))
                .and_then(|rest| rest.strip_suffix(')'));
            if let Some(inner) = inner {
                return Ok(Argument::Scalar(scalar, inner.parse()?));
            }
        }
        let expression: Expression = text.parse()?;
        Ok(match expression.as_name() {
            Some(name) => Argument::Name(name.to_owned()),
            None => Argument::Scalar(ScalarType::I32, expression),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_around_an_integer_says_how_wide_it_is() {
        let argument = |text: &str| text.parse::<Argument>().unwrap();
        assert_eq!(argument("numbers"), Argument::Name("numbers".to_owned()));
        let n_plus_1 = "n + 1".parse().unwrap();
        assert_eq!(
            argument("n + 1"),
            Argument::Scalar(ScalarType::I32, n_plus_1)
        );
        let n = "n".parse().unwrap();
        assert_eq!(argument("i64(n)"), Argument::Scalar(ScalarType::I64, n));
        assert!("f16(n)".parse::<Argument>().is_err());
    }

    #[test]
    fn what_does_not_fit_is_not_cut_off() {
        assert_eq!(ScalarType::I32.to_bytes(1 << 31), None);
        assert_eq!(ScalarType::U32.to_bytes(1 << 31), Some(vec![0, 0, 0, 0x80]));
        assert_eq!(ScalarType::U32.to_bytes(-1), None);
        assert_eq!(ScalarType::I64.to_bytes(-1), Some(vec![0xff; 8]));
        assert_eq!(ScalarType::U64.to_bytes(-1), None);
    }
}
