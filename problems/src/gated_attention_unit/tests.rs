//! What the gate and the squares do, and what the tolerance tells apart.

use vocabulary::CaseId;

use super::{GatedAttentionUnit, Input, Output, references};
use crate::{AnyProblem, Problem, Tensor, Typed};

fn input(name: &str) -> Input {
    let problem = Typed::<GatedAttentionUnit>::new();
    let case: CaseId = problem.resolve(&name.parse().unwrap()).unwrap();
    problem.generate(&case).unwrap()
}

fn right(input: &Input) -> Output {
    let [by_queries, _] = references::both();
    (by_queries.solve)(input)
}

/// Whether an output is accepted, and the ratio of its error.
fn ratio(input: &Input, o: Vec<f64>) -> Result<f64, String> {
    let answer = GatedAttentionUnit::answer(input);
    let output = Output {
        o: Tensor::of(input.r#type, o),
    };
    let checked = GatedAttentionUnit::check(input, &answer, &output);
    let accepted = checked.map_err(|mismatch| mismatch.reason)?;
    Ok(accepted.error_ratio.expect("there is a tolerance"))
}

/// Not cancellation in `f16`: what rounding the inputs moves there is as large as the result.
const CASES: [&str; 7] = [
    "gated_attention_unit/random@n=65,type=f16#0",
    "gated_attention_unit/random@n=130,causal=1#1",
    "gated_attention_unit/large_magnitude@n=33,type=f16,causal=1#0",
    "gated_attention_unit/cancellation@n=64#2",
    "gated_attention_unit/half_range_limits@n=65,type=f16,causal=1#0",
    "gated_attention_unit/one_hot@n=33#0",
    "gated_attention_unit/ragged@n=15#0",
];

#[test]
fn a_rounded_reference_is_well_within_the_tolerance() {
    for name in CASES {
        let input = input(name);
        let found = ratio(&input, right(&input).o.to_f64()).unwrap();
        assert!(found < 0.7, "{name}: {found}");
    }
}

#[test]
fn one_element_that_is_wrong_is_found_wherever_it_is() {
    for name in CASES {
        let input = input(name);
        let (right, width) = (right(&input).o.to_f64(), input.width as usize);
        for place in [0, 1, right.len() / 2, right.len() - 1] {
            let row = place / width;
            let of_row = right[row * width..(row + 1) * width].iter();
            let most = of_row.fold(0.0, |most: f64, value| most.max(value.abs()));
            let mut values = right.clone();
            values[place] += 0.05 * most.max(1e-4);
            let reason = ratio(&input, values).expect_err(name);
            assert!(
                reason.contains(&format!("row {row} of `o`")),
                "{name}: {reason}"
            );
        }
    }
}

#[test]
fn zeros_are_refused_everywhere_but_where_nothing_is_seen() {
    for name in CASES {
        let input = input(name);
        assert!(ratio(&input, vec![0.0; input.u.len()]).is_err(), "{name}");
    }
    let nothing = input("gated_attention_unit/negative@n=33#0");
    assert!(right(&nothing).o.to_f64().iter().all(|value| *value == 0.0));
    assert!(ratio(&nothing, vec![1e-30; nothing.u.len()]).is_err());
}

/// The output of a mistake: `weigh` makes a weight of a score.
fn mistaken(input: &Input, weigh: fn(f64) -> f64) -> Vec<f64> {
    let [q, k, u, v] = input.arrays().map(Tensor::to_f64);
    let (n, size, width) = (input.n as usize, input.size as usize, input.width as usize);
    let mut o = vec![0.0; u.len()];
    for row in 0..input.rows() {
        for key in row / n * n..row / n * n + input.visible(row % n) {
            let terms = (0..size).map(|at| q[row * size + at] * k[key * size + at]);
            let weight = weigh(terms.sum::<f64>() / input.n as f64);
            for at in 0..width {
                o[row * width + at] += weight * u[row * width + at] * v[key * width + at];
            }
        }
    }
    o
}

#[test]
fn squares_of_negative_scores_and_scores_without_squares_are_refused() {
    let input = input("gated_attention_unit/random@n=33,causal=1#0");
    let found = ratio(&input, mistaken(&input, |score| score.max(0.0).powi(2)));
    assert!(found.unwrap() < 0.7);
    assert!(ratio(&input, mistaken(&input, |score| score * score)).is_err());
    assert!(ratio(&input, mistaken(&input, |score| score.max(0.0))).is_err());
}

/// The scores are rounded to `f16` before they are squared.
#[test]
fn narrow_scores_are_refused() {
    let input = input("gated_attention_unit/random@n=130#0");
    let narrow = |score: f64| vocabulary::f16::from_f64(score).to_f64().max(0.0).powi(2);
    assert!(ratio(&input, mistaken(&input, narrow)).is_err());
}

#[test]
fn the_cost_is_that_of_the_pairs() {
    let problem = Typed::<GatedAttentionUnit>::new();
    let cost = |name: &str| {
        let case = problem.resolve(&name.parse().unwrap()).unwrap();
        problem.case(&case).unwrap().cost().unwrap()
    };
    let name = "gated_attention_unit/random@n=10,size=8,width=4,batch=3,type=f16";
    let cost_of_all = cost(&format!("{name}#0"));
    assert_eq!(cost_of_all.operations, 2 * 3 * 100 * (8 + 4));
    assert_eq!(cost_of_all.read_bytes, 3 * 10 * 2 * (8 + 4) * 2);
    assert_eq!(cost_of_all.written_bytes, 3 * 10 * 4 * 2);
    let causal = cost(&format!("{name},causal=1#0"));
    assert_eq!(causal.operations, 2 * 3 * 55 * (8 + 4));
}
