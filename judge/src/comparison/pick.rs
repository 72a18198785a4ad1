//! Which case of a family two versions are compared on: one on which the base computes for long enough to be measured, and
//! where reading the input is a minor part of that.

use std::sync::Arc;
use std::time::Duration;

use problems::AnyProblem;
use vocabulary::{CaseId, Target, Verdict};

use crate::execute::{Prepared, Run};
use crate::measure::ladder::ladders;
use crate::measure::sweep::{Sweep, Wish};
use crate::usage::Usage;

/// How long the base should compute.
#[derive(Clone, Copy, Debug)]
pub struct Range {
    /// From the first size that takes this long;
    pub from: Duration,
    /// up to this.
    pub to: Duration,
    /// The least size's time, which is not computing.
    pub overhead: Duration,
    /// What reading a byte of the input takes.
    pub byte: Duration,
}

impl Range {
    /// For a function: it reads nothing, and many calls make a sample steady. Small sizes stay in the caches that are one
    /// core's own; what does not differs from process to process by where its pages lie, by up to 4%.
    pub const FUNCTION: Range = Range {
        from: Duration::from_micros(50),
        to: Duration::from_millis(20),
        overhead: Duration::ZERO,
        byte: Duration::ZERO,
    };

    /// For a program whose start takes some time. A byte takes 5 to 10 ns to read as a part of a number in most languages.
    pub const fn program(overhead: Duration) -> Range {
        Range {
            from: Duration::from_millis(20),
            to: Duration::from_millis(200),
            overhead,
            byte: Duration::from_nanos(8),
        }
    }
}

/// A case that was picked.
pub struct Picked {
    /// The case.
    pub case: Arc<Prepared>,
    /// What weakens it.
    pub remark: Option<String>,
}

/// A larger share of the time for reading is worth a remark, and a larger size.
const MINOR: f64 = 0.3;

/// The cases of each family whose growth is measured, ascending.
pub fn rungs(problem: &dyn AnyProblem, target: Target) -> Result<Vec<Vec<CaseId>>, Usage> {
    let step = if target == Target::Process { 4 } else { 2 };
    let Some(sweep) = Sweep::of(problem, &Wish::default())? else {
        return Ok(Vec::new());
    };
    let ladders = ladders(problem, &sweep, step)?;
    Ok(ladders.into_iter().map(|ladder| ladder.cases).collect())
}

/// Climbs a ladder to the first size within the range on which reading is a minor part; else takes the one on which it is the
/// least part; else the one nearest to the range. The inner error is a run of the base that was not right.
pub fn pick(
    ladder: impl IntoIterator<Item = Arc<Prepared>>,
    range: &Range,
    run: &mut dyn FnMut(&Prepared) -> anyhow::Result<Run>,
) -> anyhow::Result<Result<Picked, Run>> {
    let mut best: Option<(Arc<Prepared>, Duration, f64)> = None;
    for case in ladder {
        let ran = run(&case)?;
        let Some(cpu) = ran.cpu_ns().filter(|_| ran.verdict == Verdict::Accepted) else {
            match best {
                Some(_) => break, // too slow for it; a smaller size will do
                None => return Ok(Err(ran)),
            }
        };
        let computing = Duration::from_nanos(cpu).saturating_sub(range.overhead);
        if best.is_some() && computing > range.to {
            break;
        }
        let bytes = if range.byte.is_zero() {
            0
        } else {
            case.text()?.len()
        };
        let reading = range.byte.as_secs_f64() * bytes as f64 / computing.as_secs_f64().max(1e-9);
        let is_enough = computing >= range.from;
        let is_better = best.as_ref().is_none_or(|(_, before, share)| {
            *before < range.from || (is_enough && reading < *share)
        });
        if is_better {
            best = Some((case, computing, reading));
        }
        if is_enough && reading <= MINOR {
            break;
        }
    }
    let Some((case, computing, reading)) = best else {
        anyhow::bail!("a ladder has no rung");
    };
    let time = |time: Duration| vocabulary::units::duration(time.as_nanos() as f64);
    let remark = if computing < range.from {
        Some(format!(
            "BASE computes for {} only, and starting weighs as much as computing",
            time(computing)
        ))
    } else if reading > MINOR {
        let share = (100.0 * reading).min(100.0);
        Some(format!(
            "reading the input takes about {share:.0}% of the time: a change of the algorithm shows less than it is"
        ))
    } else {
        None
    };
    Ok(Ok(Picked { case, remark }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::execute::Timing;

    fn picked(nanoseconds_each: u64, range: &Range) -> (i64, Option<String>) {
        let problem = problems::find("kth_largest").unwrap();
        let ladder = rungs(problem.as_ref(), Target::Process).unwrap().remove(0);
        let ladder = ladder
            .into_iter()
            .map(|id| Arc::new(Prepared::of_name(problem.clone(), id)));
        let mut run = |case: &Prepared| {
            let n = case.id.parameters.integer("n").unwrap() as u64;
            let cpu_ns = n * nanoseconds_each;
            let timing = Timing {
                wall_ns: cpu_ns,
                cpu_ns,
            };
            Ok(Run {
                timings: vec![timing],
                ..Run::without_timing(Verdict::Accepted, "")
            })
        };
        let picked = pick(ladder, range, &mut run).unwrap().ok().unwrap();
        let n = picked.case.id.parameters.integer("n").unwrap();
        (n, picked.remark)
    }

    #[test]
    fn the_first_size_that_takes_long_enough_is_picked() {
        // The rungs are 1000, 4000, 16_000, 64_000, ...; 64_000 of them take 25.6 ms at 400 ns. Eleven bytes a number are 88 ns.
        let range = Range::program(Duration::ZERO);
        assert_eq!(picked(400, &range), (64_000, None));
    }

    #[test]
    fn a_program_that_mostly_reads_says_so() {
        let (_, remark) = picked(100, &Range::program(Duration::ZERO));
        assert!(remark.unwrap().contains("reading the input"));
    }

    #[test]
    fn without_a_long_run_the_longest_there_is_has_to_do() {
        let mut range = Range::FUNCTION;
        range.from = Duration::from_secs(100);
        range.to = Duration::from_secs(200);
        let (n, remark) = picked(1, &range);
        assert!(n >= 1_000_000, "{n}");
        assert!(remark.unwrap().contains("computes for"));
    }
}
