//! Means of values, weighted by products of features: what linear and performer attention have in common.

use std::ops::{Add, Div, Mul, Sub};

/// `f64` for what is right, `f32` for what is plain.
pub(crate) trait Number:
    Copy
    + Default
    + PartialOrd
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
{
    /// The nearest number.
    fn of(value: f64) -> Self;

    /// The exponential.
    fn exp(self) -> Self;
}

impl Number for f32 {
    fn of(value: f64) -> f32 {
        value as f32
    }

    fn exp(self) -> f32 {
        libm::expf(self)
    }
}

impl Number for f64 {
    fn of(value: f64) -> f64 {
        value
    }

    fn exp(self) -> f64 {
        libm::exp(self)
    }
}

/// The product of two vectors, summed from the first element to the last.
pub(crate) fn product<T: Number>(one: &[T], other: &[T]) -> T {
    let terms = one.iter().zip(other);
    terms.fold(T::default(), |sum, (a, b)| sum + *a * *b)
}

/// Adds a multiple of a vector to another.
pub(crate) fn add<T: Number>(to: &mut [T], weight: T, vector: &[T]) {
    for (to, element) in to.iter_mut().zip(vector) {
        *to = *to + weight * *element;
    }
}

/// The shapes of one problem's arrays: `n` rows a head, of `features` for queries and keys, of `size` elements for values.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Heads {
    /// Queries, keys and values of a head.
    pub(crate) n: usize,
    /// Features of a query or key.
    pub(crate) features: usize,
    /// Elements of a value.
    pub(crate) size: usize,
    /// Whether a query sees only the keys up to its own place.
    pub(crate) is_causal: bool,
}

impl Heads {
    fn visible(&self, place: usize) -> usize {
        if self.is_causal { place + 1 } else { self.n }
    }

    /// The definition: of some rows the weights of all keys that they see, and the weighted mean of their values.
    pub(crate) fn by_pairs<T: Number>(&self, [q, k, v]: [&[T]; 3], rows: &[usize]) -> Vec<T> {
        let Heads { features, size, .. } = *self;
        let mut means = Vec::with_capacity(rows.len() * size);
        for row in rows {
            let (first, query) = (
                row / self.n * self.n,
                &q[row * features..(row + 1) * features],
            );
            let (mut sum, mut mean) = (T::default(), vec![T::default(); size]);
            for key in first..first + self.visible(row % self.n) {
                let weight = product(query, &k[key * features..(key + 1) * features]);
                sum = sum + weight;
                add(&mut mean, weight, &v[key * size..(key + 1) * size]);
            }
            means.extend(mean.iter().map(|element| *element / sum));
        }
        means
    }

    /// Sums over the keys first: a state that runs along the sequence, with a row for each feature (Katharopoulos et al., 2020).
    /// Gives the means of some rows, ascending.
    pub(crate) fn by_running_sums<T: Number>(
        &self,
        [q, k, v]: [&[T]; 3],
        rows: &[usize],
    ) -> Vec<T> {
        let Heads {
            n, features, size, ..
        } = *self;
        let mut means = Vec::with_capacity(rows.len() * size);
        for rows in rows.chunk_by(|one, other| one / n == other / n) {
            let first = rows[0] / n * n;
            let (mut state, mut norm) = (
                vec![T::default(); features * size],
                vec![T::default(); features],
            );
            let mut taken = 0;
            for row in rows {
                let seen = self.visible(row - first);
                for key in first + taken..first + seen {
                    let weights = &k[key * features..(key + 1) * features];
                    add(&mut norm, T::of(1.0), weights);
                    for (weight, sums) in weights.iter().zip(state.chunks_mut(size)) {
                        add(sums, *weight, &v[key * size..(key + 1) * size]);
                    }
                }
                taken = seen;
                let query = &q[row * features..(row + 1) * features];
                let (mut mean, sum) = (vec![T::default(); size], product(query, &norm));
                for (weight, sums) in query.iter().zip(state.chunks(size)) {
                    add(&mut mean, *weight, sums);
                }
                means.extend(mean.iter().map(|element| *element / sum));
            }
        }
        means
    }
}
