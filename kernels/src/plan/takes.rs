//! Which cases a kernel is for.

use std::fmt;

use vocabulary::Value;

use super::At;

/// Sizes and words of the input with the values that a kernel takes; of what is not named it takes all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Takes(pub Vec<(At<String>, Vec<At<Value>>)>);

impl Takes {
    /// Whether it takes a case, as far as the values of its sizes and words are known.
    pub fn includes(&self, value_of: impl Fn(&str) -> Option<Value>) -> bool {
        self.0.iter().all(|(name, taken)| {
            let value = value_of(&name.value);
            value.is_none_or(|value| taken.iter().any(|taken| taken.value == value))
        })
    }

    /// The values of a name, if it is named.
    pub(super) fn of(&self, name: &str) -> Option<&[At<Value>]> {
        let found = self.0.iter().find(|(key, _)| key.value == name);
        found.map(|(_, taken)| taken.as_slice())
    }
}

/// `type=f16 size=32|64`; nothing if it takes all.
impl fmt::Display for Takes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, taken)) in self.0.iter().enumerate() {
            let space = if index == 0 { "" } else { " " };
            let taken: Vec<String> = taken.iter().map(|at| at.value.to_string()).collect();
            write!(f, "{space}{}={}", name.value, taken.join("|"))?;
        }
        Ok(())
    }
}
