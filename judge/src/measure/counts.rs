//! Counts of instructions along a ladder.

use std::time::{Duration, Instant};

use super::ladder::Rung;
use crate::execute::{Execute, Prepared, RunLimits};
use crate::instructions::{Count, Counter};

/// Up to where a ladder is counted.
pub struct Reach {
    /// No count begins that might end later.
    pub until: Instant,
    /// How many rungs are enough where the last took so many instructions.
    pub enough: Option<(usize, u64)>,
}

/// Counts of each rung of a ladder from the smallest up, as far as the reach goes, less those of a case of next to no work, which
/// are a process's own. Empty where they cannot be counted; all of one tier.
pub fn along(
    execution: &mut dyn Execute,
    rungs: &[Rung],
    smallest: Option<&Prepared>,
    limits: &RunLimits,
    counter: &Counter,
    reach: &Reach,
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
        let is_enough = |&(rungs, instructions): &(usize, u64)| {
            counts.len() >= rungs && count.instructions >= instructions
        };
        if reach.enough.as_ref().is_some_and(is_enough)
            || Instant::now() + took + 4 * more > reach.until
        {
            break;
        }
        before = Some(took);
    }
    Ok(counts)
}
