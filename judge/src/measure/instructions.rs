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
use std::time::{Duration, Instant};

use callgrind::Callgrind;

use super::ladder::Rung;
use crate::execute::{Execute, Prepared, RunLimits};

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

/// Counts of each rung of a ladder from the smallest up, as far as the time goes, less those of a case of next to no work, which
/// are a process's own. Empty where they cannot be counted; all of one tier.
pub fn along(
    execution: &mut dyn Execute,
    rungs: &[Rung],
    smallest: Option<&Prepared>,
    limits: &RunLimits,
    counter: &Counter,
    until: Instant,
) -> anyhow::Result<Vec<Count>> {
    let own = match smallest {
        None => None,
        Some(case) => match execution.instructions(case, limits, counter)? {
            Some(own) => Some(own),
            None => return Ok(Vec::new()),
        },
    };
    if let (None, Some(first)) = (smallest, rungs.first()) {
        // What starts once, and then stays, is not to be taken for what a rung takes.
        execution.instructions(&first.case, limits, counter)?;
    }
    let mut counts: Vec<Count> = Vec::new();
    let mut before: Option<Duration> = None;
    for rung in rungs {
        let start = Instant::now();
        let Some(count) = execution.instructions(&rung.case, limits, counter)? else {
            break;
        };
        if own
            .iter()
            .chain(&counts)
            .any(|known| known.tier != count.tier)
        {
            break;
        }
        let own = own.map_or(0, |own| own.instructions);
        counts.push(Count {
            instructions: count.instructions.saturating_sub(own),
            ..count
        });
        // A start takes the same every time; what comes on top grows with the rungs.
        let took = start.elapsed();
        let more = took.saturating_sub(before.unwrap_or(took));
        if Instant::now() + took + 4 * more > until {
            break;
        }
        before = Some(took);
    }
    Ok(counts)
}
