//! Instructions that a run executes: a count that repeats where times do not.
//!
//! ```text
//! the processor's own counters    where there are any, and they may watch what is to be counted
//! callgrind                       where valgrind is installed
//! nothing                         an empty cell
//! ```
//!
//! The two count differently (a loop of the string instructions, the dynamic loader), so their counts are never mixed.

pub mod callgrind;
#[cfg(target_os = "linux")]
pub mod hardware;
#[cfg(not(target_os = "linux"))]
#[path = "instructions/elsewhere.rs"]
pub mod hardware;

use std::fmt;

use callgrind::Callgrind;

/// What counts instructions here: at least one of both.
#[derive(Clone, Debug)]
pub struct Counter {
    /// Whether the processor does.
    pub hardware: bool,
    /// callgrind, if it is there.
    pub callgrind: Option<Callgrind>,
}

/// What counted something. Counts of different tiers are not of one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    /// The processor.
    Hardware,
    /// callgrind.
    Callgrind,
}

/// Instructions, and what counted them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// How many.
    pub instructions: u64,
    /// What counted them.
    pub tier: Tier,
}

impl Tier {
    /// The word in the rows.
    pub const fn as_str(self) -> &'static str {
        match self {
            Tier::Hardware => "hardware",
            Tier::Callgrind => "callgrind",
        }
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Counter {
    /// Tries what there is; where nothing counts, says why and what helps.
    pub fn probe() -> Result<Self, String> {
        match (hardware::probe(), Callgrind::probe()) {
            (Err(hardware), Err(callgrind)) => Err(format!("{hardware}; {callgrind}")),
            (hardware, callgrind) => Ok(Counter {
                hardware: hardware.is_ok(),
                callgrind: callgrind.ok(),
            }),
        }
    }

    /// In words, for people.
    pub fn in_words(&self) -> &'static str {
        match (self.hardware, &self.callgrind) {
            (true, Some(_)) => "hardware counters; callgrind for programs that may not be watched",
            (true, None) => "hardware counters",
            (false, _) => "callgrind (no hardware counters here), some 50 times slower",
        }
    }
}
