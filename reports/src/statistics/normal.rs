//! The normal distribution.

/// How many standard deviations a two-sided interval reaches to either side if it misses with a probability of `alpha`.
///
/// By bisection on the upper tail, which is right to nine digits from 1e-12 to 1. `None` outside of that.
pub fn critical(alpha: f64) -> Option<f64> {
    if !(1e-12..=1.0).contains(&alpha) {
        return None;
    }
    let (mut low, mut high) = (0.0, 8.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if 2.0 * upper_tail(middle) > alpha {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(f64::midpoint(low, high))
}

/// The probability of more than `z` standard deviations above the mean, `z` from 0.
///
/// Below 3 by the series of the distribution function, above by Laplace's continued fraction of the tail.
fn upper_tail(z: f64) -> f64 {
    let density = (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    if z < 3.0 {
        let (mut term, mut sum) = (z, z);
        let mut odd = 1.0;
        while term > 1e-17 {
            odd += 2.0;
            term *= z * z / odd;
            sum += term;
        }
        return 0.5 - density * sum;
    }
    let fraction = (1..=60).rev().fold(z, |below, k| z + f64::from(k) / below);
    density / fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_values_are_those_of_printed_tables() {
        for (alpha, printed) in [
            (1.0, 0.0),
            (0.3173, 1.0000),
            (0.05, 1.9600),
            (0.01, 2.5758),
            (0.0027, 3.0000),
            (0.001, 3.2905),
            (1e-6, 4.8916),
        ] {
            let value = critical(alpha).unwrap();
            assert!((value - printed).abs() < 0.0002, "{alpha}: {value}");
        }
        assert_eq!(critical(0.0), None);
        assert_eq!(critical(1.5), None);
    }

    #[test]
    fn both_ways_to_the_tail_agree_where_they_meet() {
        let (below, above) = (upper_tail(3.0 - 1e-9), upper_tail(3.0));
        assert!((below / above - 1.0).abs() < 1e-7, "{below} {above}");
    }
}
