//! The tolerance of attention tells right answers from those that cut corners.

use vocabulary::{CaseId, ElementType, f16};

use super::{Attention, Input, Output};
use crate::{AnyProblem, Problem, Tensor, Typed};

fn input(name: &str) -> Input {
    let problem = Typed::<Attention>::new();
    let case: CaseId = problem.resolve(&name.parse().unwrap()).unwrap();
    problem.generate(&case).unwrap()
}

fn right(input: &Input) -> Output {
    let [materialised, _] = Attention::references();
    (materialised.solve)(input)
}

/// Whether an output is accepted, and the ratio of its error.
fn ratio(input: &Input, output: &Output) -> Result<f64, String> {
    let answer = Attention::answer(input);
    let accepted = Attention::check(input, &answer, output).map_err(|mismatch| mismatch.reason)?;
    Ok(accepted.error_ratio.expect("there is a tolerance"))
}

/// Not cancellation in `f16`: what rounding the inputs moves there is as large as the result.
const CASES: [&str; 6] = [
    "attention/random@n=65,type=f16#0",
    "attention/random@n=130,causal=1#1",
    "attention/large_magnitude@n=33#0",
    "attention/cancellation@n=64#2",
    "attention/half_range_limits@n=65,type=f16,causal=1#0",
    "attention/ragged@n=15#0",
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
                ..output.clone()
            };
            let found = ratio(&input, &wrong);
            let reason = found.expect_err(&format!("{name}: element {place}"));
            let row = place / input.size as usize;
            assert!(
                reason.contains(&format!("row {row} of `o`")),
                "{name}: {reason}"
            );
        }
        let mut sums = output.logsumexp.to_f64();
        sums[input.rows() - 1] += 0.1;
        let wrong = Output {
            logsumexp: Tensor::of(ElementType::F32, sums),
            ..output
        };
        let reason = ratio(&input, &wrong).expect_err(name);
        assert!(reason.contains("`logsumexp`"), "{name}: {reason}");
    }
}

#[test]
fn zeros_are_refused_everywhere() {
    for name in CASES {
        let input = input(name);
        let output = right(&input);
        let zeros = Output {
            o: Tensor::of(input.r#type, vec![0.0; input.q.len()]),
            ..output
        };
        assert!(ratio(&input, &zeros).is_err(), "{name}");
    }
}

/// Attention whose sums are rounded to `f16` at every step.
fn in_halves(input: &Input) -> Output {
    let (n, size) = (input.n as usize, input.size as usize);
    let half = |tensor: &Tensor| {
        tensor
            .to_f64()
            .into_iter()
            .map(f16::from_f64)
            .collect::<Vec<_>>()
    };
    let (q, k, v) = (half(&input.q), half(&input.k), half(&input.v));
    let (mut means, mut sums) = (Vec::new(), Vec::new());
    for row in 0..input.rows() {
        let first = row / n * n;
        let keys = first..first + input.visible(row % n);
        let scores = keys.clone().map(|key| {
            let mut score = f16::ZERO;
            for at in 0..size {
                score += q[row * size + at] * k[key * size + at];
            }
            score.to_f64() * input.scale()
        });
        let scores: Vec<f64> = scores.collect();
        let greatest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let (mut sum, mut mean) = (f16::ZERO, vec![f16::ZERO; size]);
        for (score, key) in scores.iter().zip(keys) {
            let weight = f16::from_f64((score - greatest).exp());
            sum += weight;
            for (at, mean) in mean.iter_mut().enumerate() {
                *mean += weight * v[key * size + at];
            }
        }
        means.extend(mean.iter().map(|mean| mean.to_f64() / sum.to_f64()));
        sums.push(greatest + sum.to_f64().ln());
    }
    Output {
        o: Tensor::of(ElementType::F16, means),
        logsumexp: Tensor::of(ElementType::F32, sums),
    }
}

#[test]
fn sums_in_halves_are_refused() {
    for name in [
        "attention/random@n=257,type=f16#0",
        "attention/constant@n=257,type=f16#0",
        "attention/large_magnitude@n=65,type=f16#0",
    ] {
        let input = input(name);
        assert!(ratio(&input, &in_halves(&input)).is_err(), "{name}");
    }
}

#[test]
fn the_cost_is_that_of_the_definition() {
    let problem = Typed::<Attention>::new();
    let cost = |name: &str| {
        let case = problem.resolve(&name.parse().unwrap()).unwrap();
        problem.case(&case).unwrap().cost().unwrap()
    };
    let whole = cost("attention/random@n=10,size=8,heads=3,batch=2#0");
    assert_eq!(whole.operations, 2 * 3 * 4 * 8 * 10 * 10);
    assert_eq!(whole.read_bytes, 3 * 2 * 3 * 10 * 8 * 4);
    assert_eq!(whole.written_bytes, 2 * 3 * 10 * (8 + 1) * 4);
    let causal = cost("attention/random@n=10,size=8,causal=1,type=f16#0");
    assert_eq!(causal.operations, 4 * 8 * 55);
    assert_eq!(causal.read_bytes, 3 * 10 * 8 * 2);
    assert_eq!(causal.written_bytes, 10 * 8 * 2 + 10 * 4);
}
