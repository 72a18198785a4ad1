//! That the gradients are those of attention with a norm, that they stay bounded, and what the tolerance tells apart.

use vocabulary::f16;

use super::{Input, NormAttentionGradient, Output};
use crate::features::{add, features, product};
use crate::generators::are_normal;
use crate::norm_attention::EPSILON;
use crate::softmax::testing;
use crate::{AnyProblem, Problem, Tensor, Typed};

fn input(name: &str) -> Input {
    testing::input::<NormAttentionGradient>(name)
}

fn right(input: &Input) -> Output {
    let [_, by_pairs] = NormAttentionGradient::references();
    (by_pairs.solve)(input)
}

/// Whether an output is accepted, and the ratio of its error.
fn ratio(input: &Input, output: &Output) -> Result<f64, String> {
    let answer = NormAttentionGradient::answer(input);
    let checked = NormAttentionGradient::check(input, &answer, output);
    let accepted = checked.map_err(|mismatch| mismatch.reason)?;
    Ok(accepted.error_ratio.expect("there is a tolerance"))
}

/// An array of an output.
type Field = fn(&mut Output) -> &mut Tensor;

const FIELDS: [(&str, Field); 3] = [
    ("`dq`", |output| &mut output.dq),
    ("`dk`", |output| &mut output.dk),
    ("`dv`", |output| &mut output.dv),
];

const CASES: [&str; 6] = [
    "norm_attention_gradient/random@n=65,type=f16#0",
    "norm_attention_gradient/random@n=130,causal=1#1",
    "norm_attention_gradient/large_magnitude@n=33,causal=1#0",
    "norm_attention_gradient/half_range_limits@n=65,type=f16,causal=1#0",
    "norm_attention_gradient/vanishing@n=33#0",
    "norm_attention_gradient/ragged@n=15#0",
];

/// Where all keys that a query gives weight to are alike, its gradient is nothing but rounding: the gradient of a sum is at a right
/// angle to the sum. Those of values are not.
const CASES_OF_VALUES: [&str; 4] = [
    "norm_attention_gradient/constant@n=65,causal=1#0",
    "norm_attention_gradient/length_one@n=1,type=f16#0",
    "norm_attention_gradient/one_hot@n=64,causal=1#2",
    "norm_attention_gradient/cancellation@n=64#2",
];

/// All cases with the arrays that are more than rounding.
fn cases_and_fields() -> impl Iterator<Item = (&'static str, &'static [(&'static str, Field)])> {
    let whole = CASES.iter().map(|name| (*name, &FIELDS[..]));
    whole.chain(CASES_OF_VALUES.iter().map(|name| (*name, &FIELDS[2..])))
}

#[test]
fn a_rounded_reference_is_well_within_the_tolerance() {
    for (name, _) in cases_and_fields() {
        let input = input(name);
        let found = ratio(&input, &right(&input)).unwrap();
        assert!(found < 0.7, "{name}: {found}");
    }
}

#[test]
fn one_element_that_is_wrong_is_found_in_each_of_the_arrays() {
    for (name, fields) in cases_and_fields() {
        let input = input(name);
        for (field_name, field) in fields {
            let mut wrong = right(&input);
            let tensor = field(&mut wrong);
            let mut values = tensor.to_f64();
            let magnitudes = values.iter().map(|value| value.abs());
            let most = magnitudes.fold(0.0, f64::max);
            let place = values.iter().position(|value| value.abs() == most).unwrap();
            values[place] *= 1.05; // those at the limits of f16 have few digits
            *tensor = Tensor::of(input.forward.r#type, values);
            let reason = ratio(&input, &wrong).expect_err(name);
            assert!(reason.contains(field_name), "{name}: {reason}");
        }
    }
}

#[test]
fn zeros_are_refused_in_each_of_the_arrays() {
    for (name, fields) in cases_and_fields() {
        let input = input(name);
        for (field_name, field) in fields {
            let mut wrong = right(&input);
            let tensor = field(&mut wrong);
            *tensor = Tensor::of(input.forward.r#type, vec![0.0; tensor.len()]);
            let reason = ratio(&input, &wrong).expect_err(name);
            assert!(reason.contains(field_name), "{name}: {reason}");
        }
    }
}

/// The normalised sums, from queries, keys and values that are moved, times the upstream gradient: what the gradients are of.
fn loss(input: &Input, arrays: &[Vec<f64>; 3]) -> f64 {
    let (n, size) = (input.forward.n as usize, input.forward.size as usize);
    let [q, k, v] = arrays;
    let (queries, keys) = (features(q), features(k));
    let upstream = input.upstream.to_f64();
    let rows = upstream.chunks(size).enumerate();
    let of_rows = rows.map(|(row, upstream)| {
        let (first, mut sum) = (row / n * n, vec![0.0; size]);
        for key in first..first + input.forward.visible(row % n) {
            let weight = product(&queries[row * size..][..size], &keys[key * size..][..size]);
            add(&mut sum, weight, &v[key * size..][..size]);
        }
        product(&sum, upstream) / (product(&sum, &sum) / size as f64 + EPSILON).sqrt()
    });
    of_rows.sum()
}

#[test]
fn the_gradients_are_what_the_loss_changes_by() {
    for name in [
        "norm_attention_gradient/random@n=9,size=8,heads=2,causal=1#0",
        "norm_attention_gradient/random@n=5,size=8,batch=2#1",
        "norm_attention_gradient/vanishing@n=9,size=8#0",
    ] {
        let input = input(name);
        let forward = &input.forward;
        let arrays = [&forward.q, &forward.k, &forward.v].map(Tensor::to_f64);
        for reference in NormAttentionGradient::references() {
            let Output { dq, dk, dv } = (reference.solve)(&input);
            for (which, gradient) in [dq, dk, dv].iter().enumerate() {
                for place in 0..gradient.len() {
                    let step = 1e-6;
                    let [above, below] = [step, -step].map(|step| {
                        let mut arrays = arrays.clone();
                        arrays[which][place] += step;
                        loss(&input, &arrays)
                    });
                    let (found, expected) = ((above - below) / (2.0 * step), gradient.at(place));
                    assert!(
                        (found - expected).abs() < 1e-5 * expected.abs().max(1.0),
                        "{name}, {}, element {place} of input {which}: {found}, not {expected}",
                        reference.name,
                    );
                }
            }
        }
    }
}

/// The gradient of a sum is no longer than the upstream one over the root of epsilon, and a feature's slope is at most 1.
#[test]
fn the_gradients_stay_bounded_where_sums_vanish() {
    let input = input("norm_attention_gradient/vanishing@n=33#0");
    let forward = &input.forward;
    let size = forward.size as usize;
    let length = |row: &[f64]| product(row, row).sqrt();
    let (k, v) = (features(&forward.k.to_f64()), forward.v.to_f64());
    let of_pairs = k.chunks(size).zip(v.chunks(size));
    let lengths: f64 = of_pairs
        .map(|(key, value)| length(key) * length(value))
        .sum();
    let (gradients, upstream) = (right(&input).dq.to_f64(), input.upstream.to_f64());
    for (gradient, upstream) in gradients.chunks(size).zip(upstream.chunks(size)) {
        let (found, most) = (
            length(gradient),
            length(upstream) * lengths / EPSILON.sqrt(),
        );
        assert!(found > 0.0 && found <= most, "{found}, and at most {most}");
    }
}

/// Gradients of values, where it is known what the gradient of a sum is, and how sums go on.
fn values(input: &Input, of_sum: fn(&[f64], &[f64]) -> Vec<f64>, step: fn(f64) -> f64) -> Tensor {
    let forward = &input.forward;
    let (n, size) = (forward.n as usize, forward.size as usize);
    let [q, k, v] = [&forward.q, &forward.k, &forward.v].map(Tensor::to_f64);
    let (queries, keys) = (features(&q), features(&k));
    let upstream = input.upstream.to_f64();
    let of = |row: usize| row * size..(row + 1) * size;
    let mut dv = vec![0.0; v.len()];
    for row in 0..forward.rows() {
        let (first, mut sum) = (row / n * n, vec![0.0; size]);
        let seen = first..first + forward.visible(row % n);
        let weight = |key: usize| product(&queries[of(row)], &keys[of(key)]);
        for key in seen.clone() {
            add(&mut sum, weight(key), &v[of(key)]);
        }
        let gradient = of_sum(&sum, &upstream[of(row)]);
        for key in seen {
            add(&mut dv[of(key)], weight(key), &gradient);
            dv[of(key)]
                .iter_mut()
                .for_each(|element| *element = step(*element));
        }
    }
    Tensor::of(forward.r#type, dv)
}

fn root(sum: &[f64]) -> f64 {
    (product(sum, sum) / sum.len() as f64 + EPSILON).sqrt()
}

fn of_sum(sum: &[f64], upstream: &[f64]) -> Vec<f64> {
    let (root, along) = (root(sum), product(sum, upstream) / sum.len() as f64);
    let pairs = sum.iter().zip(upstream);
    pairs
        .map(|(sum, upstream)| (upstream - sum * along / (root * root)) / root)
        .collect()
}

#[test]
fn a_root_that_is_held_constant_is_refused() {
    let input = input("norm_attention_gradient/random@n=33#0");
    let with = |dv: Tensor| Output {
        dv,
        ..right(&input)
    };
    let accepted = with(values(&input, of_sum, |element| element));
    assert!(ratio(&input, &accepted).unwrap() < 0.7);
    let held = |sum: &[f64], upstream: &[f64]| {
        let root = root(sum);
        upstream.iter().map(|element| element / root).collect()
    };
    let wrong = with(values(&input, held, |element| element));
    assert!(ratio(&input, &wrong).unwrap_err().contains("`dv`"));
}

#[test]
fn sums_in_halves_are_refused() {
    let narrow = |element: f64| f16::from_f64(element).to_f64();
    for name in [
        "norm_attention_gradient/random@n=130,type=f16#0",
        "norm_attention_gradient/constant@n=130,type=f16#0",
    ] {
        let input = input(name);
        let wrong = Output {
            dv: values(&input, of_sum, narrow),
            ..right(&input)
        };
        assert!(
            ratio(&input, &wrong).unwrap_err().contains("`dv`"),
            "{name}"
        );
    }
}

#[test]
fn the_upstream_gradient_is_normal_in_every_family() {
    for family in Typed::<NormAttentionGradient>::new().families() {
        let n = 33.min(family.most);
        let name = format!("norm_attention_gradient/{}@n={n},type=f16#0", family.name);
        let Input { forward, upstream } = input(&name);
        assert!(
            are_normal(&upstream) && upstream.len() == forward.q.len(),
            "{name}"
        );
    }
}

#[test]
fn the_cost_is_that_of_the_cheaper_way() {
    let problem = Typed::<NormAttentionGradient>::new();
    let cost = |name: &str| {
        let case = problem.resolve(&name.parse().unwrap()).unwrap();
        problem.case(&case).unwrap().cost().unwrap()
    };
    let running = cost("norm_attention_gradient/random@n=10,size=8,heads=3,batch=2,type=f16#0");
    assert_eq!(running.operations, 12 * 2 * 3 * 10 * 8 * 8);
    assert_eq!(running.read_bytes, 4 * 2 * 3 * 10 * 8 * 2);
    assert_eq!(running.written_bytes, 3 * 2 * 3 * 10 * 8 * 2);
    let pairs = cost("norm_attention_gradient/random@n=10,size=8,causal=1#0");
    assert_eq!(pairs.operations, 12 * 8 * 55);
}
