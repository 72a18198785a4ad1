//! What is inside and what is across chunks, and what the tolerance tells apart.

use vocabulary::f16;

use super::{GatedAttentionMixedChunk, Input};
use crate::gated::{Gated, Shape, testing};
use crate::softmax::testing::input;
use crate::{AnyProblem, Tensor, Typed};

type Mixed = GatedAttentionMixedChunk;

/// Not cancellation in `f16`: what rounding the inputs moves there is as large as the result.
const CASES: [&str; 8] = [
    "gated_attention_mixed_chunk/random@n=65,chunk=16,type=f16#0",
    "gated_attention_mixed_chunk/random@n=130,causal=1#1",
    "gated_attention_mixed_chunk/large_magnitude@n=33,chunk=8,type=f16,causal=1#0",
    "gated_attention_mixed_chunk/cancellation@n=64,chunk=32#2",
    "gated_attention_mixed_chunk/half_range_limits@n=65,type=f16,causal=1#0",
    "gated_attention_mixed_chunk/one_hot@n=33,chunk=8#0",
    "gated_attention_mixed_chunk/negative@n=33,chunk=8#0",
    "gated_attention_mixed_chunk/ragged@n=15#0",
];

#[test]
fn a_rounded_reference_is_well_within_the_tolerance() {
    testing::takes_references::<Mixed>(&CASES);
}

#[test]
fn one_element_that_is_wrong_is_found_wherever_it_is_and_zeros_are() {
    testing::finds_what_is_wrong::<Mixed>(&CASES);
}

#[test]
fn a_query_sees_its_chunk_and_what_is_before_it_or_all() {
    let sights = |name: &str, row| {
        let input = input::<Mixed>(name);
        (input.near(row), input.far(row))
    };
    let all = "gated_attention_mixed_chunk/random@n=10,chunk=4,batch=2";
    assert_eq!(sights(&format!("{all}#0"), 5), (4..8, 0..10));
    assert_eq!(sights(&format!("{all}#0"), 19), (18..20, 10..20));
    let causal = format!("{all},causal=1#0");
    assert_eq!(sights(&causal, 0), (0..1, 0..0));
    assert_eq!(sights(&causal, 5), (4..6, 0..4));
    assert_eq!(sights(&causal, 19), (18..20, 10..18));
}

/// The output of a mistake: `weigh` makes a weight of a place, of the products of its linear and quadratic queries and of where a key is.
fn mistaken(input: &Input, weigh: impl Fn(&Shape, usize, usize, [f64; 2]) -> f64) -> Vec<f64> {
    let arrays: Vec<_> = input.arrays().into_iter().map(Tensor::to_f64).collect();
    let [quadratic_q, quadratic_k, linear_q, linear_k, u, v] = &arrays[..] else {
        unreachable!("all arrays");
    };
    let shape = input.shape();
    let Shape { n, size, width, .. } = shape;
    let mut o = vec![0.0; u.len()];
    for row in 0..shape.rows() {
        for key in row / n * n..(row / n + 1) * n {
            let product = |q: &[f64], k: &[f64]| -> f64 {
                let terms = (0..size).map(|at| q[row * size + at] * k[key * size + at]);
                terms.sum()
            };
            let products = [
                product(quadratic_q, quadratic_k),
                product(linear_q, linear_k),
            ];
            let weight = weigh(&shape, row, key, products);
            for at in 0..width {
                o[row * width + at] += weight * u[row * width + at] * v[key * width + at];
            }
        }
    }
    o
}

/// The weight of the definition, of which one step may be another.
fn weight(shape: &Shape, row: usize, key: usize, [quadratic, linear]: [f64; 2]) -> f64 {
    let mut weight = 0.0;
    if shape.near(row).contains(&key) {
        weight += (quadratic / shape.chunk as f64).max(0.0).powi(2);
    }
    if shape.far(row).contains(&key) {
        weight += linear / shape.n as f64;
    }
    weight
}

#[test]
fn what_is_across_chunks_does_not_see_its_own_under_a_mask() {
    let input = input::<Mixed>("gated_attention_mixed_chunk/random@n=33,chunk=8,causal=1#0");
    let found = testing::ratio::<Mixed>(&input, mistaken(&input, weight));
    assert!(found.unwrap() < 0.7);
    let own_too = mistaken(&input, |shape, row, key, products| {
        let is_near = shape.near(row).contains(&key);
        let more = if is_near {
            products[1] / shape.n as f64
        } else {
            0.0
        };
        weight(shape, row, key, products) + more
    });
    assert!(testing::ratio::<Mixed>(&input, own_too).is_err());
}

/// The score in the last chunk is divided by its own length; weights across chunks are rectified, or rounded to `f16`.
#[test]
fn other_divisors_signs_and_narrow_weights_are_refused() {
    let input = input::<Mixed>("gated_attention_mixed_chunk/random@n=67,chunk=16#0");
    let by_own_length = mistaken(&input, |shape, row, key, [quadratic, linear]| {
        let share = shape.chunk as f64 / shape.near(row).len() as f64;
        weight(shape, row, key, [quadratic * share, linear])
    });
    assert!(testing::ratio::<Mixed>(&input, by_own_length).is_err());
    let rectified = mistaken(&input, |shape, row, key, [quadratic, linear]| {
        weight(shape, row, key, [quadratic, linear.max(0.0)])
    });
    assert!(testing::ratio::<Mixed>(&input, rectified).is_err());
    let narrow = mistaken(&input, |shape, row, key, products| {
        f16::from_f64(weight(shape, row, key, products)).to_f64()
    });
    assert!(testing::ratio::<Mixed>(&input, narrow).is_err());
}

#[test]
fn the_cost_is_that_of_chunks_and_of_the_cheaper_way_across() {
    let problem = Typed::<Mixed>::new();
    let cost = |parameters: &str| {
        let name = format!("gated_attention_mixed_chunk/random@{parameters}#0");
        let case = problem.resolve(&name.parse().unwrap()).unwrap();
        problem.case(&case).unwrap().cost().unwrap()
    };
    // Chunks of 4, 4 and 2 places: 36 pairs in chunks, 100 in all.
    let pairs = cost("n=10,chunk=4,size=8,width=16,batch=3,type=f16");
    assert_eq!(
        pairs.operations,
        2 * 3 * (8 + 16) * 36 + 2 * 3 * (8 + 16) * 100
    );
    assert_eq!(pairs.read_bytes, 3 * 10 * (4 * 8 + 2 * 16) * 2);
    assert_eq!(pairs.written_bytes, 3 * 10 * 16 * 2);
    let causal = cost("n=10,chunk=4,size=8,width=16,causal=1");
    assert_eq!(
        causal.operations,
        2 * (8 + 16) * (10 + 10 + 3) + 2 * (8 + 16) * 32
    );
    let states = cost("n=10,chunk=4,size=2,width=3");
    assert_eq!(states.operations, 2 * (2 + 3) * 36 + 2 * 10 * 2 * 2 * 3);
}
