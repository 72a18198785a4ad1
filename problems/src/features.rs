//! Sums of values, weighted by products of features and divided: what linear and performer attention, that with a norm, and its
//! gradient have in common.

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

    /// The square root.
    fn sqrt(self) -> Self;
}

impl Number for f32 {
    fn of(value: f64) -> f32 {
        value as f32
    }

    fn exp(self) -> f32 {
        libm::expf(self)
    }

    fn sqrt(self) -> f32 {
        libm::sqrtf(self)
    }
}

impl Number for f64 {
    fn of(value: f64) -> f64 {
        value
    }

    fn exp(self) -> f64 {
        libm::exp(self)
    }

    fn sqrt(self) -> f64 {
        libm::sqrt(self)
    }
}

/// elu(x) + 1: positive, and smooth in 0.
pub(crate) fn feature<T: Number>(x: T) -> T {
    if x > T::default() {
        x + T::of(1.0)
    } else {
        x.exp()
    }
}

/// The features of all elements.
pub(crate) fn features<T: Number>(elements: &[T]) -> Vec<T> {
    elements.iter().map(|x| feature(*x)).collect()
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

/// What a weighted sum of values is divided by.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Divisor {
    /// Nothing: it stays a sum.
    One,
    /// The sum of the weights, so that it becomes a mean.
    Weights,
    /// Its own root mean square, with this added to the mean of the squares, so that it becomes as long as all others.
    RootMeanSquare(f64),
}

impl Divisor {
    /// Of a sum of values and that of their weights.
    pub(crate) fn of<T: Number>(self, sums: &[T], weights: T) -> T {
        match self {
            Divisor::One => T::of(1.0),
            Divisor::Weights => weights,
            Divisor::RootMeanSquare(epsilon) => {
                let square = product(sums, sums) / T::of(sums.len() as f64);
                (square + T::of(epsilon)).sqrt()
            }
        }
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
    /// What sums of values are divided by.
    pub(crate) divisor: Divisor,
}

impl Heads {
    /// How many keys of its head the query at a place of its head sees, from the first on.
    pub(crate) fn visible(&self, place: usize) -> usize {
        if self.is_causal { place + 1 } else { self.n }
    }

    /// The definition: of some rows the weights of all keys that they see, and the weighted sum of their values, divided.
    pub(crate) fn by_pairs<T: Number>(&self, [q, k, v]: [&[T]; 3], rows: &[usize]) -> Vec<T> {
        let Heads { features, size, .. } = *self;
        let mut all = Vec::with_capacity(rows.len() * size);
        for row in rows {
            let (first, query) = (
                row / self.n * self.n,
                &q[row * features..(row + 1) * features],
            );
            let (mut weights, mut sums) = (T::default(), vec![T::default(); size]);
            for key in first..first + self.visible(row % self.n) {
                let weight = product(query, &k[key * features..(key + 1) * features]);
                weights = weights + weight;
                add(&mut sums, weight, &v[key * size..(key + 1) * size]);
            }
            let divisor = self.divisor.of(&sums, weights);
            all.extend(sums.iter().map(|element| *element / divisor));
        }
        all
    }

    /// Sums over the keys first: a state that runs along the sequence, with a row for each feature (Katharopoulos et al., 2020).
    /// Gives some rows, ascending.
    pub(crate) fn by_running_sums<T: Number>(
        &self,
        [q, k, v]: [&[T]; 3],
        rows: &[usize],
    ) -> Vec<T> {
        let Heads {
            n, features, size, ..
        } = *self;
        let mut all = Vec::with_capacity(rows.len() * size);
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
                let mut sums = vec![T::default(); size];
                for (weight, row) in query.iter().zip(state.chunks(size)) {
                    add(&mut sums, *weight, row);
                }
                let divisor = self.divisor.of(&sums, product(query, &norm));
                all.extend(sums.iter().map(|element| *element / divisor));
            }
        }
        all
    }
}
