//! The tolerance of diagonal attention tells right answers from those that cut corners.

use vocabulary::{CaseId, f16};

use super::{DiagonalAttention, Input, Output};
use crate::{AnyProblem, Problem, Tensor, Typed};

fn input(name: &str) -> Input {
    let problem = Typed::<DiagonalAttention>::new();
    let case: CaseId = problem.resolve(&name.parse().unwrap()).unwrap();
    problem.generate(&case).unwrap()
}

fn right(input: &Input) -> Output {
    let [materialised, _] = DiagonalAttention::references();
    (materialised.solve)(input)
}

/// Whether an output is accepted, and the ratio of its error.
fn ratio(input: &Input, output: &Output) -> Result<f64, String> {
    let answer = DiagonalAttention::answer(input);
    let accepted =
        DiagonalAttention::check(input, &answer, output).map_err(|mismatch| mismatch.reason)?;
    Ok(accepted.error_ratio.expect("there is a tolerance"))
}

const CASES: [&str; 7] = [
    "diagonal_attention/random@n=65,type=f16#0",
    "diagonal_attention/random@n=130,block=32,causal=1#1",
    "diagonal_attention/large_magnitude@n=33,block=10#0",
    "diagonal_attention/last_alone@n=65#0",
    "diagonal_attention/cancellation@n=64#2",
    "diagonal_attention/half_range_limits@n=65,type=f16,causal=1#0",
    "diagonal_attention/ragged@n=15#0",
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

/// Diagonal attention whose weights and sums are rounded to `f16` at every step.
fn sums_in_halves(input: &Input) -> Output {
    let size = input.size as usize;
    let mut means = Vec::new();
    for row in 0..input.rows() {
        let scores = input.seen(row).map(|key| {
            let terms =
                (0..size).map(|at| input.q.at(row * size + at) * input.k.at(key * size + at));
            input.scale() * terms.sum::<f64>()
        });
        let scores: Vec<f64> = scores.collect();
        let greatest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let (mut sum, mut mean) = (f16::ZERO, vec![f16::ZERO; size]);
        for (score, key) in scores.iter().zip(input.seen(row)) {
            let weight = f16::from_f64((score - greatest).exp());
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
        "diagonal_attention/random@n=257,block=257,type=f16#0",
        "diagonal_attention/constant@n=257,block=257,type=f16#0",
    ] {
        let input = input(name);
        assert!(ratio(&input, &sums_in_halves(&input)).is_err(), "{name}");
    }
}

#[test]
fn the_cost_is_that_of_the_pairs_in_blocks() {
    let problem = Typed::<DiagonalAttention>::new();
    let cost = |name: &str| {
        let case = problem.resolve(&name.parse().unwrap()).unwrap();
        problem.case(&case).unwrap().cost().unwrap()
    };
    let whole = cost("diagonal_attention/random@n=10,block=4,size=8,heads=3,batch=2#0");
    assert_eq!(whole.operations, 2 * 3 * 4 * 8 * (16 + 16 + 4));
    assert_eq!(whole.read_bytes, 3 * 2 * 3 * 10 * 8 * 4);
    assert_eq!(whole.written_bytes, 2 * 3 * 10 * 8 * 4);
    let causal = cost("diagonal_attention/random@n=11,block=4,size=8,causal=1,type=f16#0");
    assert_eq!(causal.operations, 4 * 8 * (10 + 10 + 6));
    assert_eq!(causal.read_bytes, 3 * 11 * 8 * 2);
}
