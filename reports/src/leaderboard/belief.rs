//! Nothing is believed that is faster than its bytes.
//!
//! A row tells what it claims: a part of a device's roofline, or bytes and items in a second. Both have a ceiling that no
//! cleverness lifts, however much a solution leaves out.

use crate::Measurement;

/// How far a cold kernel may seem to be above what a copy gets: reading alone is faster than copying by some percent. The same
/// allowance as where kernels are timed.
const ABOVE_A_COPY: f64 = 1.25;

/// What one core can load in a second of its own time: two vectors of 64 bytes a clock from the innermost cache, at 6 GHz, are
/// 0.77 TB/s. What several threads load together takes the time of each, so this holds for any number of them. A true floor lies
/// far higher; this one is beyond dispute, and catches units that were mistaken, clocks that stood still and figures that were
/// made up.
const CORE_BYTES_PER_SECOND: f64 = 0.77e12;

/// Why the figure of a row cannot be true; `None` if it can, or if the row does not say enough.
pub(super) fn doubt(row: &Measurement) -> Option<String> {
    let is_hot = row.kernel.cache_state.as_deref() == Some("hot");
    if row.kernel.cache_state.is_some() || row.kernel.device.is_some() {
        // What a cache holds does not come from memory: only cold times have this roof.
        let share = row.roofline_fraction.filter(|_| !is_hot)?;
        return (share > ABOVE_A_COPY).then(|| {
            format!(
                "{:.0}% of what the memory of its device gives",
                share * 100.0
            )
        });
    }
    // An item has a byte at least.
    let rates = [row.bytes_per_second, row.items_per_second];
    let rate = rates.into_iter().flatten().fold(0.0, f64::max);
    (rate > CORE_BYTES_PER_SECOND).then(|| {
        format!(
            "more than the {:.2} TB/s that a core can load",
            CORE_BYTES_PER_SECOND / 1e12
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::{Kind, Target, Verdict};

    fn row(target: Target) -> Measurement {
        let case = "a/b@n=1#0".parse().unwrap();
        Measurement::new(case, "x", Kind::Program, target, Verdict::Accepted)
    }

    #[test]
    fn a_core_loads_no_more_than_its_widest_loads_at_the_fastest_clock() {
        let mut row = row(Target::Process);
        assert_eq!(doubt(&row), None);
        row.bytes_per_second = Some(0.76e12);
        assert_eq!(doubt(&row), None);
        row.items_per_second = Some(0.78e12);
        assert!(doubt(&row).unwrap().contains("0.77 TB/s"));
    }

    #[test]
    fn a_cold_kernel_does_not_outrun_its_memory_and_a_hot_one_may() {
        let mut row = row(Target::Cuda);
        row.kernel.device = Some("some".to_owned());
        for (share, cache, is_doubted) in [
            (1.2, "cold", false),
            (1.3, "cold", true),
            (1.3, "hot", false),
        ] {
            row.roofline_fraction = Some(share);
            row.kernel.cache_state = Some(cache.to_owned());
            assert_eq!(doubt(&row).is_some(), is_doubted, "{share} {cache}");
        }
        // Its bytes move on a device, which no core's ceiling is about.
        row.roofline_fraction = None;
        row.bytes_per_second = Some(4e12);
        assert_eq!(doubt(&row), None);
    }
}
