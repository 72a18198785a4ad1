//! Parameters of a case: `n=4096,k=64`.

use std::fmt;
use std::str::FromStr;

/// The value of a parameter: an integer, or a word of a set that the problem states (`type=f16`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Value {
    /// An integer.
    Integer(i64),
    /// A word: a letter, then letters, digits or `_`.
    Word(String),
}

/// Named values in the order in which they were set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Parameters(Vec<(String, Value)>);

/// Why a text is not a parameter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParameterError {
    /// No `=` between a name and a value.
    #[error("`{0}` is not NAME=VALUE (for example n=1000)")]
    Form(String),
    /// The name is not a word.
    #[error("`{0}` is no parameter name: a lower-case letter, then letters, digits or `_`")]
    Name(String),
    /// The value is neither an integer nor a word.
    #[error("`{0}` is neither an integer (1000, 1_000, 1e3) nor a word")]
    Value(String),
    /// One name stands twice.
    #[error("parameter `{0}` is given twice")]
    Twice(String),
}

/// Whether a text is a name: a lower-case letter, then lower-case letters, digits or `_`.
pub(crate) fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

impl Parameters {
    /// No parameters.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of a name, if it is set.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    }

    /// The integer under a name, if it is set to one.
    pub fn integer(&self, name: &str) -> Option<i64> {
        match self.get(name)? {
            Value::Integer(value) => Some(*value),
            Value::Word(_) => None,
        }
    }

    /// The word under a name, if it is set to one.
    pub fn word(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Value::Word(word) => Some(word),
            Value::Integer(_) => None,
        }
    }

    /// Sets a name, in its place if it is set already, else at the end.
    pub fn set(&mut self, name: &str, value: impl Into<Value>) {
        let value = value.into();
        match self.0.iter_mut().find(|(key, _)| key == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    /// The same with one name set.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.set(name, value);
        self
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Whether nothing is set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Value::Integer(value)
    }
}

impl From<&str> for Value {
    fn from(word: &str) -> Self {
        Value::Word(word.to_owned())
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Integer(value) => value.fmt(f),
            Value::Word(word) => word.fmt(f),
        }
    }
}

impl FromStr for Value {
    type Err = ParameterError;

    /// Reads `1000`, `1_000`, `1e3` or a word.
    fn from_str(text: &str) -> Result<Self, ParameterError> {
        if let Some(value) = integer(text) {
            return Ok(Value::Integer(value));
        }
        let is_word = text.starts_with(|first: char| first.is_ascii_alphabetic())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if is_word {
            Ok(Value::Word(text.to_owned()))
        } else {
            Err(ParameterError::Value(text.to_owned()))
        }
    }
}

/// `1000`, `-5`, `1_000`, `1e3`, `2e6`.
fn integer(text: &str) -> Option<i64> {
    let plain = text.replace('_', "");
    if text.starts_with('_') || text.ends_with('_') || text.contains('+') {
        return None;
    }
    match plain.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => {
            let power = 10_i64.checked_pow(exponent.parse().ok()?)?;
            mantissa.parse::<i64>().ok()?.checked_mul(power)
        }
        None => plain.parse().ok(),
    }
}

impl fmt::Display for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, value)) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{name}={value}")?;
        }
        Ok(())
    }
}

impl FromStr for Parameters {
    type Err = ParameterError;

    /// Reads `n=4096,k=64`; an empty text is no parameters.
    fn from_str(text: &str) -> Result<Self, ParameterError> {
        let mut parameters = Parameters::new();
        for part in text.split(',').filter(|_| !text.is_empty()) {
            let (name, value) = part
                .split_once('=')
                .ok_or_else(|| ParameterError::Form(part.to_owned()))?;
            if !is_name(name) {
                return Err(ParameterError::Name(name.to_owned()));
            }
            if parameters.get(name).is_some() {
                return Err(ParameterError::Twice(name.to_owned()));
            }
            parameters.0.push((name.to_owned(), value.parse()?));
        }
        Ok(parameters)
    }
}

crate::serde_as_text!(Parameters);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_read_in_the_ways_people_write_them() {
        for (text, value) in [("1000", 1000), ("1_000", 1000), ("1e3", 1000), ("-5", -5)] {
            assert_eq!(text.parse(), Ok(Value::Integer(value)), "{text}");
        }
        for text in ["", "_1", "1_", "+1", "1e30", "1.5", "a-b"] {
            assert!(text.parse::<Value>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_name_given_twice_is_an_error() {
        assert_eq!(
            "n=1,n=2".parse::<Parameters>(),
            Err(ParameterError::Twice("n".to_owned()))
        );
    }
}
