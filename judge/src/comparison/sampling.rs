//! Pairs of freshly started processes, as many as a time allows.
//!
//! ```text
//! a program    each sample is a process: a pair is base and head in one order of the three
//! a function   a pair is two processes that live side by side and are sampled in turn; layout differs from process to process,
//!              so that the samples of one process are not independent: their median counts, once
//! ```

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use reports::statistics::robust::median;
use vocabulary::Verdict;

use super::Side;
use super::contest::Contest;
use super::order::ORDERS;
use crate::execute::{Run, Timing};
use crate::interrupt;

/// How long sampling may take, and what it must reach all the same.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Time by the clock.
    pub time: Duration,
    /// Pairs at least, even if the time is over.
    pub least: usize,
}

/// What a pair of processes shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// Processor time.
    pub cpu: Ratios,
    /// Time by the clock.
    pub wall: Ratios,
}

/// One metric of a pair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratios {
    /// Logarithm of head over base.
    pub head: f64,
    /// Logarithm of the base's copy over the base.
    pub copy: f64,
    /// The base itself, nanoseconds.
    pub base_ns: f64,
    /// The head itself, nanoseconds.
    pub head_ns: f64,
}

/// A side that was not right, which is never turned into a ratio.
#[derive(Debug)]
pub struct NotRight {
    /// Whose run it was.
    pub side: Side,
    /// How it went.
    pub run: Box<Run>,
}

/// Pairs of processes that serve many samples are shared out over the time: so many, and at least those that the statistics
/// need. Fewer would leave chance to how a few processes happen to lie in memory.
const PROCESSES: u32 = 24;
/// Samples of a fresh process that do not count: the first build the case and touch memory for the first time.
const WARM_UPS: usize = 2;

/// Samples pairs until the time is over. `tick` hears the share of the time that has gone.
pub fn sample(
    contest: &mut dyn Contest,
    budget: Budget,
    tick: &mut dyn FnMut(f64),
) -> anyhow::Result<Result<Vec<Pair>, NotRight>> {
    let start = Instant::now();
    let mut pairs = Vec::new();
    let mut orders = ORDERS.iter().cycle();
    let mut last = Duration::ZERO;
    // A pair that would end too late is not begun.
    while pairs.len() < budget.least || start.elapsed() + last < budget.time {
        let begun = Instant::now();
        if interrupt::flag().load(Ordering::Relaxed) {
            anyhow::bail!("interrupted");
        }
        let pair = if contest.serves_many() {
            served(contest, budget.time / PROCESSES)?
        } else {
            let order = orders.next().expect("it has no end");
            round(contest, order)?.map(|timings| pair(&[timings]))
        };
        match pair {
            Ok(pair) => pairs.push(pair),
            Err(not_right) => return Ok(Err(not_right)),
        }
        last = begun.elapsed();
        let gone = start.elapsed().as_secs_f64() / budget.time.as_secs_f64().max(1e-9);
        tick(gone.min(1.0));
    }
    Ok(Ok(pairs))
}

/// A pair of fresh processes, sampled for some time: whole cycles of orders.
fn served(contest: &mut dyn Contest, time: Duration) -> anyhow::Result<Result<Pair, NotRight>> {
    let start = Instant::now();
    contest.restart();
    for order in &ORDERS[..WARM_UPS] {
        if let Err(not_right) = round(contest, order)? {
            return Ok(Err(not_right));
        }
    }
    let mut rounds = Vec::new();
    loop {
        for order in &ORDERS {
            match round(contest, order)? {
                Ok(timings) => rounds.push(timings),
                Err(not_right) => return Ok(Err(not_right)),
            }
        }
        if start.elapsed() >= time {
            return Ok(Ok(pair(&rounds)));
        }
    }
}

/// One sample of each side, in some order; they come back as [`Side::ALL`] has them.
fn round(
    contest: &mut dyn Contest,
    order: &[Side; 3],
) -> anyhow::Result<Result<[Timing; 3], NotRight>> {
    let mut timings = [Timing {
        wall_ns: 0,
        cpu_ns: 0,
    }; 3];
    for side in order {
        let run = contest.sample(*side)?;
        match timing(&run) {
            Some(timing) => timings[*side as usize] = timing,
            None => {
                let (side, run) = (*side, Box::new(run));
                return Ok(Err(NotRight { side, run }));
            }
        }
    }
    Ok(Ok(timings))
}

/// The time of a right run: the median of its rounds.
fn timing(run: &Run) -> Option<Timing> {
    if run.verdict != Verdict::Accepted {
        return None;
    }
    let of = |time: fn(&Timing) -> u64| {
        let times: Vec<f64> = run.timings.iter().map(|it| time(it) as f64).collect();
        // A clock that did not advance says less than a nanosecond, not nothing.
        median(&times).map(|time| (time.round() as u64).max(1))
    };
    Some(Timing {
        wall_ns: of(|timing| timing.wall_ns)?,
        cpu_ns: of(|timing| timing.cpu_ns)?,
    })
}

/// What rounds of two processes and the copy say together.
fn pair(rounds: &[[Timing; 3]]) -> Pair {
    let of = |time: fn(&Timing) -> u64| {
        let middle = |value: &dyn Fn(&[Timing; 3]) -> f64| {
            let values: Vec<f64> = rounds.iter().map(value).collect();
            median(&values).expect("there are rounds")
        };
        let time = |timings: &[Timing; 3], side: Side| time(&timings[side as usize]) as f64;
        let ratio =
            |side: Side| middle(&|timings| (time(timings, side) / time(timings, Side::Base)).ln());
        Ratios {
            head: ratio(Side::Head),
            copy: ratio(Side::Copy),
            base_ns: middle(&|timings| time(timings, Side::Base)),
            head_ns: middle(&|timings| time(timings, Side::Head)),
        }
    };
    Pair {
        cpu: of(|timing| timing.cpu_ns),
        wall: of(|timing| timing.wall_ns),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Sides that claim times, and remember who was asked; a restart is a `None`.
    pub(crate) struct Mock {
        pub(crate) asked: Vec<Option<Side>>,
        pub(crate) cpu_ns: fn(Side, usize) -> u64,
        pub(crate) serves_many: bool,
        pub(crate) wrong_at: Option<usize>,
    }

    impl Mock {
        pub(crate) fn new(serves_many: bool, cpu_ns: fn(Side, usize) -> u64) -> Self {
            Mock {
                asked: Vec::new(),
                cpu_ns,
                serves_many,
                wrong_at: None,
            }
        }
    }

    impl Contest for Mock {
        fn serves_many(&self) -> bool {
            self.serves_many
        }

        fn restart(&mut self) {
            self.asked.push(None);
        }

        fn sample(&mut self, side: Side) -> anyhow::Result<Run> {
            self.asked.push(Some(side));
            if self.wrong_at == Some(self.asked.len()) {
                return Ok(Run::without_timing(Verdict::WrongAnswer, "not 7"));
            }
            let cpu_ns = (self.cpu_ns)(side, self.asked.len());
            let timing = Timing {
                wall_ns: 2 * cpu_ns,
                cpu_ns,
            };
            Ok(Run {
                timings: vec![timing],
                ..Run::without_timing(Verdict::Accepted, "")
            })
        }
    }

    pub(crate) const LEAST: Budget = Budget {
        time: Duration::ZERO,
        least: 12,
    };

    pub(crate) fn pairs(mock: &mut Mock, budget: Budget) -> Result<Vec<Pair>, NotRight> {
        sample(mock, budget, &mut |_| {}).unwrap()
    }

    #[test]
    fn programs_go_through_all_orders_and_every_run_is_a_pair() {
        let mut mock = Mock::new(false, |_, _| 100);
        assert_eq!(pairs(&mut mock, LEAST).unwrap().len(), 12);
        let asked: Vec<Side> = mock.asked.iter().flatten().copied().collect();
        let expected: Vec<Side> = ORDERS.iter().flatten().copied().cycle().take(36).collect();
        assert_eq!(asked, expected);
    }

    #[test]
    fn functions_start_anew_for_every_pair_and_their_first_samples_do_not_count() {
        // The first samples of a process are dear; the ratio of those that count is 1.
        let mut mock = Mock::new(true, |side, place| match (side, place) {
            (Side::Head, 0..8) => 1_000_000,
            _ => 100,
        });
        let found = pairs(&mut mock, Budget { least: 2, ..LEAST }).unwrap();
        assert_eq!(mock.asked.iter().filter(|asked| asked.is_none()).count(), 2);
        assert_eq!(mock.asked.len(), 2 * (1 + 3 * (WARM_UPS + ORDERS.len())));
        assert_eq!(found[0].cpu.head, 0.0);
    }

    #[test]
    fn a_pair_is_the_median_of_its_rounds_ratios() {
        let round = |base, head| {
            [base, head, base].map(|cpu_ns| Timing {
                wall_ns: 2 * cpu_ns,
                cpu_ns,
            })
        };
        // Ratios 1.1, 1.2 and 9: the machine was busy in one of them.
        let pair = pair(&[round(100, 110), round(100, 900), round(200, 240)]);
        assert!((pair.cpu.head - 1.2_f64.ln()).abs() < 1e-12);
        assert_eq!((pair.cpu.copy, pair.cpu.base_ns), (0.0, 100.0));
        assert_eq!(pair.wall.head_ns, 480.0);
    }

    #[test]
    fn a_side_that_is_not_right_ends_it_and_is_named() {
        let mut mock = Mock::new(false, |_, _| 100);
        mock.wrong_at = Some(5);
        let not_right = pairs(&mut mock, LEAST).unwrap_err();
        assert_eq!(
            (not_right.side, not_right.run.verdict),
            (Side::Head, Verdict::WrongAnswer)
        );
    }
}
