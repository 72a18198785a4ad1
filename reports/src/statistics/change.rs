//! Whether and where a sequence changes its level: by ranks, with exact probabilities.
//!
//! ```text
//!  value            |  .   .            every way to cut the sequence in two is looked at;
//!          .  . .   . | .  .  .          whether: how often would so uneven a rank sum come of a shuffled sequence?
//!         .  .    .   |                  where: the cut that leaves the least distance from the medians on both sides
//! ```
//!
//! For a cut that leaves k of n values on its left, their rank sum is compared with those of all subsets of k ranks (the test of
//! Wilcoxon, Mann and Whitney, two-sided; equal values share the mean of their ranks). The counts of all subsets are exact, by
//! adding one rank after the other, for every k at once. As the best of several cuts is taken, its probability is multiplied by
//! their number (Bonferroni): that is more than the true one, so a change is named too rarely rather than too often.
//!
//! Nothing is asked of the values but that without a change any order of them is as likely as any other. Ranks do not mind an
//! outlier, and few values can never be certain: 3 against 3 are 10%.
//!
//! Ranks do not see how large a step is, so where it lies is another question: the cut for which the logarithms lie nearest to the
//! medians of both sides, in sum.

use std::ops::Range;

use super::robust::median;

/// Values that must lie on either side of a cut. Two alone would be uneven too easily to say anything of a level.
pub const LEAST: usize = 3;

/// Values that are looked at, at most: the counts are sums of up to 2^60 subsets, and take a time that grows with the fourth power.
pub const MOST: usize = 60;

/// A cut of a sequence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cut {
    /// Place of the first value behind the cut.
    pub at: usize,
    /// The probability that a sequence without a change has any cut as uneven as the most uneven one here, at the most.
    pub probability: f64,
    /// The median behind the cut over the one before it.
    pub ratio: f64,
}

/// The best cut; the first of several that are as good. `None` of fewer than twice [`LEAST`] or more than [`MOST`] values, or
/// where one is not a positive number.
pub fn best_cut(values: &[f64]) -> Option<Cut> {
    let is_possible = |value: &f64| *value > 0.0 && value.is_finite();
    if !(2 * LEAST..=MOST).contains(&values.len()) || !values.iter().all(is_possible) {
        return None;
    }
    let ranks = doubled_ranks(values);
    let counts = subsets(&ranks);
    let cuts = LEAST..=values.len() - LEAST;
    let looked_at = cuts.clone().count() as f64;
    let probability = cuts.clone().map(|at| {
        let sum = ranks[..at].iter().sum::<usize>();
        two_sided(&counts[at], sum)
    });
    let probability = probability.fold(1.0, f64::min);
    let logarithms: Vec<f64> = values.iter().map(|value| value.ln()).collect();
    let distance = |at: usize| {
        let (before, behind) = logarithms.split_at(at);
        distance_from_median(before) + distance_from_median(behind)
    };
    let at = cuts.min_by(|a, b| distance(*a).total_cmp(&distance(*b)))?;
    Some(Cut {
        at,
        probability: (probability * looked_at).min(1.0),
        ratio: median(&values[at..])? / median(&values[..at])?,
    })
}

/// All cuts of a sequence, in order: the best one, if its probability is at most `alpha` and its ratio is beyond `threshold` (0.05 is
/// 5%) in either direction, and then those of the parts on both of its sides.
///
/// The ratio of each is between the medians of the parts beside it, up to the next cuts.
pub fn cuts(values: &[f64], alpha: f64, threshold: f64) -> Vec<Cut> {
    let mut found = Vec::new();
    split(values, 0..values.len(), (alpha, threshold), &mut found);
    let ends: Vec<usize> = found.iter().map(|cut| cut.at).collect();
    for (place, cut) in found.iter_mut().enumerate() {
        let from = place.checked_sub(1).map_or(0, |before| ends[before]);
        let to = ends.get(place + 1).copied().unwrap_or(values.len());
        let medians = (median(&values[from..cut.at]), median(&values[cut.at..to]));
        if let (Some(before), Some(behind)) = medians {
            cut.ratio = behind / before;
        }
    }
    found
}

fn split(values: &[f64], part: Range<usize>, (alpha, threshold): (f64, f64), found: &mut Vec<Cut>) {
    let Some(cut) = best_cut(&values[part.clone()]) else {
        return;
    };
    if cut.probability > alpha || cut.ratio.ln().abs() < threshold.ln_1p() {
        return;
    }
    let at = part.start + cut.at;
    split(values, part.start..at, (alpha, threshold), found);
    found.push(Cut { at, ..cut });
    split(values, at..part.end, (alpha, threshold), found);
}

/// The sum of the distances from the median.
fn distance_from_median(values: &[f64]) -> f64 {
    let middle = median(values).unwrap_or_default();
    values.iter().map(|value| (value - middle).abs()).sum()
}

/// Twice the rank of every value, so that a mean of two ranks is whole.
fn doubled_ranks(values: &[f64]) -> Vec<usize> {
    let rank = |value: &f64| {
        let below = values.iter().filter(|other| *other < value).count();
        let equal = values.iter().filter(|other| *other == value).count();
        2 * below + equal + 1
    };
    values.iter().map(rank).collect()
}

/// How many subsets of each size have each sum: `[size][sum]`.
fn subsets(ranks: &[usize]) -> Vec<Vec<f64>> {
    let most: usize = ranks.iter().sum();
    let mut counts = vec![vec![0.0; most + 1]; ranks.len() + 1];
    counts[0][0] = 1.0;
    for (taken, rank) in ranks.iter().enumerate() {
        for size in (0..=taken).rev() {
            let (smaller, larger) = counts.split_at_mut(size + 1);
            let sums = smaller[size][..=most - rank].iter();
            for (count, sum) in larger[0][*rank..].iter_mut().zip(sums) {
                *count += sum;
            }
        }
    }
    counts
}

/// Twice the share of the subsets that lie at least as far out as a sum, on the side on which they are fewer.
fn two_sided(counts: &[f64], sum: usize) -> f64 {
    let all: f64 = counts.iter().sum();
    let below: f64 = counts[..=sum].iter().sum();
    let above: f64 = counts[sum..].iter().sum();
    (2.0 * below.min(above) / all).min(1.0)
}

#[cfg(test)]
mod tests;
