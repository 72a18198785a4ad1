//! What the norm does, and what the tolerance tells apart.

use vocabulary::f16;

use super::{EPSILON, Input, NormAttention, Output};
use crate::features::{feature, product};
use crate::softmax::testing;
use crate::{AnyProblem, Problem, Tensor, Typed};

fn input(name: &str) -> Input {
    testing::input::<NormAttention>(name)
}

fn right(input: &Input) -> Output {
    let [by_pairs, _] = NormAttention::references();
    (by_pairs.solve)(input)
}

/// Whether an output is accepted, and the ratio of its error.
fn ratio(input: &Input, output: &Output) -> Result<f64, String> {
    let answer = NormAttention::answer(input);
    let checked = NormAttention::check(input, &answer, output);
    let accepted = checked.map_err(|mismatch| mismatch.reason)?;
    Ok(accepted.error_ratio.expect("there is a tolerance"))
}

/// Not cancellation in `f16`: what rounding the inputs moves there is as large as the result.
const CASES: [&str; 7] = [
    "norm_attention/random@n=65,type=f16#0",
    "norm_attention/random@n=130,causal=1#1",
    "norm_attention/large_magnitude@n=33,causal=1#0",
    "norm_attention/cancellation@n=64#2",
    "norm_attention/half_range_limits@n=65,type=f16,causal=1#0",
    "norm_attention/vanishing@n=33#0",
    "norm_attention/ragged@n=15#0",
];

#[test]
fn a_rounded_reference_is_well_within_the_tolerance() {
    for name in CASES {
        let input = input(name);
        let found = ratio(&input, &right(&input)).unwrap();
        assert!(found < 0.7, "{name}: {found}");
    }
}

#[test]
fn one_element_that_is_wrong_is_found_wherever_it_is() {
    for name in CASES {
        let input = input(name);
        let (right, size) = (right(&input).o, input.size as usize);
        for place in [0, 1, right.len() / 2, right.len() - 1] {
            let mut values = right.to_f64();
            let row = place / size;
            let of_row = values[row * size..(row + 1) * size].iter();
            let most = of_row.fold(0.0, |most: f64, value| most.max(value.abs()));
            values[place] += 0.02 * most.max(1e-6);
            let o = Tensor::of(input.r#type, values);
            let reason = ratio(&input, &Output { o }).expect_err(name);
            assert!(
                reason.contains(&format!("row {row} of `o`")),
                "{name}: {reason}"
            );
        }
    }
}

#[test]
fn zeros_are_refused_everywhere() {
    for name in CASES {
        let input = input(name);
        let o = Tensor::of(input.r#type, vec![0.0; input.q.len()]);
        assert!(ratio(&input, &Output { o }).is_err(), "{name}");
    }
}

/// The definition, where it is known how a sum goes on, and what is added to the mean of its squares.
fn with(input: &Input, epsilon: f64, add: fn(f64, f64) -> f64) -> Output {
    let (n, size) = (input.n as usize, input.size as usize);
    let [q, k] = [&input.q, &input.k]
        .map(|tensor| -> Vec<f64> { tensor.to_f64().into_iter().map(feature).collect() });
    let mut all = Vec::new();
    for row in 0..input.rows() {
        let (first, query) = (row / n * n, &q[row * size..(row + 1) * size]);
        let mut sums = vec![0.0; size];
        for key in first..first + input.visible(row % n) {
            let weight = product(query, &k[key * size..(key + 1) * size]);
            for (at, sum) in sums.iter_mut().enumerate() {
                *sum = add(*sum, weight * input.v.at(key * size + at));
            }
        }
        let root = (product(&sums, &sums) / size as f64 + epsilon).sqrt();
        all.extend(sums.into_iter().map(|sum| sum / root));
    }
    Output {
        o: Tensor::of(input.r#type, all),
    }
}

#[test]
fn sums_in_halves_are_refused() {
    let add = |sum: f64, term: f64| f16::from_f64(sum + term).to_f64();
    for name in [
        "norm_attention/random@n=257,type=f16#0",
        "norm_attention/constant@n=257,type=f16#0",
        "norm_attention/large_magnitude@n=65,type=f16#0",
    ] {
        let input = input(name);
        assert!(
            ratio(&input, &with(&input, EPSILON, add)).is_err(),
            "{name}"
        );
    }
}

#[test]
fn without_epsilon_a_vanishing_sum_becomes_what_is_refused() {
    let input = input("norm_attention/vanishing@n=33#0");
    let add = |sum: f64, term: f64| sum + term;
    assert!(ratio(&input, &with(&input, EPSILON, add)).unwrap() < 0.7);
    let reason = ratio(&input, &with(&input, 0.0, add)).unwrap_err();
    let every_fourth = (0..33).step_by(4);
    let mut rows = every_fourth.map(|row| format!("of row {row} of `o`"));
    assert!(rows.any(|row| reason.contains(&row)), "{reason}");
}

#[test]
fn rows_have_a_mean_square_of_1_but_where_epsilon_outweighs_the_sum() {
    let squares = |name: &str| -> Vec<f64> {
        let input = input(name);
        let o = right(&input).o.to_f64();
        let rows = o.chunks(input.size as usize);
        rows.map(|row| product(row, row) / row.len() as f64)
            .collect()
    };
    for square in squares("norm_attention/random@n=33#0") {
        assert!((square - 1.0).abs() < 1e-5, "{square}");
    }
    let vanishing = squares("norm_attention/vanishing@n=33#0");
    assert!(vanishing.iter().step_by(4).all(|square| *square < 0.1));
}

#[test]
fn features_are_positive_and_meet_in_0() {
    for value in [-80.0, -1.0, -0.0, 0.0, 0.5, 1024.0] {
        assert!(
            feature(value) > 0.0 && feature(value as f32) > 0.0,
            "{value}"
        );
    }
    assert_eq!((feature(0.0), feature(-0.0), feature(2.0)), (1.0, 1.0, 3.0));
    assert!((feature(1e-9) - feature(-1e-9) - 2e-9_f64).abs() < 1e-15);
}

#[test]
fn the_cost_is_that_of_the_cheaper_way() {
    let problem = Typed::<NormAttention>::new();
    let cost = |name: &str| {
        let case = problem.resolve(&name.parse().unwrap()).unwrap();
        problem.case(&case).unwrap().cost().unwrap()
    };
    let running = cost("norm_attention/random@n=10,size=8,heads=3,batch=2,type=f16#0");
    assert_eq!(running.operations, 4 * 2 * 3 * 10 * 8 * 8);
    assert_eq!(running.read_bytes, 3 * 2 * 3 * 10 * 8 * 2);
    assert_eq!(running.written_bytes, 2 * 3 * 10 * 8 * 2);
    let pairs = cost("norm_attention/random@n=10,size=8,causal=1#0");
    assert_eq!(pairs.operations, 4 * 8 * 55);
}
