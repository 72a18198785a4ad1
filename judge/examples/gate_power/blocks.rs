//! criterion's default rule, for comparison: all samples of one side, then all of the other, by the clock; a change where
//! Student's t says p < 0.05 and the bootstrapped 95% interval of the ratio of means lies beyond 1%.

use judge::comparison::Side;
use judge::comparison::contest::Contest;

/// Resamples of the bootstrap; criterion takes 100,000, which moves the ends by a hundredth of the interval.
const RESAMPLES: usize = 2000;
/// criterion's noise threshold.
const NOISE: f64 = 0.01;

/// Whether the rule sees a change between the base and the head.
pub(crate) fn differ(contest: &mut dyn Contest, samples: usize) -> anyhow::Result<bool> {
    contest.restart();
    let base = block(contest, Side::Base, samples)?;
    let head = block(contest, Side::Head, samples)?;
    Ok(is_significant(&base, &head) && is_beyond_noise(&base, &head))
}

fn block(contest: &mut dyn Contest, side: Side, samples: usize) -> anyhow::Result<Vec<f64>> {
    contest.sample(side)?; // the warm-up
    let mut times = Vec::new();
    for _ in 0..samples {
        let run = contest.sample(side)?;
        times.extend(run.timings.first().map(|timing| timing.wall_ns as f64));
    }
    Ok(times)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Welch's t beyond the 5% point of the normal distribution, which is near enough for 40 values and more.
fn is_significant(base: &[f64], head: &[f64]) -> bool {
    let error = |values: &[f64]| {
        let center = mean(values);
        let squares: f64 = values.iter().map(|value| (value - center).powi(2)).sum();
        squares / (values.len() - 1) as f64 / values.len() as f64
    };
    let t = (mean(head) - mean(base)) / (error(base) + error(head)).sqrt();
    t.abs() > 1.96
}

fn is_beyond_noise(base: &[f64], head: &[f64]) -> bool {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut resampled = |values: &[f64]| {
        let sum: f64 = (0..values.len())
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                values[(state % values.len() as u64) as usize]
            })
            .sum();
        sum / values.len() as f64
    };
    let mut ratios: Vec<f64> = (0..RESAMPLES)
        .map(|_| resampled(head) / resampled(base) - 1.0)
        .collect();
    ratios.sort_by(f64::total_cmp);
    let (low, high) = (
        ratios[RESAMPLES / 40],
        ratios[RESAMPLES - 1 - RESAMPLES / 40],
    );
    low > NOISE || high < -NOISE
}
