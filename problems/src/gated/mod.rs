//! What gated attention has in common, with one chunk for all places or with several: a sum of values, weighted by the squares of
//! positive scores inside a chunk, and a gate on every element.

pub(crate) mod families;
#[cfg(test)]
pub(crate) mod testing;

use std::ops::Range;

use vocabulary::{Element, ElementType};

use crate::features::{Number, product};
use crate::tolerance::{self, Part, Shaken, Tolerance};
use crate::{Accepted, At, Mismatch, Schema, Tensor, record};

/// What an answer must fill.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// The gated sums, as long as `u`.
    pub o: Tensor,
}

record!(Output { o });

/// The most that an element may be: what `f16` has, so that no sum leaves `f32`.
const MOST: &str = "65504";

/// The shape of queries and keys.
const PAIRED: [&str; 3] = ["batch", "n", "size"];

/// The shape of gates, values and sums.
const GATED: [&str; 3] = ["batch", "n", "width"];

/// Multiplications of numbers for which the references are computed in all rows; beyond, in some.
const AFFORDABLE: usize = 1 << 25;

/// The shapes of the arrays of one input, and which keys a query sees. A row is a place of a sequence.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// Places of a sequence.
    pub(crate) n: usize,
    /// Places of a chunk; the last one of a sequence may have fewer.
    pub(crate) chunk: usize,
    /// Elements of a query or key.
    pub(crate) size: usize,
    /// Elements of a gate or value.
    pub(crate) width: usize,
    /// Sequences.
    pub(crate) batch: usize,
    /// Whether a query sees only what is up to its own place.
    pub(crate) is_causal: bool,
    /// The type of all elements.
    pub(crate) element: ElementType,
}

/// Rows of keys that the query of a row sees.
pub(crate) type Sight = fn(&Shape, usize) -> Range<usize>;

impl Shape {
    /// That of a case whose chunks have so many places.
    pub(crate) fn of(at: &At, chunk: usize) -> Shape {
        Shape {
            n: at.size("n"),
            chunk,
            size: at.size("size"),
            width: at.size("width"),
            batch: at.size("batch"),
            is_causal: at.integer("causal") == 1,
            element: at.word("type").parse().expect("types of floats"),
        }
    }

    /// Rows of every array: one for each place of each sequence.
    pub(crate) fn rows(&self) -> usize {
        self.batch * self.n
    }

    /// Those of its own chunk, up to its own place if there is a mask.
    pub(crate) fn near(&self, row: usize) -> Range<usize> {
        let (first, place) = (row / self.n * self.n, row % self.n);
        let start = place / self.chunk * self.chunk;
        let end = if self.is_causal {
            place + 1
        } else {
            self.n.min(start + self.chunk)
        };
        first + start..first + end
    }

    /// Those of all chunks, or if there is a mask of all before its own.
    pub(crate) fn far(&self, row: usize) -> Range<usize> {
        let (first, place) = (row / self.n * self.n, row % self.n);
        let end = if self.is_causal {
            place / self.chunk * self.chunk
        } else {
            self.n
        };
        first..first + end
    }
}

/// An input of gated attention.
pub(crate) trait Gated: Sized {
    /// Of each array of queries, which keys they see in the array after it.
    const SIGHTS: &'static [Sight];

    /// The shapes of a case.
    fn shape_of(at: &At) -> Shape;

    /// An input of some shape, of queries and keys for each of [`Gated::SIGHTS`], gates, and values.
    fn of(shape: &Shape, arrays: Vec<Tensor>) -> Self;

    /// Its shapes.
    fn shape(&self) -> Shape;

    /// Its arrays, in the order of [`Gated::of`].
    fn arrays(&self) -> Vec<&Tensor>;
}

/// Adds to a schema what follows the lengths of sequences and chunks.
pub(crate) fn sizes(schema: Schema) -> Schema {
    schema
        .size("size", 1, "256", "64", "elements of a query or key")
        .size("width", 1, "256", "128", "elements of a gate or value")
        .size("batch", 1, "64", "1", "sequences")
        .size(
            "causal",
            0,
            "1",
            "0",
            "1 if a query sees only the keys up to its own place",
        )
        .word("type", &["f32", "f16"], "the type of all elements")
}

/// Adds arrays to a schema: queries and keys by their names and descriptions, gates, values, and the output.
pub(crate) fn arrays(schema: Schema, paired: &[(&'static str, &'static str)]) -> Schema {
    let element = Element::OfWord("type");
    let add = |schema: Schema, (name, what): &(&'static str, &'static str)| {
        schema.input_tensor(name, element, &PAIRED, MOST, what)
    };
    let schema = paired.iter().fold(schema, add);
    schema
        .input_tensor("u", element, &GATED, MOST, "the gates")
        .input_tensor("v", element, &GATED, MOST, "the values")
        .output_tensor("o", element, &GATED, "the gated sums")
}

/// What a key weighs for a query: the square of what their product over a count is above 0.
pub(crate) fn weight<T: Number>(query: &[T], key: &[T], count: usize) -> T {
    let score = product(query, key) / T::of(count as f64);
    if score > T::default() {
        score * score
    } else {
        T::default()
    }
}

/// Multiplies a sum by its gate, element by element.
pub(crate) fn gate<'a, T: Number>(gate: &'a [T], sum: &'a [T]) -> impl Iterator<Item = T> + 'a {
    gate.iter().zip(sum).map(|(gate, sum)| *gate * *sum)
}

/// A whole output, where it is known how it follows from the arrays.
pub(crate) fn whole<I: Gated>(
    input: &I,
    method: impl Fn(&Shape, &[Vec<f64>]) -> Vec<f64>,
) -> Output {
    let shape = input.shape();
    let arrays: Vec<_> = input.arrays().into_iter().map(Tensor::to_f64).collect();
    Output {
        o: Tensor::of(shape.element, method(&shape, &arrays)),
    }
}

/// Some rows of the output from arrays, in one precision.
type Rows<T> = fn(&Shape, &[&[T]], &[usize]) -> Vec<T>;

/// Within what an answer is right: the definition, and plain ways to it.
pub(crate) fn tolerance<I: Gated>(
    input: &I,
    exact: Rows<f64>,
    plain: &[Rows<f32>],
) -> [Tolerance; 1] {
    let shape = input.shape();
    let of_a_row = shape.n * (shape.size + shape.width);
    let known = tolerance::sample(shape.rows(), AFFORDABLE / of_a_row);
    let part = Part {
        name: "o",
        element: shape.element,
        width: shape.width,
    };
    tolerance::tolerances(
        &input.arrays(),
        [part],
        shape.rows(),
        &known,
        Shaken::ByRows,
        |arrays| [exact(&shape, &slices(arrays), &known)],
        |arrays| {
            let arrays = slices(arrays);
            let plain = plain.iter();
            plain
                .map(|plain| [plain(&shape, &arrays, &known)])
                .collect()
        },
    )
}

/// Arrays, borrowed.
pub(crate) fn slices<T>(arrays: &[impl AsRef<[T]>]) -> Vec<&[T]> {
    arrays.iter().map(AsRef::as_ref).collect()
}

/// Holds an output against what is right.
pub(crate) fn accept(answer: &[Tolerance; 1], output: &Output) -> Result<Accepted, Mismatch> {
    tolerance::accept(answer.iter().zip([&output.o]))
}

/// Room for an output.
pub(crate) fn prepare(input: &impl Gated) -> Output {
    let shape = input.shape();
    Output {
        o: Tensor::with_room(shape.element, shape.rows() * shape.width),
    }
}
