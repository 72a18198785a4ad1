//! Sampling a ladder: climbs until a size costs too much, then runs rounds with the sizes in random order.
//!
//! ```text
//! climb    1k 2k 4k 8k ...       ends at the first size that takes more than its share of the time; for a function the
//!                                warm-up, for a program, whose every run is its first, a round like the others
//! round 1  4k 1k 8k 2k           shuffled within every round, so that drift of the machine spreads over all sizes
//! round 2  2k 8k 1k 4k
//! ```

use std::sync::Arc;
use std::time::{Duration, Instant};

use problems::Random;
use reports::statistics::robust;
use vocabulary::Verdict;

use super::calibration::{Calibration, Pulse, drift};
use super::ladder::Rung;
use crate::execute::{Execute, Prepared, RunLimits, Timing};

/// How long a ladder may be sampled.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// In all, climbing included.
    pub time: Duration,
    /// Rounds at most.
    pub rounds: u32,
    /// What is steady enough: every size's median absolute deviation over its median is less, after five rounds.
    pub noise: f64,
    /// Whether the first run of a size is unlike those after it, and does not count.
    pub warms_up: bool,
}

/// What ended the sampling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoppedBy {
    /// All rounds were run.
    Rounds,
    /// Every size is as steady as it was to be.
    Noise,
    /// The time was used up.
    Time,
}

impl StoppedBy {
    /// The word in the rows.
    pub fn as_str(self) -> &'static str {
        match self {
            StoppedBy::Rounds => "rounds",
            StoppedBy::Noise => "noise",
            StoppedBy::Time => "time",
        }
    }
}

/// The samples of one size.
pub struct Series {
    /// The case.
    pub prepared: Arc<Prepared>,
    /// How many threads it was given, where that is what grows.
    pub threads: Option<u32>,
    /// One for each round, with the round and the place in it.
    pub samples: Vec<Sampled>,
    /// The most memory of all rounds, bytes.
    pub peak_memory: Option<u64>,
    /// Whose memory that is.
    pub memory_scope: &'static str,
    /// What of every sample is not the solution's, where it is known.
    pub overhead: Option<Timing>,
    /// The greatest error of all rounds over what is tolerated, where there is a tolerance.
    pub error_ratio: Option<f64>,
    /// What share of the nearer roof of a device the last round reached, where that is known.
    pub roofline_fraction: Option<f64>,
}

impl Series {
    /// Median absolute deviation of the processor times over their median; of fewer than two samples, `None`.
    pub fn noise(&self) -> Option<f64> {
        let times: Vec<f64> = self
            .samples
            .iter()
            .map(|sampled| sampled.timing.cpu_ns as f64)
            .collect();
        let summary = robust::summary(&times).filter(|_| times.len() > 1)?;
        (summary.median > 0.0).then(|| summary.deviation / summary.median)
    }
}

/// One sample and its place in the order of things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sampled {
    /// The round, from 1; 0 is the climb.
    pub round: u32,
    /// The place in the round, from 1.
    pub order: u32,
    /// The times.
    pub timing: Timing,
}

/// A ladder, sampled.
pub struct Sampling {
    /// One for each size that was affordable, ascending.
    pub series: Vec<Series>,
    /// What ended it.
    pub stopped_by: StoppedBy,
    /// How far the machine moved meanwhile, where it was looked at for long enough. See [`drift`].
    pub drift: Option<f64>,
}

/// Rounds before the noise is asked for.
const LEAST_ROUNDS: u32 = 5;
/// A size that takes more than this share of the time, the overhead aside, is the last: a round over all sizes then fits
/// several times.
const LARGEST_SHARE: u32 = 12;
/// Samples a ladder. The overhead is that of a process; what runs inside of a runner knows its own. The calibration is run before
/// each round.
pub fn sample(
    execution: &mut dyn Execute,
    ladder: &[Rung],
    overhead: Option<Timing>,
    limits: &RunLimits,
    budget: Budget,
    calibration: Option<&Calibration>,
) -> anyhow::Result<Sampling> {
    let start = Instant::now();
    let mut series = Vec::new();
    let limits_of = |threads| RunLimits { threads, ..*limits };
    for (place, rung) in ladder.iter().enumerate() {
        let run = execution.measure(&rung.case, &limits_of(rung.threads))?;
        let Some(timing) = run
            .timings
            .first()
            .filter(|_| run.verdict == Verdict::Accepted)
        else {
            break;
        };
        let climbed = Sampled {
            round: 0,
            order: place as u32 + 1,
            timing: *timing,
        };
        series.push(Series {
            prepared: rung.case.clone(),
            threads: rung.threads,
            samples: if budget.warms_up {
                Vec::new()
            } else {
                vec![climbed]
            },
            peak_memory: run.peak_memory,
            memory_scope: run.memory_scope,
            overhead: overhead.or(run.overhead),
            error_ratio: run.error_ratio,
            roofline_fraction: run.roofline_fraction,
        });
        if rung.threads.is_some() {
            continue; // more threads take no longer
        }
        let start_up = overhead.map_or(0, |overhead| overhead.wall_ns);
        let net = Duration::from_nanos(timing.wall_ns.saturating_sub(start_up));
        if net > budget.time / LARGEST_SHARE || start.elapsed() > budget.time / 2 {
            break;
        }
    }
    let Some(first) = series.first() else {
        return Ok(Sampling {
            series,
            stopped_by: StoppedBy::Time,
            drift: None,
        });
    };
    let mut random = Random::of_text(&format!("order of {}", first.prepared.id));
    let mut order: Vec<usize> = (0..series.len()).collect();
    let mut stopped_by = StoppedBy::Rounds;
    let mut pulses: Vec<Pulse> = Vec::new();
    'rounds: for round in 1..=budget.rounds {
        let is_steady = |series: &Series| series.noise().is_some_and(|noise| noise < budget.noise);
        if round > LEAST_ROUNDS && series.iter().all(is_steady) {
            stopped_by = StoppedBy::Noise;
            break;
        }
        pulses.extend(calibration.and_then(Calibration::pulse));
        random.shuffle(&mut order);
        for (place, index) in order.iter().enumerate() {
            // A size without a sample is no measurement: a first round behind a warm-up is always whole.
            if (round > 1 || !budget.warms_up) && start.elapsed() > budget.time {
                stopped_by = StoppedBy::Time;
                break 'rounds;
            }
            let series = &mut series[*index];
            let run = execution.measure(&series.prepared, &limits_of(series.threads))?;
            let Some(timing) = run
                .timings
                .first()
                .filter(|_| run.verdict == Verdict::Accepted)
            else {
                continue;
            };
            series.peak_memory = series.peak_memory.max(run.peak_memory);
            series.error_ratio = series
                .error_ratio
                .into_iter()
                .chain(run.error_ratio)
                .reduce(f64::max);
            series.roofline_fraction = run.roofline_fraction.or(series.roofline_fraction);
            series.samples.push(Sampled {
                round,
                order: place as u32 + 1,
                timing: *timing,
            });
        }
    }
    series.retain(|series| !series.samples.is_empty());
    Ok(Sampling {
        series,
        stopped_by,
        drift: drift(&pulses),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::execute::Run;

    /// An execution that remembers what it was asked and claims times without spending any.
    struct Mock {
        asked: Vec<i64>,
        wall_of: fn(i64) -> u64,
    }

    impl Execute for Mock {
        fn run(&mut self, case: &Prepared, _: &RunLimits, rounds: u32) -> anyhow::Result<Run> {
            let n = case.id.parameters.integer("n").unwrap();
            self.asked.extend((0..rounds).map(|_| n));
            let wall_ns = (self.wall_of)(n);
            let timing = Timing {
                wall_ns,
                cpu_ns: wall_ns / 2,
            };
            Ok(Run {
                timings: vec![timing; rounds as usize],
                ..Run::without_timing(Verdict::Accepted, "")
            })
        }

        fn tier(&self) -> String {
            "mock".to_owned()
        }
    }

    fn rungs(sizes: &[i64]) -> Vec<Rung> {
        let problem = problems::find("kth_largest").unwrap();
        let id = |n: &i64| format!("kth_largest/random@n={n},k=1#0").parse().unwrap();
        sizes
            .iter()
            .map(|n| Rung::of_case(Prepared::of_name(problem.clone(), id(n))))
            .collect()
    }

    fn limits() -> RunLimits {
        RunLimits::new(Duration::from_secs(1), 1 << 20, 1 << 20)
    }

    #[test]
    fn every_round_has_every_size_once_and_not_always_in_one_order() {
        let mut mock = Mock {
            asked: Vec::new(),
            wall_of: |_| 10,
        };
        let budget = Budget {
            time: Duration::from_secs(60),
            rounds: 6,
            noise: 0.0,
            warms_up: true,
        };
        let sampling = sample(
            &mut mock,
            &rungs(&[1, 2, 4, 8, 16]),
            None,
            &limits(),
            budget,
            None,
        )
        .unwrap();
        assert_eq!(sampling.stopped_by, StoppedBy::Rounds);
        let (climb, rounds) = mock.asked.split_at(5);
        assert_eq!(climb, [1, 2, 4, 8, 16]);
        for round in rounds.chunks(5) {
            let mut sorted = round.to_vec();
            sorted.sort_unstable();
            assert_eq!(sorted, [1, 2, 4, 8, 16]);
        }
        assert!(rounds.chunks(5).any(|round| round != [1, 2, 4, 8, 16]));
        assert!(
            sampling
                .series
                .iter()
                .all(|series| series.samples.len() == 6)
        );
    }

    #[test]
    fn the_climb_ends_at_the_first_size_that_takes_too_long() {
        let mut mock = Mock {
            asked: Vec::new(),
            wall_of: |n| n as u64 * 1_000_000_000,
        };
        let budget = Budget {
            time: Duration::from_secs(24),
            rounds: 1,
            noise: 0.0,
            warms_up: true,
        };
        let sampling = sample(
            &mut mock,
            &rungs(&[1, 2, 4, 8, 16]),
            None,
            &limits(),
            budget,
            None,
        )
        .unwrap();
        let sizes: Vec<_> = sampling
            .series
            .iter()
            .filter_map(|series| series.prepared.id.parameters.integer("n"))
            .collect();
        assert_eq!(sizes, [1, 2, 4], "4 s is more than a twelfth of 24 s");
    }

    #[test]
    fn time_used_up_ends_the_rounds_but_never_the_first() {
        let mut mock = Mock {
            asked: Vec::new(),
            wall_of: |_| 10,
        };
        let budget = Budget {
            time: Duration::ZERO,
            rounds: 100,
            noise: 0.0,
            warms_up: true,
        };
        let sampling =
            sample(&mut mock, &rungs(&[1, 2, 4]), None, &limits(), budget, None).unwrap();
        assert_eq!(sampling.stopped_by, StoppedBy::Time);
        assert!(
            sampling
                .series
                .iter()
                .all(|series| series.samples.len() == 1)
        );
    }

    #[test]
    fn without_a_warm_up_the_climb_is_a_round_and_may_be_the_only_one() {
        let mut mock = Mock {
            asked: Vec::new(),
            wall_of: |_| 10,
        };
        let budget = Budget {
            time: Duration::ZERO,
            rounds: 100,
            noise: 0.0,
            warms_up: false,
        };
        let sampling =
            sample(&mut mock, &rungs(&[1, 2, 4]), None, &limits(), budget, None).unwrap();
        let first = &sampling.series[0].samples;
        assert_eq!((first.len(), first[0].round), (1, 0));
        assert_eq!(mock.asked, [1], "no time is left for a second size");
    }

    #[test]
    fn a_size_that_takes_long_by_its_overhead_alone_is_not_the_last() {
        const START: u64 = 3_000_000_000;
        let budget = Budget {
            time: Duration::from_secs(24),
            rounds: 1,
            noise: 0.0,
            warms_up: true,
        };
        let overhead = Timing {
            wall_ns: START,
            cpu_ns: START / 2,
        };
        for (known, sizes) in [(Some(overhead), 3), (None, 1)] {
            let mut mock = Mock {
                asked: Vec::new(),
                wall_of: |n| START + n as u64,
            };
            let rungs = rungs(&[1, 2, 4]);
            let sampling = sample(&mut mock, &rungs, known, &limits(), budget, None).unwrap();
            assert_eq!(sampling.series.len(), sizes);
            assert_eq!(sampling.series[0].overhead, known);
        }
    }

    #[test]
    fn what_is_steady_is_not_sampled_for_ever() {
        let mut mock = Mock {
            asked: Vec::new(),
            wall_of: |_| 1000,
        };
        let budget = Budget {
            time: Duration::from_secs(60),
            rounds: 100,
            noise: 0.01,
            warms_up: true,
        };
        let sampling = sample(&mut mock, &rungs(&[1, 2]), None, &limits(), budget, None).unwrap();
        assert_eq!(sampling.stopped_by, StoppedBy::Noise);
        assert_eq!(sampling.series[0].samples.len(), 5);
    }
}
