//! What the problems of softmax attention share: a query sees some keys, and asks for the mean of their values, weighted by the
//! softmax of its scaled products with them. A problem says which keys a query sees; the rest stands here.

pub(crate) mod draw;
mod references;

use vocabulary::{Element, ElementType};

pub(crate) use references::{materialised, streaming};

use crate::tolerance::{self, Part, Shaken, Tolerance};
use crate::{Accepted, Mismatch, Problem, Reference, Schema, Tensor, record};

/// What an answer must fill.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// The weighted means, as long as `q`.
    pub o: Tensor,
    /// The logarithm of the sum of the exponentials of each query's scores, one for each row of `q`, `f32`.
    pub logsumexp: Tensor,
}

record!(Output { o, logsumexp });

/// The types of queries, keys, values and means.
pub(crate) const TYPES: &[&str] = &["f32", "f16"];

/// The most that an element of an input may be: what `f16` has, so that no score leaves `f32`.
pub(crate) const MOST: &str = "65504";

/// Multiplications of numbers for which the references are computed in all rows; beyond, in some.
const AFFORDABLE: usize = 1 << 25;

/// A query, and the keys that it sees, each with its value.
pub(crate) struct Row<'a, T> {
    /// The query.
    pub(crate) query: &'a [T],
    /// Keys and values.
    pub(crate) seen: Vec<(&'a [T], &'a [T])>,
}

/// The input of a problem of softmax attention.
pub(crate) trait Rows {
    /// The arrays of floats, the queries first.
    fn tensors(&self) -> Vec<&Tensor>;

    /// How many elements a query, key or value has.
    fn size(&self) -> usize;

    /// The most keys that a query sees.
    fn most_seen(&self) -> usize;

    /// A row of the queries with what it sees, in arrays that stand in for [`Rows::tensors`], in their order.
    fn row<'a, T>(&self, arrays: &[&'a [T]], row: usize) -> Row<'a, T>;

    /// How many queries there are, of all heads and sequences.
    fn queries(&self) -> usize {
        self.tensors()[0].len() / self.size()
    }

    /// What products are multiplied by: one over the square root of a query's size.
    fn scale(&self) -> f64 {
        1.0 / (self.size() as f64).sqrt()
    }
}

/// How far an answer may be off.
pub(crate) fn answer<I: Rows>(input: &I) -> [Tolerance; 2] {
    let (count, tensors) = (input.queries(), input.tensors());
    let of_a_row = input.most_seen() * input.size();
    let known = tolerance::sample(count, AFFORDABLE / of_a_row);
    let parts = [
        Part {
            name: "o",
            element: tensors[0].element(),
            width: input.size(),
        },
        Part {
            name: "logsumexp",
            element: ElementType::F32,
            width: 1,
        },
    ];
    tolerance::tolerances(
        &tensors,
        parts,
        count,
        &known,
        Shaken::ByRows,
        |arrays| references::means(input, arrays, &known),
        |arrays| vec![references::plain(input, arrays, &known)],
    )
}

/// Whether an output is within what [`answer`] tolerates.
pub(crate) fn check(answer: &[Tolerance; 2], output: &Output) -> Result<Accepted, Mismatch> {
    tolerance::accept(answer.iter().zip([&output.o, &output.logsumexp]))
}

/// The two references of a problem of softmax attention.
pub(crate) fn references<P>() -> [Reference<P>; 2]
where
    P: Problem<Output = Output>,
    P::Input: Rows,
{
    let most = i64::MAX;
    [
        Reference {
            name: "materialised",
            solve: materialised,
            most,
        },
        Reference {
            name: "streaming",
            solve: streaming,
            most,
        },
    ]
}

/// Room for an output.
pub(crate) fn prepare<I: Rows>(input: &I) -> Output {
    let q = input.tensors()[0];
    Output {
        o: Tensor::with_room(q.element(), q.len()),
        logsumexp: Tensor::with_room(ElementType::F32, input.queries()),
    }
}

/// Declares the outputs, whose rows are those of the queries.
pub(crate) fn outputs(schema: Schema, rows: [&str; 3]) -> Schema {
    let [batch, heads, n] = rows;
    schema
        .output_tensor(
            "o",
            Element::OfWord("type"),
            &[batch, heads, n, "size"],
            "the weighted means of the values",
        )
        .output_tensor(
            "logsumexp",
            ElementType::F32,
            &rows,
            "the logarithm of the sum of exp(score) of each query",
        )
}

#[cfg(test)]
pub(crate) mod testing {
    //! What tests of these problems share.

    use super::{Output, Rows};
    use crate::{AnyProblem, Problem, Tensor, Typed};

    /// The input of a case.
    pub(crate) fn input<P: Problem>(name: &str) -> P::Input {
        let problem = Typed::<P>::new();
        let case = problem.resolve(&name.parse().unwrap()).unwrap();
        problem.generate(&case).unwrap()
    }

    /// The operations that a case costs, over those of a pair of a query and a key.
    pub(crate) fn pairs<P: Problem>(name: &str) -> u64
    where
        P::Input: Rows,
    {
        let problem = Typed::<P>::new();
        let case = problem.resolve(&name.parse().unwrap()).unwrap();
        let size = input::<P>(name).size() as u64;
        problem.case(&case).unwrap().cost().unwrap().operations / (4 * size)
    }

    /// How many keys each query sees.
    pub(crate) fn counts(input: &impl Rows) -> Vec<usize> {
        let arrays: Vec<Vec<f64>> = input
            .tensors()
            .iter()
            .map(|tensor| tensor.to_f64())
            .collect();
        let arrays: Vec<&[f64]> = arrays.iter().map(Vec::as_slice).collect();
        (0..input.queries())
            .map(|row| input.row(&arrays, row).seen.len())
            .collect()
    }

    /// Holds right outputs to be accepted, and those with a wrong element, zeros or a wrong logsumexp to be refused.
    pub(crate) fn tells_right_from_wrong<P: Problem<Output = Output>>(name: &str)
    where
        P::Input: Rows,
    {
        let input = input::<P>(name);
        let answer = P::answer(&input);
        let accepted = |output: &Output| P::check(&input, &answer, output);
        let [materialised, _] = P::references();
        let right = (materialised.solve)(&input);
        let ratio = accepted(&right).unwrap().error_ratio.unwrap();
        assert!(ratio < 0.7, "{name}: {ratio}");
        let element = right.o.element();
        let most = right
            .o
            .to_f64()
            .into_iter()
            .fold(0.0, |most: f64, value| most.max(value.abs()));
        for place in [0, right.o.len() / 2, right.o.len() - 1] {
            let mut values = right.o.to_f64();
            values[place] += 0.05 * most;
            let o = Tensor::of(element, values);
            let wrong = Output { o, ..right.clone() };
            assert!(accepted(&wrong).is_err(), "{name}: element {place}");
        }
        let zeros = Output {
            o: Tensor::of(element, vec![0.0; right.o.len()]),
            ..right.clone()
        };
        assert!(accepted(&zeros).is_err(), "{name}: zeros");
        let mut sums = right.logsumexp.to_f64();
        *sums.last_mut().unwrap() += 0.1;
        let wrong = Output {
            logsumexp: Tensor::of(right.logsumexp.element(), sums),
            ..right
        };
        assert!(accepted(&wrong).is_err(), "{name}: logsumexp");
    }
}
