//! Critical values of Student's t distribution.

/// Two-sided 95%: the 0.975 quantile for 1 to 30 degrees of freedom, as printed in every table.
const TABLE: [f64; 30] = [
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
    2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056,
    2.052, 2.048, 2.045, 2.042,
];

/// The 0.975 quantile of the normal distribution.
const NORMAL: f64 = 1.959_963_985;

/// How many standard errors a two-sided 95% interval reaches to either side.
///
/// Above 30 degrees of freedom by the first terms of the Cornish-Fisher expansion, which there is right to four digits.
/// `None` for none: one value says nothing about its own spread.
pub fn critical_95(degrees_of_freedom: usize) -> Option<f64> {
    let index = degrees_of_freedom.checked_sub(1)?;
    let expansion = || {
        let (z, n) = (NORMAL, degrees_of_freedom as f64);
        z + (z.powi(3) + z) / (4.0 * n)
            + (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / (96.0 * n * n)
    };
    Some(TABLE.get(index).copied().unwrap_or_else(expansion))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_values_are_those_of_printed_tables() {
        assert_eq!(critical_95(0), None);
        // Printed: 2.0395 at 31, 2.0211 at 40, 1.9840 at 100, 1.9600 without end.
        for (degrees, printed) in [
            (1, 12.706),
            (10, 2.228),
            (30, 2.042),
            (31, 2.0395),
            (40, 2.0211),
            (100, 1.9840),
            (1_000_000, 1.9600),
        ] {
            let value = critical_95(degrees).unwrap();
            assert!((value - printed).abs() < 0.0001, "{degrees}: {value}");
        }
    }

    #[test]
    fn the_values_fall_with_every_degree_of_freedom() {
        let values: Vec<f64> = (1..100).filter_map(critical_95).collect();
        assert!(values.is_sorted_by(|a, b| a > b), "{values:?}");
    }
}
