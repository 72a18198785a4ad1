//! Times of kernels: how many samples are enough, which of them count, what they say together.
//!
//! A sample that was taken while the clock had dropped is no sample of the kernel. Everything but [`sample`] is a pure
//! function.

use std::time::{Duration, Instant};

/// One timed round.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    /// What it took.
    pub nanoseconds: f64,
    /// How fast the device ran just before, in any unit; `None` if unknown.
    pub clock: Option<f64>,
}

/// What samples say together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Timed {
    /// Median of those that count, nanoseconds.
    pub median: f64,
    /// By how much the median may be off, as a part of it.
    pub noise: f64,
    /// How many count.
    pub kept: usize,
    /// How many were taken while the clock had dropped.
    pub discarded: usize,
}

/// When to stop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stop {
    /// At least so many samples.
    pub least: usize,
    /// At most so many.
    pub most: usize,
    /// Between the two as soon as the noise is no more than this.
    pub noise: f64,
    /// Behind the least as soon as so much time has passed.
    pub time: Duration,
}

impl Default for Stop {
    fn default() -> Self {
        Stop {
            least: 3,
            most: 25,
            noise: 0.005,
            time: Duration::from_millis(400),
        }
    }
}

/// A sample below this part of the full clock does not count.
const LEAST_CLOCK: f64 = 0.75;
/// The median absolute deviation of a normal distribution times this is its standard deviation.
const DEVIATION: f64 = 1.4826;
/// The standard error of a median over that of a mean, for a normal distribution: the root of half of pi.
const MEDIAN_ERROR: f64 = 1.2533;

/// The times of the samples that count: those near the fastest clock that any of them saw. There is always one, if there
/// are samples.
pub fn at_full_clock(samples: &[Sample]) -> Vec<f64> {
    let full = samples.iter().filter_map(|sample| sample.clock);
    let full = full.fold(0.0, f64::max);
    let counts = |sample: &&Sample| sample.clock.is_none_or(|clock| clock >= LEAST_CLOCK * full);
    let kept = samples.iter().filter(counts);
    kept.map(|sample| sample.nanoseconds).collect()
}

/// The middle of some values, of two the mean; none of none.
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let upper = *sorted.get(sorted.len() / 2)?;
    match sorted.len() % 2 {
        1 => Some(upper),
        _ => Some(f64::midpoint(sorted[sorted.len() / 2 - 1], upper)),
    }
}

/// By how much the median may be off, as a part of it: its standard error from the median absolute deviation, which a few
/// stragglers do not move. One sample says nothing of it.
pub fn noise(values: &[f64]) -> Option<f64> {
    let middle = median(values).filter(|middle| *middle > 0.0 && values.len() > 1)?;
    let deviations: Vec<f64> = values.iter().map(|value| (value - middle).abs()).collect();
    let deviation = DEVIATION * median(&deviations)?;
    Some(MEDIAN_ERROR * deviation / (values.len() as f64).sqrt() / middle)
}

/// What samples say together; nothing if there are none.
pub fn summary(samples: &[Sample]) -> Option<Timed> {
    let kept = at_full_clock(samples);
    Some(Timed {
        median: median(&kept)?,
        noise: noise(&kept).unwrap_or(1.0),
        kept: kept.len(),
        discarded: samples.len() - kept.len(),
    })
}

/// Whether samples that took some time are enough.
pub fn is_enough(samples: &[Sample], taken: Duration, stop: &Stop) -> bool {
    let is_quiet = || {
        let kept = at_full_clock(samples);
        kept.len() >= stop.least && noise(&kept).is_some_and(|noise| noise <= stop.noise)
    };
    samples.len() >= stop.most || samples.len() >= stop.least && (taken >= stop.time || is_quiet())
}

/// Takes samples until they are enough.
///
/// # Errors
/// The first that cannot be taken.
pub fn sample<E>(
    stop: &Stop,
    mut take: impl FnMut() -> Result<Sample, E>,
) -> Result<Vec<Sample>, E> {
    let start = Instant::now();
    let mut samples = Vec::new();
    while !is_enough(&samples, start.elapsed(), stop) {
        samples.push(take()?);
    }
    Ok(samples)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(of: &[(f64, f64)]) -> Vec<Sample> {
        let sample = |(nanoseconds, clock): &(f64, f64)| Sample {
            nanoseconds: *nanoseconds,
            clock: Some(*clock),
        };
        of.iter().map(sample).collect()
    }

    const STOP: Stop = Stop {
        least: 3,
        most: 6,
        noise: 0.005,
        time: Duration::from_secs(1),
    };

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[7.0]), Some(7.0));
        assert_eq!(median(&[9.0, 1.0, 4.0]), Some(4.0));
        assert_eq!(median(&[9.0, 1.0, 4.0, 5.0]), Some(4.5));
    }

    #[test]
    fn samples_of_a_dropped_clock_do_not_count() {
        let taken = samples(&[(100.0, 2.0), (101.0, 1.5), (180.0, 1.4), (400.0, 0.5)]);
        assert_eq!(at_full_clock(&taken), [100.0, 101.0]);
        let timed = summary(&taken).expect("there are samples");
        assert_eq!((timed.median, timed.kept, timed.discarded), (100.5, 2, 2));
    }

    #[test]
    fn there_is_always_one_that_counts() {
        assert_eq!(at_full_clock(&samples(&[(5.0, 0.1)])), [5.0]);
        let unknown = Sample {
            nanoseconds: 5.0,
            clock: None,
        };
        assert_eq!(at_full_clock(&[unknown]), [5.0]);
        assert_eq!(summary(&[]), None);
    }

    #[test]
    fn noise_is_the_standard_error_of_the_median_and_ignores_a_straggler() {
        // Deviations 1, 0, 1, 0, 900: their median is 1.
        let noise_of_five = noise(&[99.0, 100.0, 101.0, 100.0, 1000.0]).expect("enough values");
        let expected = 1.2533 * 1.4826 / 5.0_f64.sqrt() / 100.0;
        assert!((noise_of_five - expected).abs() < 1e-12, "{noise_of_five}");
        assert_eq!(noise(&[100.0]), None);
        assert_eq!(noise(&[0.0, 0.0]), None);
    }

    #[test]
    fn it_stops_when_it_is_quiet_but_not_before_the_least() {
        let quiet = samples(&[(100.0, 1.0), (100.1, 1.0), (99.9, 1.0)]);
        let none = Duration::ZERO;
        assert!(!is_enough(&quiet[..2], none, &STOP));
        assert!(is_enough(&quiet, none, &STOP));
        let loud = samples(&[(100.0, 1.0), (150.0, 1.0), (60.0, 1.0)]);
        assert!(!is_enough(&loud, none, &STOP));
        assert!(is_enough(&loud, STOP.time, &STOP));
        assert!(!is_enough(&loud[..2], STOP.time, &STOP));
    }

    #[test]
    fn samples_that_do_not_count_do_not_make_it_quiet() {
        let dropped = samples(&[(100.0, 1.0), (100.0, 1.0), (130.0, 0.6)]);
        assert!(!is_enough(&dropped, Duration::ZERO, &STOP));
    }

    #[test]
    fn loud_samples_end_at_the_most() {
        let mut next = 0.0;
        let taken = sample(&STOP, || {
            next += 50.0;
            Ok::<_, ()>(Sample {
                nanoseconds: next,
                clock: None,
            })
        });
        assert_eq!(taken.expect("nothing fails").len(), STOP.most);
        assert_eq!(sample(&STOP, || Err(3)), Err(3));
    }
}
