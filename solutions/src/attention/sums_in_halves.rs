// judge: expect=WA case=attention/random@n=257,type=f16
//! Sums up in the type of the elements: where that is `f16`, every addition rounds to 11 bits.

use problems::Tensor;
use problems::attention::{Input, Output};
use vocabulary::{ElementType, f16};

/// Three passes whose sums are as narrow as the elements.
pub(super) fn sums_in_halves(input: &Input, output: &mut Output) {
    let rounded = |value: f32| match input.r#type {
        ElementType::F16 => f16::from_f32(value).to_f32(),
        _ => value,
    };
    let [q, k, v] = [&input.q, &input.k, &input.v].map(Tensor::to_f32);
    let (n, size, factor) = (input.n as usize, input.size as usize, input.scale() as f32);
    let mut means = vec![0.0; q.len()];
    let mut sums = Vec::with_capacity(input.rows());
    for (row, mean) in means.chunks_exact_mut(size).enumerate() {
        let (head, place) = (row / n, row % n);
        let seen = head * n * size..(head * n + input.visible(place)) * size;
        let query = &q[row * size..(row + 1) * size];
        let score = |key: &[f32]| {
            let terms = query.iter().zip(key).map(|(a, b)| a * b);
            factor * terms.fold(0.0, |sum, term| rounded(sum + term))
        };
        let scores: Vec<f32> = k[seen.clone()].chunks_exact(size).map(score).collect();
        let greatest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let mut sum = 0.0;
        for (score, value) in scores.iter().zip(v[seen].chunks_exact(size)) {
            let weight = rounded((score - greatest).exp());
            sum = rounded(sum + weight);
            for (mean, element) in mean.iter_mut().zip(value) {
                *mean = rounded(*mean + weight * element);
            }
        }
        mean.iter_mut().for_each(|element| *element /= sum);
        sums.push(greatest + sum.ln());
    }
    output.o.assign(&means);
    output.logsumexp.assign(&sums);
}
