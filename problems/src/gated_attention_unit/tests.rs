//! What the gate and the squares do, and what the tolerance tells apart.

use super::{GatedAttentionUnit, Input};
use crate::gated::{Gated, Shape, testing};
use crate::softmax::testing::input;
use crate::{AnyProblem, Tensor, Typed};

type Unit = GatedAttentionUnit;

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
    testing::takes_references::<Unit>(&CASES);
}

#[test]
fn one_element_that_is_wrong_is_found_wherever_it_is_and_zeros_are() {
    testing::finds_what_is_wrong::<Unit>(&CASES);
}

#[test]
fn zeros_are_right_where_nothing_is_seen() {
    let nothing = input::<Unit>("gated_attention_unit/negative@n=33#0");
    let right = testing::right::<Unit>(&nothing).o.to_f64();
    assert!(right.iter().all(|value| *value == 0.0));
    assert!(testing::ratio::<Unit>(&nothing, vec![1e-30; right.len()]).is_err());
}

/// The output of a mistake: `weigh` makes a weight of a score.
fn mistaken(input: &Input, weigh: fn(f64) -> f64) -> Vec<f64> {
    let [q, k, u, v] = [&input.q, &input.k, &input.u, &input.v].map(Tensor::to_f64);
    let Shape { n, size, width, .. } = input.shape();
    let mut o = vec![0.0; u.len()];
    for row in 0..input.shape().rows() {
        for key in input.shape().near(row) {
            let terms = (0..size).map(|at| q[row * size + at] * k[key * size + at]);
            let weight = weigh(terms.sum::<f64>() / n as f64);
            for at in 0..width {
                o[row * width + at] += weight * u[row * width + at] * v[key * width + at];
            }
        }
    }
    o
}

#[test]
fn squares_of_negative_scores_and_scores_without_squares_are_refused() {
    let input = input::<Unit>("gated_attention_unit/random@n=33,causal=1#0");
    let found = testing::ratio::<Unit>(&input, mistaken(&input, |score| score.max(0.0).powi(2)));
    assert!(found.unwrap() < 0.7);
    assert!(testing::ratio::<Unit>(&input, mistaken(&input, |score| score * score)).is_err());
    assert!(testing::ratio::<Unit>(&input, mistaken(&input, |score| score.max(0.0))).is_err());
}

/// The scores are rounded to `f16` before they are squared.
#[test]
fn narrow_scores_are_refused() {
    let input = input::<Unit>("gated_attention_unit/random@n=130#0");
    let narrow = |score: f64| vocabulary::f16::from_f64(score).to_f64().max(0.0).powi(2);
    assert!(testing::ratio::<Unit>(&input, mistaken(&input, narrow)).is_err());
}

#[test]
fn the_cost_is_that_of_the_pairs() {
    let problem = Typed::<Unit>::new();
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
