//! The tolerance of linear attention tells right answers from those that cut corners.

use vocabulary::{CaseId, f16};

use super::{Input, LinearAttention, Output, references};
use crate::{AnyProblem, Problem, Tensor, Typed};

fn input(name: &str) -> Input {
    let problem = Typed::<LinearAttention>::new();
    let case: CaseId = problem.resolve(&name.parse().unwrap()).unwrap();
    problem.generate(&case).unwrap()
}

fn right(input: &Input) -> Output {
    let [by_pairs, _] = references::both::<LinearAttention>();
    (by_pairs.solve)(input)
}

/// Whether an output is accepted, and the ratio of its error.
fn ratio(input: &Input, output: &Output) -> Result<f64, String> {
    let answer = LinearAttention::answer(input);
    let accepted =
        LinearAttention::check(input, &answer, output).map_err(|mismatch| mismatch.reason)?;
    Ok(accepted.error_ratio.expect("there is a tolerance"))
}

const CASES: [&str; 7] = [
    "linear_attention/random@n=65,type=f16#0",
    "linear_attention/random@n=130,causal=1#1",
    "linear_attention/large_magnitude@n=33,causal=1#0",
    "linear_attention/one_hot@n=65#0",
    "linear_attention/cancellation@n=64#2",
    "linear_attention/half_range_limits@n=65,type=f16,causal=1#0",
    "linear_attention/ragged@n=15#0",
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
        let output = right(&input);
        for place in [0, 1, output.o.len() / 2, output.o.len() - 1] {
            let mut values = output.o.to_f64();
            values[place] += 0.02
                * values
                    .iter()
                    .fold(0.0, |most: f64, value| most.max(value.abs()));
            let wrong = Output {
                o: Tensor::of(input.r#type, values),
            };
            let reason = ratio(&input, &wrong).expect_err(name);
            let row = place / input.size as usize;
            assert!(
                reason.contains(&format!("row {row} of `o`")),
                "{name}: {reason}"
            );
        }
        let zeros = Output {
            o: Tensor::of(input.r#type, vec![0.0; input.q.len()]),
        };
        assert!(ratio(&input, &zeros).is_err(), "{name}");
    }
}

/// elu(x) + 1.
fn feature(x: f64) -> f64 {
    if x > 0.0 { x + 1.0 } else { x.exp() }
}

/// The definition with running sums that are rounded to `f16` at every step.
fn sums_in_halves(input: &Input) -> Output {
    let (n, size) = (input.n as usize, input.size as usize);
    let mut means = Vec::new();
    for row in 0..input.rows() {
        let first = row / n * n;
        let (mut sum, mut mean) = (f16::ZERO, vec![f16::ZERO; size]);
        for key in first..first + input.visible(row % n) {
            let terms = (0..size).map(|at| {
                feature(input.q.at(row * size + at)) * feature(input.k.at(key * size + at))
            });
            let weight = f16::from_f64(terms.sum::<f64>() / size as f64);
            sum += weight;
            for (at, mean) in mean.iter_mut().enumerate() {
                *mean += weight * f16::from_f64(input.v.at(key * size + at));
            }
        }
        means.extend(mean.iter().map(|mean| mean.to_f64() / sum.to_f64()));
    }
    Output {
        o: Tensor::of(input.r#type, means),
    }
}

#[test]
fn sums_in_halves_are_refused() {
    for name in [
        "linear_attention/random@n=257,type=f16#0",
        "linear_attention/constant@n=257,type=f16#0",
        "linear_attention/large_magnitude@n=65,type=f16#0",
    ] {
        let input = input(name);
        assert!(ratio(&input, &sums_in_halves(&input)).is_err(), "{name}");
    }
}

#[test]
fn the_cost_is_that_of_the_cheaper_way() {
    let problem = Typed::<LinearAttention>::new();
    let cost = |name: &str| {
        let case = problem.resolve(&name.parse().unwrap()).unwrap();
        problem.case(&case).unwrap().cost().unwrap()
    };
    let running = cost("linear_attention/random@n=10,size=8,heads=3,batch=2#0");
    assert_eq!(running.operations, 2 * 3 * 4 * 8 * 8 * 10);
    assert_eq!(running.read_bytes, 3 * 2 * 3 * 10 * 8 * 4);
    assert_eq!(running.written_bytes, 2 * 3 * 10 * 8 * 4);
    let pairs = cost("linear_attention/random@n=10,size=8,causal=1,type=f16#0");
    assert_eq!(pairs.operations, 4 * 8 * 55);
    assert_eq!(pairs.read_bytes, 3 * 10 * 8 * 2);
}
