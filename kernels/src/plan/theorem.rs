//! What a kernel counts, as a closed formula of the sizes of a case.

use std::str::FromStr;

use ptx_emulator::Counters;
use vocabulary::{CaseName, ElementType, Expression, ExpressionError, Parameters};

use super::At;

/// A statement on a counter that holds exactly on some cases. Its derivation is a comment of the plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Theorem {
    /// Which counter.
    pub counter: At<CounterName>,
    /// What it is: of the sizes of the case, and of `type_bytes`, how many bytes an element of its word `type` has.
    pub equals: At<Expression>,
    /// Where this is held.
    pub cases: Vec<At<CaseName>>,
}

impl Theorem {
    /// What the counter must be on a case of these parameters.
    ///
    /// # Errors
    /// If the formula has a name that the case has not, or leaves 64 bits.
    pub fn value(&self, case: &Parameters) -> Result<i64, ExpressionError> {
        let element = case.word("type").and_then(|word| word.parse().ok());
        self.equals.value.evaluate(&|name| match name {
            "type_bytes" => element.map(|element: ElementType| element.bytes() as i64),
            name => case.integer(name),
        })
    }
}

/// The name of a counter of the emulator, or `global_sectors`: those of loads and stores together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CounterName(String);

impl CounterName {
    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The count of this name.
    pub fn of(&self, counters: &Counters) -> u64 {
        find(counters, &self.0).unwrap_or_else(|| unreachable!("names are checked when read"))
    }
}

impl FromStr for CounterName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let counters = Counters::default();
        if find(&counters, text).is_some() {
            return Ok(CounterName(text.to_owned()));
        }
        let names = counters.named().map(|(name, _)| name).join(", ");
        Err(format!(
            "there is no counter `{text}`: there are global_sectors, {names}"
        ))
    }
}

fn find(counters: &Counters, name: &str) -> Option<u64> {
    if name == "global_sectors" {
        return Some(counters.global_load_sectors + counters.global_store_sectors);
    }
    let named = counters.named();
    let found = named.iter().find(|(known, _)| *known == name);
    found.map(|(_, count)| *count)
}
