//! The tolerance of performer attention tells right answers from those that cut corners.

use vocabulary::{CaseId, ElementType, f16};

use super::{Input, Output, PerformerAttention, references};
use crate::{AnyProblem, Problem, Tensor, Typed};

fn input(name: &str) -> Input {
    let problem = Typed::<PerformerAttention>::new();
    let case: CaseId = problem.resolve(&name.parse().unwrap()).unwrap();
    problem.generate(&case).unwrap()
}

fn right(input: &Input) -> Output {
    let [by_pairs, _] = references::both();
    (by_pairs.solve)(input)
}

/// Whether an output is accepted, and the ratio of its error.
fn ratio(input: &Input, output: &Output) -> Result<f64, String> {
    let answer = PerformerAttention::answer(input);
    let accepted =
        PerformerAttention::check(input, &answer, output).map_err(|mismatch| mismatch.reason)?;
    Ok(accepted.error_ratio.expect("there is a tolerance"))
}

const CASES: [&str; 7] = [
    "performer_attention/random@n=65,type=f16#0",
    "performer_attention/random@n=130,features=20,causal=1#1",
    "performer_attention/large_magnitude@n=33,causal=1#0",
    "performer_attention/one_hot@n=65#0",
    "performer_attention/cancellation@n=64#2",
    "performer_attention/half_range_limits@n=65,type=f16,causal=1#0",
    "performer_attention/ragged@n=15#0",
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
            values[place] += 0.05
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

/// With the projection rounded to `f16` although the case is of `f32`.
#[test]
fn a_projection_in_halves_is_refused() {
    for name in [
        "performer_attention/random@n=65#0",
        "performer_attention/large_magnitude@n=65#0",
    ] {
        let input = input(name);
        let narrow = input
            .w
            .to_f64()
            .into_iter()
            .map(|w| f16::from_f64(w).to_f64());
        let rounded = Input {
            w: Tensor::of(ElementType::F32, narrow),
            ..input.clone()
        };
        assert!(ratio(&input, &right(&rounded)).is_err(), "{name}");
    }
}

#[test]
fn the_cost_is_that_of_the_features_and_the_cheaper_way() {
    let problem = Typed::<PerformerAttention>::new();
    let cost = |name: &str| {
        let case = problem.resolve(&name.parse().unwrap()).unwrap();
        problem.case(&case).unwrap().cost().unwrap()
    };
    let running = cost("performer_attention/random@n=100,size=8,features=4,heads=3,batch=2#0");
    assert_eq!(running.operations, 2 * 3 * 2 * (4 * 100 * 4 * 8));
    assert_eq!(running.read_bytes, (3 * 2 * 3 * 100 * 8 + 4 * 8) * 4);
    assert_eq!(running.written_bytes, 2 * 3 * 100 * 8 * 4);
    let pairs = cost("performer_attention/random@n=4,size=8,features=6,causal=1,type=f16#0");
    assert_eq!(pairs.operations, 4 * 4 * 6 * 8 + 2 * 14 * 10);
}
