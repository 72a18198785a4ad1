//! Sums of values, weighted by products of features and divided: what functions for linear and performer attention, for that with
//! a norm, and for its gradient have in common.

use problems::linear_attention::Input;
use rayon::prelude::*;

use crate::vectors::{add_scaled, dot, scale};

/// elu(x) + 1.
pub(crate) fn feature(x: f32) -> f32 {
    if x > 0.0 { x + 1.0 } else { x.exp() }
}

/// Places of a chunk: its state, as large as 64 keys of 64 elements, is then as cheap as its pairs.
const CHUNK: usize = 64;

/// Features of queries and keys, and values, row by row: `n` rows a head.
pub(crate) struct Heads<'a> {
    pub(crate) n: usize,
    pub(crate) features: usize,
    pub(crate) size: usize,
    pub(crate) is_causal: bool,
    /// What a weighted sum of values is divided by; it and the sum of the weights are known.
    pub(crate) divisor: fn(&[f32], f32) -> f32,
    pub(crate) q: &'a [f32],
    pub(crate) k: &'a [f32],
    pub(crate) v: &'a [f32],
}

/// What linear attention has in common with that with a norm: its rows, where it is known what an element's feature is, what sums
/// are divided by, and how they come from features and values.
pub(crate) fn divided(
    input: &Input,
    feature: fn(f32) -> f32,
    divisor: fn(&[f32], f32) -> f32,
    method: fn(&Heads<'_>) -> Vec<f32>,
) -> Vec<f32> {
    let [q, k] = [&input.q, &input.k]
        .map(|tensor| -> Vec<f32> { tensor.to_f32().iter().copied().map(feature).collect() });
    method(&Heads {
        n: input.n as usize,
        features: input.size as usize,
        size: input.size as usize,
        is_causal: input.causal,
        divisor,
        q: &q,
        k: &k,
        v: &input.v.to_f32(),
    })
}

/// Makes means of sums.
pub(crate) fn sum_of_weights(_: &[f32], weights: f32) -> f32 {
    weights
}

/// The definition: of every query the weights of all keys that it sees, and the weighted sum of their values.
pub(crate) fn by_pairs(heads: &Heads<'_>) -> Vec<f32> {
    let mut means = vec![0.0; heads.v.len()];
    heads.each_head(&mut means, |head, means| {
        for (place, (query, mean)) in head.rows(means).enumerate() {
            let sum = head.add_pairs(query, 0..head.visible(place), mean);
            heads.divide(mean, sum);
        }
    });
    means
}

/// Sums over the keys first: each key is added to a state when the first query sees it.
pub(crate) fn by_running_sums(heads: &Heads<'_>) -> Vec<f32> {
    let mut means = vec![0.0; heads.v.len()];
    heads.each_head(&mut means, |head, means| {
        let (mut state, mut taken) = (State::new(head), 0);
        for (place, (query, mean)) in head.rows(means).enumerate() {
            state.take(head, taken..head.visible(place));
            taken = head.visible(place);
            let sum = state.answer(query, mean);
            heads.divide(mean, sum);
        }
    });
    means
}

/// Chunks on all cores: each sums up its own keys, sums run over the chunks, and each takes its own queries.
pub(crate) fn by_chunks(heads: &Heads<'_>) -> Vec<f32> {
    let mut means = vec![0.0; heads.v.len()];
    let all = means.par_chunks_mut(heads.n * heads.size).enumerate();
    all.for_each(|(index, means)| {
        let head = heads.head(index);
        let states = head.states();
        let chunks = means.par_chunks_mut(CHUNK * head.size).enumerate();
        chunks.for_each(|(chunk, means)| {
            let (first, state) = (
                chunk * CHUNK,
                &states[if head.is_causal { chunk } else { 0 }],
            );
            for (row, mean) in means.chunks_exact_mut(head.size).enumerate() {
                let query = &head.q[(first + row) * head.features..][..head.features];
                let mut sum = state.answer(query, mean);
                if head.is_causal {
                    sum += head.add_pairs(query, first..first + row + 1, mean);
                }
                heads.divide(mean, sum);
            }
        });
    });
    means
}

impl Heads<'_> {
    /// What stands before each chunk, or one state of all.
    fn states(&self) -> Vec<State> {
        let chunks: Vec<usize> = (0..self.n).step_by(CHUNK).collect();
        let own: Vec<State> = chunks
            .into_par_iter()
            .map(|first| {
                let mut state = State::new(self);
                state.take(self, first..(first + CHUNK).min(self.n));
                state
            })
            .collect();
        let (mut sum, mut before) = (State::new(self), Vec::new());
        for state in &own {
            if self.is_causal {
                before.push(sum.clone());
            }
            add_scaled(&mut sum.norm, 1.0, &state.norm);
            add_scaled(&mut sum.sums, 1.0, &state.sums);
        }
        if !self.is_causal {
            before.push(sum);
        }
        before
    }

    /// Adds the values of some keys to a mean, each times its weight, and gives the sum of the weights.
    fn add_pairs(&self, query: &[f32], keys: std::ops::Range<usize>, mean: &mut [f32]) -> f32 {
        let of_keys = self.k[keys.start * self.features..keys.end * self.features]
            .chunks_exact(self.features);
        let of_values =
            self.v[keys.start * self.size..keys.end * self.size].chunks_exact(self.size);
        let mut sum = 0.0;
        for (key, value) in of_keys.zip(of_values) {
            let weight = dot(query, key);
            sum += weight;
            add_scaled(mean, weight, value);
        }
        sum
    }

    /// How many keys of its head the query at a place of its head sees.
    fn visible(&self, place: usize) -> usize {
        if self.is_causal { place + 1 } else { self.n }
    }

    /// Queries of a head with room for their means.
    fn rows<'a>(
        &'a self,
        means: &'a mut [f32],
    ) -> impl Iterator<Item = (&'a [f32], &'a mut [f32])> {
        self.q
            .chunks_exact(self.features)
            .zip(means.chunks_exact_mut(self.size))
    }

    fn head(&self, index: usize) -> Heads<'_> {
        let features = index * self.n * self.features..(index + 1) * self.n * self.features;
        let values = index * self.n * self.size..(index + 1) * self.n * self.size;
        Heads {
            q: &self.q[features.clone()],
            k: &self.k[features],
            v: &self.v[values],
            ..*self
        }
    }

    /// Divides the weighted sum of the values of a query.
    fn divide(&self, values: &mut [f32], weights: f32) {
        let divisor = (self.divisor)(values, weights);
        scale(values, 1.0 / divisor);
    }

    fn each_head(&self, means: &mut [f32], solve: impl Fn(&Heads<'_>, &mut [f32])) {
        for (index, means) in means.chunks_exact_mut(self.n * self.size).enumerate() {
            solve(&self.head(index), means);
        }
    }
}

/// What some keys come to: of each feature the sum, and the sum of its products with the values.
#[derive(Clone)]
struct State {
    norm: Vec<f32>,
    sums: Vec<f32>,
}

impl State {
    fn new(heads: &Heads<'_>) -> Self {
        State {
            norm: vec![0.0; heads.features],
            sums: vec![0.0; heads.features * heads.size],
        }
    }

    fn take(&mut self, head: &Heads<'_>, keys: std::ops::Range<usize>) {
        for key in keys {
            let weights = &head.k[key * head.features..][..head.features];
            let value = &head.v[key * head.size..][..head.size];
            add_scaled(&mut self.norm, 1.0, weights);
            for (weight, row) in weights.iter().zip(self.sums.chunks_exact_mut(head.size)) {
                add_scaled(row, *weight, value);
            }
        }
    }

    /// Adds to a mean what a query's features weigh of it, and gives the sum of the weights.
    fn answer(&self, query: &[f32], mean: &mut [f32]) -> f32 {
        for (weight, row) in query.iter().zip(self.sums.chunks_exact(mean.len())) {
            add_scaled(mean, *weight, row);
        }
        dot(query, &self.norm)
    }
}
