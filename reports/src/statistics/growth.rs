//! Which growth classes a curve allows.
//!
//! The answer is a *set*: all classes whose score is within some times the best, or within a floor below which scores are noise.
//!
//! ```text
//! times   ln(t / f(n)) scatters by this much     where f is the growth of t, what is left is a constant and noise. A second term
//!                                                would take the bend of caches for one
//! counts  t = a f(n) + b g(n), relative          there is neither noise nor a cache: what is left of f is a term of lower order,
//!                                                g, one of the slower classes: more (n log n + n) or less (n (n - 1) / 2)
//! ```

use vocabulary::{Growth, Parameters};

use super::standard_deviation;

/// How classes are scored, and which scores allow one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// A class is allowed up to this many times the best score.
    pub tolerance: f64,
    /// Scores below this are noise, and count as this much.
    pub floor: f64,
    /// Whether costs are exact, so that what a class leaves is a term of lower order.
    pub is_exact: bool,
}

impl Rule {
    /// For times.
    pub const OF_TIMES: Rule = Rule {
        tolerance: 1.5,
        floor: 0.02,
        is_exact: false,
    };

    /// For counts. Blocks and warps make steps, which no class has: the tolerance is wider.
    pub const OF_COUNTS: Rule = Rule {
        tolerance: 2.0,
        floor: 0.005,
        is_exact: true,
    };
}

/// A class is one only if its term is this much of the greatest cost: else the term of lower order is what grows.
const LEAST_SHARE: f64 = 0.1;

/// What is taken off a class is at most this much of it, at any size: n (n - 1) / 2 of two is half of n^2 / 2.
const MOST_LESS: f64 = 0.5;

/// Two growths with less between them than this are the same on the points at hand: rounding, no difference.
const SAME: f64 = 1e-9;

/// A class, and how far the points are from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// The class.
    pub growth: Growth,
    /// The term of lower order beside it, and its coefficient where that of the class is 1.
    pub lower: Option<(Growth, f64)>,
    /// Standard deviation of what is left, relative: 0.05 is about 5%.
    pub deviation: f64,
}

impl Scored {
    /// The class with its term of lower order, up to a factor.
    pub fn evaluate(&self, at: &Parameters) -> Option<f64> {
        let lower = match &self.lower {
            Some((growth, coefficient)) => coefficient * growth.evaluate(at)?,
            None => 0.0,
        };
        Some(self.growth.evaluate(at)? + lower)
    }
}

impl Rule {
    /// Scores every class that has a value on all points, in the order given: from the slowest growth to the fastest. Fewer than two
    /// points score nothing.
    pub fn score(&self, classes: &[Growth], points: &[(Parameters, f64)]) -> Vec<Scored> {
        if self.is_exact {
            return score_exact(classes, points);
        }
        let scored = classes.iter().filter_map(|growth| {
            Some(Scored {
                growth: growth.clone(),
                lower: None,
                deviation: standard_deviation(&residuals(growth, points)?)?,
            })
        });
        scored.collect()
    }

    /// The classes within the tolerance of the best score, or of the floor, in the order given.
    pub fn allowed(&self, scored: &[Scored]) -> Vec<Growth> {
        let deviations = scored.iter().map(|class| class.deviation);
        let Some(best) = deviations.min_by(f64::total_cmp) else {
            return Vec::new();
        };
        let most = self.tolerance * best.max(self.floor);
        let within = scored.iter().filter(|class| class.deviation <= most);
        within.map(|class| class.growth.clone()).collect()
    }
}

/// Each class alone and with each slower one, whichever leaves less.
fn score_exact(classes: &[Growth], points: &[(Parameters, f64)]) -> Vec<Scored> {
    let columns: Vec<Option<Vec<f64>>> = classes
        .iter()
        .map(|growth| column(growth, points))
        .collect();
    let score = |(place, column): (usize, &Option<Vec<f64>>)| {
        let leading = column.as_ref()?;
        let alone = one_term(leading).map(|deviation| (None, deviation));
        let slower = columns[..place].iter().enumerate();
        let both = slower.filter_map(|(lower, column)| {
            let (ratio, deviation) = two_terms(leading, column.as_ref()?)?;
            Some((Some((classes[lower].clone(), ratio)), deviation))
        });
        let best = alone
            .into_iter()
            .chain(both)
            .min_by(|a, b| a.1.total_cmp(&b.1));
        best.map(|(lower, deviation)| Scored {
            growth: classes[place].clone(),
            lower,
            deviation,
        })
    };
    columns.iter().enumerate().filter_map(score).collect()
}

/// f / t at every point, each positive and finite.
fn column(growth: &Growth, points: &[(Parameters, f64)]) -> Option<Vec<f64>> {
    let value = |(at, cost): &(Parameters, f64)| {
        let value = growth.evaluate(at)? / cost;
        (value.is_finite() && value > 0.0).then_some(value)
    };
    points.iter().map(value).collect()
}

fn product(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// What the best a leaves of a f / t = 1.
fn one_term(leading: &[f64]) -> Option<f64> {
    let a = leading.iter().sum::<f64>() / product(leading, leading);
    left(leading.iter().map(|f| a * f), 1)
}

/// The best b / a of a f / t + b g / t = 1, and what it leaves. `None` if f is next to nothing, or g takes too much off.
fn two_terms(leading: &[f64], lower: &[f64]) -> Option<(f64, f64)> {
    let (ff, fg, gg) = (
        product(leading, leading),
        product(leading, lower),
        product(lower, lower),
    );
    let (f, g) = (leading.iter().sum::<f64>(), lower.iter().sum::<f64>());
    let determinant = ff * gg - fg * fg;
    let (a, b) = (
        (f * gg - g * fg) / determinant,
        (g * ff - f * fg) / determinant,
    );
    let is_leading = a * leading.last()? >= LEAST_SHARE;
    let mut sizes = leading.iter().zip(lower);
    let keeps = sizes.all(|(f, g)| b * g >= -MOST_LESS * a * f);
    if !(is_leading && keeps && determinant > SAME * ff * gg) {
        return None;
    }
    let fitted = leading.iter().zip(lower).map(|(f, g)| a * f + b * g);
    Some((b / a, left(fitted, 2)?))
}

/// The standard deviation of what shares lack of 1, less a degree of freedom for each term that was fitted.
fn left(shares: impl ExactSizeIterator<Item = f64>, terms: usize) -> Option<f64> {
    let degrees = shares.len().checked_sub(terms)?;
    let squares: f64 = shares.map(|share| (share - 1.0).powi(2)).sum();
    (degrees > 0).then(|| (squares / degrees as f64).sqrt())
}

/// The classes to hold a curve against, from the slowest growth over these points to the fastest: those over the axis,
/// and those beside them (`n*capacity`, `n*log(n)*log(n)`).
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

    fn of_times(classes: &[Growth], points: &[(Parameters, f64)]) -> Vec<Growth> {
        Rule::OF_TIMES.allowed(&Rule::OF_TIMES.score(classes, points))
    }

    fn of_counts(points: &[(Parameters, f64)]) -> Vec<String> {
        let rule = Rule::OF_COUNTS;
        words(&rule.allowed(&rule.score(&candidates("n", &[], points), points)))
    }

    const LADDER: [i64; 7] = [1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000];

    #[test]
    fn the_score_is_the_standard_deviation_of_the_log_residual() {
        // t = n at 1, 2, 4. In units of ln 2, ln t = 0 1 2. Against n nothing is left. Against 1 all is left: standard
        // deviation 1, which is ln 2. Against n^2 there is left 0 -1 -2: ln 2 again. Against sqrt n 0 1/2 1: ln 2 / 2.
        let points = curve(&[1, 2, 4], |n| n);
        let classes = ["1", "sqrt(n)", "n", "n^2"].map(growth);
        let scored = Rule::OF_TIMES.score(&classes, &points);
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
            let set = of_times(&candidates("n", &[], &points), &points);
            assert_eq!(words(&set), [class.in_words()]);
            assert_eq!(of_counts(&points), [class.in_words()]);
        }
    }

    #[test]
    fn what_a_class_leaves_of_counts_is_worked_out_by_hand() {
        // t = 1, 2 against a: the shares 1 and 1/2 of a are nearest to 1 for a = (1 + 1/2) / (1 + 1/4) = 1.2. What is left is 0.2
        // and -0.4, of one degree of freedom: sqrt(0.04 + 0.16).
        let scored = Rule::OF_COUNTS.score(&[growth("1")], &curve(&[1, 2], |n| n));
        assert_near(scored[0].deviation, 0.2_f64.sqrt());
        // t = 2 n + 10 is n with 5 beside it, and nothing is left.
        let points = curve(&[1, 2, 4], |n| 2.0 * n + 10.0);
        let scored = Rule::OF_COUNTS.score(&["1", "n"].map(growth), &points);
        let (lower, coefficient) = scored[1].lower.clone().unwrap();
        assert_eq!((lower, scored[1].deviation < 1e-9), (growth("1"), true));
        assert_near(coefficient, 5.0);
        let at = Parameters::new().with("n", 3);
        assert_near(scored[1].evaluate(&at).unwrap(), 8.0);
    }

    #[test]
    fn a_term_of_lower_order_hides_no_class_of_counts() {
        // A tree of 2^19 nodes takes half of its instructions for each node, whatever its depth.
        let points = curve(&LADDER, |n| n * (n.ln() + 12.0));
        let classes = candidates("n", &[], &points);
        assert_eq!(words(&of_times(&classes, &points)), ["n", "n log n"]);
        assert_eq!(of_counts(&points), ["n log n"]);
    }

    #[test]
    fn a_term_of_lower_order_may_take_off() {
        // Items of a knapsack, of which the few of a small case happen to weigh more. With classes that only add, n log n is nearest.
        let counts = [
            1_910_410.0,
            3_992_886.0,
            8_346_242.0,
            16_898_557.0,
            34_182_188.0,
            68_534_441.0,
        ];
        let points = curve(&[64, 128, 256, 512, 1024, 2048], |n| {
            counts[n.log2() as usize - 6]
        });
        assert_eq!(of_counts(&points), ["n"]);
        let pairs = curve(&[2, 4, 8, 16, 32, 64], |n| n * (n - 1.0) / 2.0);
        assert_eq!(of_counts(&pairs), ["n^2"]);
    }

    #[test]
    fn a_term_of_next_to_nothing_is_no_class() {
        let points = curve(&LADDER, |n| n * (1.0 + 0.001 * n.ln()));
        assert_eq!(of_counts(&points), ["n"]);
    }

    #[test]
    fn a_kernel_whose_blocks_fill_one_after_the_other_is_not_told_to_be_what_it_is_not() {
        // Warp instructions of van Herk's blocks: nearly the same until a block is full, linear from there on. By their logarithms they
        // are nearest to the root of n.
        let counts = [
            16_539.0, 16_729.0, 16_993.0, 17_377.0, 18_083.0, 25_674.0, 40_647.0, 71_020.0,
            131_319.0, 252_354.0, 494_002.0,
        ];
        let sizes: Vec<i64> = (6..17).map(|exponent| 1 << exponent).collect();
        let points = curve(&sizes, |n| counts[n.log2() as usize - 6]);
        let classes = candidates("n", &[], &points);
        assert_eq!(words(&of_times(&classes, &points)), ["sqrt n"]);
        assert_eq!(of_counts(&points), ["n", "n log n"]);
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
        let set = of_times(&candidates("n", &[], &points), &points);
        assert_eq!(words(&set), ["n", "n log n"]);
    }

    #[test]
    fn the_set_is_cut_at_one_and_a_half_times_the_best_or_the_floor() {
        let scored = |deviations: [f64; 3]| {
            let classes = ["1", "n", "n^2"].map(growth).into_iter().zip(deviations);
            let scored = classes.map(|(growth, deviation)| Scored {
                growth,
                lower: None,
                deviation,
            });
            words(&Rule::OF_TIMES.allowed(&scored.collect::<Vec<_>>()))
        };
        assert_eq!(scored([0.16, 0.10, 0.14]), ["n", "n^2"]); // up to 0.15
        assert_eq!(scored([0.001, 0.029, 0.031]), ["1", "n"]); // up to 0.03, not 0.0015
        assert!(Rule::OF_TIMES.allowed(&[]).is_empty());
    }

    #[test]
    fn a_class_without_a_value_is_not_scored() {
        let points = curve(&LADDER, |n| n);
        for rule in [Rule::OF_TIMES, Rule::OF_COUNTS] {
            assert!(
                rule.score(&[growth("2^n"), growth("k")], &points)
                    .is_empty()
            );
            let from_zero = curve(&[0, 10], |n| n + 1.0);
            assert!(rule.score(&[growth("n")], &from_zero).is_empty());
        }
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
        let set = of_times(&candidates("n", &product, &free), &free);
        assert_eq!(words(&set), ["n capacity"]);
        // It grows like n: the product stands for n^2.
        let tied: Vec<_> = [10, 20, 40, 80].map(|n| cost(at(n, 50 * n))).to_vec();
        let classes = candidates("n", &product, &tied);
        assert_eq!(words(&of_times(&classes, &tied)), ["n capacity"]);
        assert!(!classes.contains(&growth("n^2")));
        // It is held still: nobody can say that the cost grows with it.
        let fixed: Vec<_> = [10, 20, 40, 80].map(|n| cost(at(n, 1000))).to_vec();
        let set = of_times(&candidates("n", &product, &fixed), &fixed);
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
