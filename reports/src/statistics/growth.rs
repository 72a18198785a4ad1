//! Which growth classes a curve allows.
//!
//! A class f is scored by the standard deviation of ln(t / f(n)): where f is the growth of t, what is left is a constant
//! and noise. The answer is a *set*: all classes whose score is within 1.5 times the best, or within 3% (1.5 times 2%) where the
//! best is better than noise can tell. It is no fit with an intercept, which would take the bend of caches for a constant.

use vocabulary::{Growth, Parameters};

use super::standard_deviation;

/// A class is allowed up to this many times the best score.
pub const TOLERANCE: f64 = 1.5;

/// Scores below this are noise, and count as this much.
pub const FLOOR: f64 = 0.02;

/// Two growths with less between them than this are the same on the points at hand: rounding, no difference.
const SAME: f64 = 1e-9;

/// A class, and how far the points are from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// The class.
    pub growth: Growth,
    /// Standard deviation of ln(cost / growth): 0.05 is about 5%.
    pub deviation: f64,
}

/// Scores every class that has a value on all points, in the order given. Fewer than two points score nothing.
pub fn score(classes: &[Growth], points: &[(Parameters, f64)]) -> Vec<Scored> {
    let scored = classes.iter().filter_map(|growth| {
        Some(Scored {
            growth: growth.clone(),
            deviation: standard_deviation(&residuals(growth, points)?)?,
        })
    });
    scored.collect()
}

/// The classes within [`TOLERANCE`] of the best score, or of the [`FLOOR`], in the order given.
pub fn allowed(scored: &[Scored]) -> Vec<Growth> {
    let deviations = scored.iter().map(|class| class.deviation);
    let Some(best) = deviations.min_by(f64::total_cmp) else {
        return Vec::new();
    };
    let most = TOLERANCE * best.max(FLOOR);
    let within = scored.iter().filter(|class| class.deviation <= most);
    within.map(|class| class.growth.clone()).collect()
}

/// The classes to hold a curve against, from the slowest growth over these points to the fastest: those over the axis,
/// and the products that the problem names (`n*capacity`).
///
/// A product counts only if all its parameters vary over the points: of a curve with a fixed capacity nobody can say how
/// the cost grows with it. It then replaces a class of the axis from which it cannot be told (the capacity grows
/// like n, and `n*capacity` like `n^2`).
pub fn candidates(axis: &str, products: &[Growth], points: &[(Parameters, f64)]) -> Vec<Growth> {
    let varies = |name: &&str| {
        let mut values = points.iter().map(|(at, _)| at.integer(name));
        let first = values.next();
        first.is_some_and(|first| values.any(|value| value != first))
    };
    let products = products
        .iter()
        .filter(|product| product.parameters().iter().all(varies));
    let mut candidates = Growth::classes(axis);
    for product in products {
        candidates.retain(|class| !same(class, product, points));
        candidates.push(product.clone());
    }
    // A class without a value on the points has no rise; it is scored by nobody, so its place does not matter.
    let rise = |growth: &Growth| rise(growth, points).unwrap_or(f64::INFINITY);
    candidates.sort_by(|a, b| rise(a).total_cmp(&rise(b)));
    candidates
}

/// Whether a growth rises more than a bound from the first point to the last. `None` if one has no value there.
pub fn lies_above(growth: &Growth, bound: &Growth, points: &[(Parameters, f64)]) -> Option<bool> {
    Some(rise(growth, points)? > rise(bound, points)? + SAME)
}

/// ln f(last) - ln f(first).
fn rise(growth: &Growth, points: &[(Parameters, f64)]) -> Option<f64> {
    let (first, last) = (points.first()?, points.last()?);
    Some(logarithm(growth, &last.0)? - logarithm(growth, &first.0)?)
}

fn same(a: &Growth, b: &Growth, points: &[(Parameters, f64)]) -> bool {
    let difference = |(at, _): &(Parameters, f64)| Some(logarithm(a, at)? - logarithm(b, at)?);
    let differences: Option<Vec<f64>> = points.iter().map(difference).collect();
    let deviation = differences.and_then(|differences| standard_deviation(&differences));
    deviation.is_some_and(|deviation| deviation < SAME)
}

/// ln(t / f) at every point.
fn residuals(growth: &Growth, points: &[(Parameters, f64)]) -> Option<Vec<f64>> {
    let residual = |(at, cost): &(Parameters, f64)| {
        let cost = cost.ln();
        Some(cost - logarithm(growth, at)?).filter(|_| cost.is_finite())
    };
    points.iter().map(residual).collect()
}

fn logarithm(growth: &Growth, at: &Parameters) -> Option<f64> {
    let logarithm = growth.evaluate(at)?.ln();
    logarithm.is_finite().then_some(logarithm)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::assert_near;

    fn growth(text: &str) -> Growth {
        text.parse().unwrap()
    }

    fn words(classes: &[Growth]) -> Vec<String> {
        classes.iter().map(Growth::in_words).collect()
    }

    /// Points at these sizes, with what they cost.
    fn curve(sizes: &[i64], cost: impl Fn(f64) -> f64) -> Vec<(Parameters, f64)> {
        let at = |size: &i64| (Parameters::new().with("n", *size), cost(*size as f64));
        sizes.iter().map(at).collect()
    }

    const LADDER: [i64; 7] = [1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000];

    #[test]
    fn the_score_is_the_standard_deviation_of_the_log_residual() {
        // t = n at 1, 2, 4. In units of ln 2, ln t = 0 1 2. Against n nothing is left. Against 1 all is left: standard
        // deviation 1, which is ln 2. Against n^2 there is left 0 -1 -2: ln 2 again. Against sqrt n 0 1/2 1: ln 2 / 2.
        let points = curve(&[1, 2, 4], |n| n);
        let classes = ["1", "sqrt(n)", "n", "n^2"].map(growth);
        let scored = score(&classes, &points);
        let ln2 = std::f64::consts::LN_2;
        for (scored, deviation) in scored.iter().zip([ln2, ln2 / 2.0, 0.0, ln2]) {
            assert_near(scored.deviation, deviation);
        }
        assert_eq!(scored.len(), 4);
    }

    #[test]
    fn every_class_is_found_again_from_its_own_curve() {
        for class in Growth::classes("n") {
            let sizes: &[i64] = if class == growth("2^n") {
                &[4, 6, 9, 13, 20]
            } else {
                &LADDER
            };
            let cost = |n: f64| {
                5.0 * class
                    .evaluate(&Parameters::new().with("n", n as i64))
                    .unwrap()
            };
            let points = curve(sizes, cost);
            let set = allowed(&score(&candidates("n", &[], &points), &points));
            assert_eq!(words(&set), [class.in_words()]);
        }
    }

    #[test]
    fn what_noise_hides_is_left_undecided() {
        // Over a factor of 2 from 10^6 on, ln n rises by 5%: n and n log n differ by less than the noise of 4%.
        let sizes: Vec<i64> = (0..6).map(|step| 1_000_000 + 200_000 * step).collect();
        let points: Vec<(Parameters, f64)> = curve(&sizes, |n| n)
            .into_iter()
            .zip([1.04, 0.96, 1.04, 0.96, 1.04, 0.96])
            .map(|((at, cost), noise)| (at, cost * noise))
            .collect();
        let set = allowed(&score(&candidates("n", &[], &points), &points));
        assert_eq!(words(&set), ["n", "n log n"]);
    }

    #[test]
    fn the_set_is_cut_at_one_and_a_half_times_the_best_or_the_floor() {
        let scored = |deviations: [f64; 3]| {
            let classes = ["1", "n", "n^2"].map(growth).into_iter().zip(deviations);
            let scored = classes.map(|(growth, deviation)| Scored { growth, deviation });
            words(&allowed(&scored.collect::<Vec<_>>()))
        };
        assert_eq!(scored([0.16, 0.10, 0.14]), ["n", "n^2"]); // up to 0.15
        assert_eq!(scored([0.001, 0.029, 0.031]), ["1", "n"]); // up to 0.03, not 0.0015
        assert!(allowed(&[]).is_empty());
    }

    #[test]
    fn a_class_without_a_value_is_not_scored() {
        let points = curve(&LADDER, |n| n);
        assert!(score(&[growth("2^n"), growth("k")], &points).is_empty());
        assert!(score(&[growth("n")], &curve(&[0, 10], |n| n + 1.0)).is_empty());
    }

    #[test]
    fn a_product_is_known_where_both_parameters_vary() {
        let at = |n: i64, capacity: i64| Parameters::new().with("n", n).with("capacity", capacity);
        let cost = |at: Parameters| {
            let cost = growth("n*capacity").evaluate(&at).unwrap() * 3.0;
            (at, cost)
        };
        let product = [growth("n*capacity")];
        // The capacity grows on its own: the product alone explains the cost.
        let free: Vec<_> = [(10, 500), (20, 100), (40, 9000), (80, 700)]
            .map(|(n, c)| cost(at(n, c)))
            .to_vec();
        let set = allowed(&score(&candidates("n", &product, &free), &free));
        assert_eq!(words(&set), ["n capacity"]);
        // It grows like n: the product stands for n^2.
        let tied: Vec<_> = [10, 20, 40, 80].map(|n| cost(at(n, 50 * n))).to_vec();
        let classes = candidates("n", &product, &tied);
        assert_eq!(words(&allowed(&score(&classes, &tied))), ["n capacity"]);
        assert!(!classes.contains(&growth("n^2")));
        // It is held still: nobody can say that the cost grows with it.
        let fixed: Vec<_> = [10, 20, 40, 80].map(|n| cost(at(n, 1000))).to_vec();
        let set = allowed(&score(&candidates("n", &product, &fixed), &fixed));
        assert_eq!(words(&set), ["n"]);
    }

    #[test]
    fn a_bound_is_passed_only_by_what_rises_more() {
        let points = curve(&LADDER, |n| n);
        let above = |class, bound| lies_above(&growth(class), &growth(bound), &points);
        assert_eq!(above("n^2", "n*log(n)"), Some(true));
        assert_eq!(above("n*log(n)", "n*log(n)"), Some(false));
        assert_eq!(above("n", "n*log(n)"), Some(false));
        assert_eq!(above("n", "k"), None);
    }
}
