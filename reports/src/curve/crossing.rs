//! Where one solution overtakes another, read out of the curves of one run.

use std::fmt;

use vocabulary::units;

use super::Curve;

/// One curve passes below another, and stays there.
#[derive(Clone, Debug, PartialEq)]
pub struct Crossing {
    /// The solution that is faster at larger sizes.
    pub overtaker: String,
    /// The solution that is faster at smaller sizes.
    pub overtaken: String,
    /// The last common size at which the overtaken is clearly faster.
    pub after: i64,
    /// The first common size from which on the overtaker is clearly faster.
    pub before: i64,
    /// The family.
    pub family: String,
    /// The axis.
    pub axis: String,
    /// The size between them at which both cost the same, on straight lines between neighbours on logarithmic axes.
    pub at: i64,
}

/// In words: `random: line overtakes square at n = 566 (between 400 and 800)`.
impl fmt::Display for Crossing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [at, after, before] =
            [self.at, self.after, self.before].map(|size| units::count(size.unsigned_abs()));
        let (overtaker, overtaken) = (&self.overtaker, &self.overtaken);
        let (family, axis) = (&self.family, &self.axis);
        write!(
            f,
            "{family}: {overtaker} overtakes {overtaken} at {axis} = {at} (between {after} and {before})"
        )
    }
}

/// What lies nearer than this is the same: 5%.
const SAME: f64 = 0.05;

/// Every crossing of two curves of the same problem, family, target, axis, metric and host, by the size at which it stands.
///
/// One that goes back and forth is none: on one side of it the one must be clearly faster (by more than 5%) at some size and
/// nowhere clearly slower, and on the other side the other way about.
pub fn crossings(curves: &[&Curve]) -> Vec<Crossing> {
    let mut found: Vec<Crossing> = Vec::new();
    for (place, a) in curves.iter().enumerate() {
        for b in &curves[place + 1..] {
            found.extend(crossing(a, b));
        }
    }
    found.sort_by(|a, b| (a.at, &a.overtaker).cmp(&(b.at, &b.overtaker)));
    found
}

fn crossing(a: &Curve, b: &Curve) -> Option<Crossing> {
    let kin = |curve: &Curve| {
        let names = [&curve.problem, &curve.family, &curve.axis, &curve.host_id].map(Clone::clone);
        (names, curve.target, curve.metric)
    };
    if kin(a) != kin(b) {
        return None;
    }
    // ln of the ratio at every common size: negative where `a` is faster.
    let both = a.points.iter().filter_map(|point| {
        let other = b.cost_at(point.size)?;
        Some((point.size, (point.cost / other).ln()))
    });
    let ratios: Vec<(i64, f64)> = both.collect();
    let is_clear = |ratio: f64| ratio.abs() > SAME.ln_1p();
    let clear = || ratios.iter().filter(|(_, ratio)| is_clear(*ratio));
    let (first, last) = (clear().next()?, clear().next_back()?);
    if first.1.signum() == last.1.signum() {
        return None;
    }
    let begins = first.1.signum();
    let changes = clear()
        .zip(clear().skip(1))
        .filter(|(left, right)| left.1.signum() != right.1.signum());
    if changes.count() != 1 {
        return None;
    }
    let after = clear().rfind(|(_, ratio)| ratio.signum() == begins)?.0;
    let before = clear().find(|(_, ratio)| ratio.signum() != begins)?.0;
    // The step between them on which the sign changes for the last time.
    let step = ratios.windows(2).rfind(|pair| {
        let is_between = pair[0].0 >= after && pair[1].0 <= before;
        is_between && pair[0].1.signum() == begins && pair[1].1.signum() != begins
    })?;
    let [(left, from), (right, to)] = [step[0], step[1]];
    let share = from / (from - to);
    let (left, right) = ((left as f64).ln(), (right as f64).ln());
    let at = (left + share * (right - left)).exp().round() as i64;
    let (overtaken, overtaker) = if begins < 0.0 { (a, b) } else { (b, a) };
    Some(Crossing {
        overtaker: overtaker.solution.clone(),
        overtaken: overtaken.solution.clone(),
        family: a.family.clone(),
        axis: a.axis.clone(),
        after,
        before,
        at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Axis, Measurement, Metric, curves};
    use vocabulary::{Kind, Target, Verdict};

    fn curve(solution: &str, cost: impl Fn(f64) -> f64) -> Curve {
        let rows = [100, 200, 400, 800, 1600, 3200].map(|n| Measurement {
            cpu_ns_min: Some(cost(f64::from(n)) as u64),
            ..Measurement::new(
                format!("kth_largest/random@n={n}#0").parse().unwrap(),
                solution,
                Kind::Function,
                Target::Function,
                Verdict::Accepted,
            )
        });
        let curves = curves(&rows, Metric::CpuMinimum, |_| Some(Axis::new("n")));
        curves.into_iter().next().unwrap()
    }

    #[test]
    fn a_linear_one_overtakes_a_quadratic_one_where_both_cost_the_same() {
        // 565.685... n = n^2 at n = 400 sqrt 2 = 565.7, in the middle of 400 and 800 on a logarithmic axis.
        let (square, line) = (
            curve("square", |n| 1000.0 * n * n),
            curve("line", |n| 565_685.0 * n),
        );
        let expected = Crossing {
            overtaker: "line".to_owned(),
            overtaken: "square".to_owned(),
            after: 400,
            before: 800,
            family: "random".to_owned(),
            axis: "n".to_owned(),
            at: 566,
        };
        for order in [[&square, &line], [&line, &square]] {
            assert_eq!(crossings(&order), std::slice::from_ref(&expected));
        }
    }

    #[test]
    fn what_wavers_beyond_the_crossing_does_not_move_it() {
        // Clearly slower up to 200, clearly faster at 400, then level: 1% faster, 1% slower, 1% faster.
        let line = curve("line", |n| 1000.0 * n);
        let wavering = curve("wavering", |n| {
            let share = match n as i64 {
                ..=200 => 2.0,
                400 => 0.5,
                1600 => 1.01,
                _ => 0.99,
            };
            1000.0 * n * share
        });
        let found = crossings(&[&line, &wavering]);
        assert_eq!((found[0].after, found[0].before), (200, 400));
        assert_eq!(
            found[0].at, 283,
            "200 sqrt 2: the middle on a logarithmic axis"
        );
    }

    #[test]
    fn noise_is_no_crossing() {
        let line = curve("line", |n| 1000.0 * n);
        let near = curve("near", |n| 1000.0 * n * if n < 500.0 { 1.03 } else { 0.97 });
        assert!(crossings(&[&line, &near]).is_empty());
        let restless = curve("restless", |n| {
            1000.0
                * n
                * if (150.0..700.0).contains(&n) {
                    0.5
                } else {
                    2.0
                }
        });
        assert!(crossings(&[&line, &restless]).is_empty());
    }
}
