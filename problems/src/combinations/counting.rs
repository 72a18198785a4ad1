//! Counting combinations by dynamic programming, without listing one; and the caps that a case must keep.

use super::{GREATEST_TARGET, Supply};

/// How many combinations there are and how many values they have together, for every target up to a limit.
pub(crate) struct Tally {
    counts: Vec<u64>,
    values: Vec<u64>,
}

/// A value and how often it may be taken.
pub(crate) struct Group {
    /// The value.
    pub(crate) value: i64,
    /// How often it may be taken.
    pub(crate) most: i64,
}

/// The distinct candidates up to a limit, ascending; more than `limit / value` times none can be taken.
pub(crate) fn groups(candidates: &[i32], supply: Supply, limit: i64) -> Vec<Group> {
    let mut sorted: Vec<i64> = candidates.iter().map(|&value| value.into()).collect();
    sorted.retain(|value| (1..=limit).contains(value));
    sorted.sort_unstable();
    sorted
        .chunk_by(|a, b| a == b)
        .map(|equal| Group {
            value: equal[0],
            most: match supply {
                Supply::Unlimited => limit / equal[0],
                Supply::AsGiven => equal.len() as i64,
            },
        })
        .collect()
}

/// Counts the combinations of every target up to a limit; what exceeds 64 bits stays at their end.
pub(crate) fn tally(candidates: &[i32], supply: Supply, limit: i64) -> Tally {
    let limit = limit.max(0);
    let length = limit as usize + 1;
    let (mut counts, mut values) = (vec![0_u64; length], vec![0_u64; length]);
    counts[0] = 1;
    for group in groups(candidates, supply, limit) {
        let value = group.value as usize;
        // One more of the value onto combinations that may hold it already, or each number of it onto those without.
        if supply == Supply::Unlimited {
            for sum in value..length {
                let before = sum - value;
                values[sum] = values[sum]
                    .saturating_add(values[before])
                    .saturating_add(counts[before]);
                counts[sum] = counts[sum].saturating_add(counts[before]);
            }
            continue;
        }
        for sum in (value..length).rev() {
            for taken in 1..=(group.most as usize).min(sum / value) {
                let before = sum - taken * value;
                values[sum] = values[sum]
                    .saturating_add(values[before])
                    .saturating_add(counts[before].saturating_mul(taken as u64));
                counts[sum] = counts[sum].saturating_add(counts[before]);
            }
        }
    }
    Tally { counts, values }
}

impl Tally {
    /// How many combinations there are.
    pub(crate) fn count(&self, target: i64) -> u64 {
        self.counts[target as usize]
    }

    /// How many values they have together.
    pub(crate) fn values(&self, target: i64) -> u64 {
        self.values[target as usize]
    }
}

/// Bounds on what a case costs: to write it out, and to find it by plain backtracking.
pub(crate) struct Caps {
    /// How many combinations there may be.
    pub(crate) combinations: u64,
    /// How many values they may have together.
    pub(crate) values: u64,
    /// How many multisets of candidates may add up to at most the target: so many nodes has a search that stops only
    /// where the target is exceeded.
    pub(crate) partial: u64,
}

/// A combination has no more values than this: recursion that goes as deep stays within every language's stack, but
/// not within Python's default limit of 1000 calls.
pub(crate) const DEEPEST: i64 = 2_000;

impl Caps {
    /// The caps that go with a number of combinations.
    pub(crate) fn of(combinations: i64) -> Self {
        let combinations = combinations as u64;
        Caps {
            combinations,
            values: 16 * combinations + 5_000,
            partial: 100 * combinations,
        }
    }

    /// Whether a target has a combination, and no more than the caps allow.
    fn allow(&self, tally: &Tally, target: i64) -> bool {
        (1..=self.combinations).contains(&tally.count(target))
            && tally.values(target) <= self.values
    }
}

/// The targets that the caps allow for some candidates.
pub(crate) struct Targets {
    tally: Tally,
    caps: Caps,
    /// The greatest target that a plain search can afford.
    pub(crate) last: i64,
}

impl Targets {
    /// Counts up to the last target whose partial combinations keep the cap. Candidates that are each taken at most
    /// once are not asked for more than half of what they add up to: beyond it the counts fall again.
    pub(crate) fn of(candidates: &[i32], supply: Supply, combinations: i64) -> Self {
        let caps = Caps::of(combinations);
        let least = candidates.iter().copied().min().map_or(1, i64::from);
        let sum: i64 = candidates.iter().map(|&value| i64::from(value)).sum();
        let end = match supply {
            Supply::Unlimited => least.saturating_mul(DEEPEST),
            Supply::AsGiven => least.max(sum / 2),
        };
        let end = end.min(GREATEST_TARGET);
        // Doubling keeps the table small where the counts grow fast.
        let mut limit = least.max(64).min(end);
        loop {
            let tally = tally(candidates, supply, limit);
            let affordable = tally.counts.iter().scan(0_u64, |partial, count| {
                *partial = partial.saturating_add(*count);
                Some(*partial)
            });
            let affordable = affordable.take_while(|partial| *partial <= caps.partial);
            let last = affordable.count() as i64 - 1;
            if last < limit || limit == end {
                return Targets { tally, caps, last };
            }
            limit = (2 * limit).min(end);
        }
    }

    /// Whether there is a combination for a target, and no more than the caps allow.
    pub(crate) fn allow(&self, target: i64) -> bool {
        target <= self.last && self.caps.allow(&self.tally, target)
    }

    /// The greatest target that is allowed. There is one: the least candidate is a combination by itself.
    pub(crate) fn greatest(&self) -> i64 {
        let greatest = (1..=self.last).rev().find(|target| self.allow(*target));
        greatest.expect("the least candidate is an allowed target")
    }
}
