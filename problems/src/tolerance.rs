//! How far an answer of floats may be off: one rule for all problems of tensors.
//!
//! ```text
//! exact   the definition in f64, of the inputs as they are rounded to their type
//! plain   a stable computation without tricks in the precision of kernels: f32, the result rounded to its type
//! probe   of a row: how far `exact` moves in it at most when every input moves by a unit in its last place, to this side or
//!         that, plus a unit in the last place of the result
//! ```
//!
//! Errors are counted in probes. Where `plain` is off by at most c probes anywhere (of several plain ways: any of them), an answer
//! may be off by 2 c + 1 probes everywhere: twice the error of a computation that nobody would call wrong, and what rounding the inputs and the
//! result once more would do. (Dao's FlashAttention is tested like that, with one figure for a whole tensor. A figure for
//! each row tells a row of zeros from one whose values are small.) One row, or many that are alike, may be right by chance:
//! what `plain` is off by is also found of inputs that are shaken a little.
//!
//! What is not finite is never right. Where `exact` or `plain` are not finite the problem is at fault, not the answer.

use std::borrow::Cow;

use vocabulary::ElementType;

use crate::contract::{Accepted, Mismatch};
use crate::sampling::Random;
use crate::tensor::{Tensor, unit_in_last_place};

/// One array of an output.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Its name.
    pub name: &'static str,
    /// The type of its elements.
    pub element: ElementType,
    /// How many elements a row has.
    pub width: usize,
}

/// How far one array of an output may be off.
#[derive(Clone, Debug)]
pub struct Tolerance {
    part: Part,
    /// How many rows there are, and which of them are known, ascending.
    count: usize,
    rows: Vec<usize>,
    /// What is right, row by row.
    exact: Vec<f64>,
    /// How far each row may be off.
    limits: Vec<f64>,
    is_faulty: bool,
}

/// Of so many shaken rows at least the error of `plain` is found.
const SHAKEN: usize = 64;

/// How often inputs are shaken, so that the error of `plain` is not small by chance.
#[derive(Clone, Copy, Debug)]
pub enum Shaken {
    /// Until enough rows were seen: rows round apart from each other.
    ByRows,
    /// So often at least: a row takes others, so that all round alike, or a few unlike all others.
    Whole(usize),
}

impl Shaken {
    fn runs(self, rows: usize) -> usize {
        let by_rows = SHAKEN.div_ceil(rows.max(1));
        match self {
            Shaken::ByRows => by_rows,
            Shaken::Whole(least) => by_rows.max(least),
        }
    }
}

/// So often all inputs move for a probe: all away from 0, then each to one side or the other. Those moves may cancel each other
/// by chance, so one such is too few.
const MOVES: usize = 4;

/// Finds out how far the arrays of an output may be off, in some of their rows. `exact` and `plain` give those rows of each
/// array, from the inputs in the same order; `plain` gives them once for each plain way there is.
pub fn tolerances<const PARTS: usize>(
    inputs: &[&Tensor],
    parts: [Part; PARTS],
    count: usize,
    rows: &[usize],
    shaken: Shaken,
    exact: impl Fn(&[Vec<f64>]) -> [Vec<f64>; PARTS],
    plain: impl Fn(&[Cow<'_, [f32]>]) -> Vec<[Vec<f32>; PARTS]>,
) -> [Tolerance; PARTS] {
    let values: Vec<Vec<f64>> = inputs.iter().map(|input| input.to_f64()).collect();
    let each = |one: &mut dyn FnMut(&Tensor, f64) -> f64| -> Vec<Vec<f64>> {
        let inputs = inputs.iter().zip(&values);
        let all =
            inputs.map(|(input, values)| values.iter().map(|value| one(input, *value)).collect());
        all.collect()
    };
    let mut random = Random::of_text("how inputs move");
    let moved: [_; MOVES] = std::array::from_fn(|turn| {
        exact(&each(&mut |input, value| {
            let unit = unit_in_last_place(input.element(), value);
            let away = if value < 0.0 { -unit } else { unit };
            let is_away = turn == 0 || random.bits().is_multiple_of(2);
            if is_away { value + away } else { value - away }
        }))
    });
    let run = |values: &[Vec<f64>]| {
        let narrow = values.iter().map(|values| {
            let values = values.iter().map(|value| *value as f32);
            Cow::Owned(values.collect())
        });
        let narrow: Vec<Cow<'_, [f32]>> = narrow.collect();
        (exact(values), plain(&narrow))
    };
    let mut runs = vec![run(&values)];
    for _ in 0..shaken.runs(rows.len()) {
        // By a 4096th at most: enough for sums to be rounded otherwise, and little beside what makes a case what it is.
        let mut shaken =
            |_: &Tensor, value: f64| value * (1.0 + (random.fraction() - 0.5) / 2048.0);
        runs.push(run(&each(&mut shaken)));
    }
    let mut which = 0..PARTS;
    parts.map(|part| {
        let which = which.next().expect("one for each part");
        let runs: Vec<Run<'_>> = runs
            .iter()
            .map(|(exact, plain)| Run {
                exact: &exact[which],
                plain: plain.iter().map(|plain| plain[which].as_slice()).collect(),
            })
            .collect();
        let moved = moved.each_ref().map(|moved| moved[which].as_slice());
        Tolerance::new(part, count, rows, &runs, &moved)
    })
}

/// An array of some inputs: what is right, and what each plain way makes of them.
struct Run<'a> {
    exact: &'a [f64],
    plain: Vec<&'a [f32]>,
}

impl Tolerance {
    /// The first of the runs is that of the inputs themselves; in the others these are shaken.
    fn new(part: Part, count: usize, rows: &[usize], runs: &[Run<'_>], moved: &[&[f64]]) -> Self {
        let width = part.width;
        let Run { exact, plain } = &runs[0];
        let is_whole = |length: usize| length == rows.len() * width;
        assert!(
            is_whole(exact.len()) && plain.iter().all(|plain| is_whole(plain.len())),
            "{}: a value for each element of {} rows",
            part.name,
            rows.len()
        );
        let distances = |one: &[f64], other: &[f64]| -> Vec<f64> {
            let rows = one.chunks(width).zip(other.chunks(width));
            rows.map(|(one, other)| distance(one, other)).collect()
        };
        let mut probes: Vec<f64> = exact
            .chunks(width)
            .map(|row| {
                let magnitudes = row.iter().map(|value| value.abs());
                unit_in_last_place(part.element, magnitudes.fold(0.0, f64::max))
            })
            .collect();
        let moved = moved.iter().map(|moved| distances(exact, moved));
        let most = moved.reduce(|one, other| {
            let pairs = one.into_iter().zip(other);
            pairs.map(|(one, other)| one.max(other)).collect()
        });
        for (probe, most) in probes.iter_mut().zip(most.expect("some patterns")) {
            *probe += most;
        }
        let ways = plain.len();
        let pairs = runs
            .iter()
            .flat_map(|run| run.plain.iter().map(|plain| (run.exact, *plain)));
        let errors = pairs.flat_map(|(exact, plain)| {
            let plain = plain.iter().map(|value| f64::from(*value));
            distances(exact, &Tensor::of(part.element, plain).to_f64())
        });
        let plainly: Vec<f64> = errors
            .zip(probes.iter().cycle())
            .map(|(error, probe)| error / probe)
            .collect();
        // What is shaken beyond the greatest number says nothing.
        let (own, _) = plainly.split_at(ways * rows.len());
        let finite = plainly.iter().copied().filter(|error| error.is_finite());
        let allowed = 2.0 * finite.fold(0.0, f64::max) + 1.0;
        let mut all = exact.iter().chain(&probes).chain(own);
        Tolerance {
            part,
            count,
            rows: rows.to_vec(),
            is_faulty: !all.all(|value| value.is_finite()),
            limits: probes.iter().map(|probe| probe * allowed).collect(),
            exact: exact.to_vec(),
        }
    }

    /// The greatest error of an array over what is tolerated, at most 1.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn hold(&self, got: &Tensor) -> Result<f64, Mismatch> {
        let Part { name, width, .. } = self.part;
        if self.is_faulty {
            let reason = format!("`{name}` is not finite in the reference: the case is at fault");
            return Err(Mismatch::fault(reason));
        }
        let length = self.count * width;
        if got.len() != length {
            let count = got.len();
            return Err(Mismatch::new(format!(
                "`{name}` has {count} elements, not {length}"
            )));
        }
        if let Some(index) = (0..length).find(|index| !got.at(*index).is_finite()) {
            let (place, value) = (self.place(index), got.at(index));
            return Err(Mismatch::new(format!(
                "{place} is {value}, which is never right"
            )));
        }
        // The element that is furthest off, by what its row tolerates.
        let mut worst = (0.0, 0, 0);
        for (known, row) in self.rows.iter().enumerate() {
            for element in 0..width {
                let error = got.at(row * width + element) - self.exact[known * width + element];
                let ratio = error.abs() / self.limits[known];
                if ratio > worst.0 {
                    worst = (ratio, known, element);
                }
            }
        }
        let (ratio, known, element) = worst;
        if ratio <= 1.0 {
            return Ok(ratio);
        }
        let index = self.rows[known] * width + element;
        Err(Mismatch::new(format!(
            "{} is {}, not {:.9} within {:.2e}: off by {ratio:.3} times that",
            self.place(index),
            got.at(index),
            self.exact[known * width + element],
            self.limits[known],
        )))
    }

    fn place(&self, index: usize) -> String {
        let Part { name, width, .. } = self.part;
        match width {
            1 => format!("element {index} of `{name}`"),
            _ => format!(
                "element {} of row {} of `{name}`",
                index % width,
                index / width
            ),
        }
    }
}

/// Accepts an output whose arrays are all within their tolerances.
///
/// # Errors
/// What is wrong with the first that is not.
pub fn accept<'a>(
    arrays: impl IntoIterator<Item = (&'a Tolerance, &'a Tensor)>,
) -> Result<Accepted, Mismatch> {
    let mut worst: f64 = 0.0;
    for (tolerance, got) in arrays {
        worst = worst.max(tolerance.hold(got)?);
    }
    Ok(Accepted {
        error_ratio: Some(worst),
    })
}

/// Rows of which at most so many are looked at: all of them, or the first, the last, and some in each stretch between.
pub fn sample(count: usize, most: usize) -> Vec<usize> {
    if count <= most.max(2) {
        return (0..count).collect();
    }
    let stretch = |index: usize| index * count / most;
    let mut rows: Vec<usize> = (0..most)
        .map(|index| {
            let (from, to) = (stretch(index), stretch(index + 1));
            from + (index as u32).wrapping_mul(2_654_435_769) as usize % (to - from)
        })
        .collect();
    (rows[0], rows[most - 1]) = (0, count - 1);
    rows
}

fn distance(one: &[f64], other: &[f64]) -> f64 {
    let errors = one.iter().zip(other).map(|(a, b)| (a - b).abs());
    // `max` would leave out what is no number.
    errors.fold(0.0, |most: f64, error| {
        if most.is_nan() || error <= most {
            most
        } else {
            error
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Random;

    /// The mean of each row of numbers around a magnitude, with what is tolerated.
    struct Means {
        input: Tensor,
        width: usize,
    }

    impl Means {
        fn new(element: ElementType, rows: usize, width: usize, magnitude: f64) -> Self {
            let mut random = Random::of_text("means");
            let values = (0..rows * width).map(|_| magnitude * (1.0 + random.fraction()));
            let input = Tensor::of(element, values);
            Means { input, width }
        }

        fn tolerance(&self) -> Tolerance {
            let rows: Vec<usize> = (0..self.input.len() / self.width).collect();
            let width = self.width;
            let part = Part {
                name: "means",
                element: self.input.element(),
                width: 1,
            };
            let exact = |inputs: &[Vec<f64>]| {
                [inputs[0]
                    .chunks(width)
                    .map(|row| row.iter().sum::<f64>() / width as f64)
                    .collect()]
            };
            let plain = |inputs: &[Cow<'_, [f32]>]| {
                let means = inputs[0]
                    .chunks(width)
                    .map(|row| row.iter().sum::<f32>() / width as f32);
                vec![[means.collect()]]
            };
            let [tolerance] = tolerances(
                &[&self.input],
                [part],
                rows.len(),
                &rows,
                Shaken::ByRows,
                exact,
                plain,
            );
            tolerance
        }

        fn answer(&self, mean: impl Fn(&[f64]) -> f64) -> Tensor {
            let values = self.input.to_f64();
            Tensor::of(self.input.element(), values.chunks(self.width).map(mean))
        }
    }

    /// A sum whose every step is rounded to `f16`.
    fn narrow_mean(row: &[f64]) -> f64 {
        let mut sum = vocabulary::f16::ZERO;
        for value in row {
            sum += vocabulary::f16::from_f64(*value);
        }
        sum.to_f64() / row.len() as f64
    }

    /// A sum in `f32` from the other end.
    fn wide_mean(row: &[f64]) -> f64 {
        let sum: f32 = row.iter().rev().map(|value| *value as f32).sum();
        f64::from(sum / row.len() as f32)
    }

    #[test]
    fn a_right_sum_in_another_order_passes_with_a_ratio_of_at_most_1() {
        for element in [ElementType::F16, ElementType::F32] {
            for magnitude in [1.0, 1e-3, 100.0] {
                let means = Means::new(element, 50, 1000, magnitude);
                let ratio = means.tolerance().hold(&means.answer(wide_mean)).unwrap();
                assert!(
                    ratio > 0.0 && ratio <= 1.0,
                    "{element} {magnitude}: {ratio}"
                );
            }
        }
    }

    #[test]
    fn a_right_sum_passes_where_all_rows_are_alike_and_the_plain_one_is_right_by_chance() {
        for seed in 0..100 {
            let mut random = Random::of_text(&format!("alike {seed}"));
            let row: Vec<f64> = (0..100).map(|_| random.normal()).collect();
            let means = Means {
                input: Tensor::of(ElementType::F32, row.repeat(1 + seed % 20)),
                width: row.len(),
            };
            let held = means.tolerance().hold(&means.answer(wide_mean));
            assert!(held.is_ok(), "{seed}: {}", held.unwrap_err());
        }
    }

    #[test]
    fn a_long_sum_in_halves_is_refused() {
        let means = Means::new(ElementType::F16, 50, 1000, 1.0);
        let error = means
            .tolerance()
            .hold(&means.answer(narrow_mean))
            .unwrap_err();
        assert!(
            error.reason.contains("element") && !error.is_fault,
            "{error}"
        );
    }

    #[test]
    fn zeros_are_refused_however_small_the_values_are() {
        for magnitude in [1.0, 1e-4, 1e-6] {
            let means = Means::new(ElementType::F16, 10, 100, magnitude);
            assert!(
                means.tolerance().hold(&means.answer(|_| 0.0)).is_err(),
                "{magnitude}"
            );
        }
        // Also where they are but one row among large ones.
        let mut means = Means::new(ElementType::F32, 10, 100, 1e6);
        let mut values = means.input.to_f64();
        values[300..400].fill(1e-7);
        means.input = Tensor::of(ElementType::F32, values);
        let all_but_one = means.answer(|row| if row[0] < 1.0 { 0.0 } else { wide_mean(row) });
        let error = means.tolerance().hold(&all_but_one).unwrap_err();
        assert!(error.reason.starts_with("element 3 "), "{error}");
    }

    #[test]
    fn what_is_not_finite_or_of_another_length_is_refused() {
        let means = Means::new(ElementType::F32, 4, 10, 1.0);
        let tolerance = means.tolerance();
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let mut values = means.answer(wide_mean).to_f64();
            values[2] = bad;
            let error = tolerance
                .hold(&Tensor::of(ElementType::F32, values))
                .unwrap_err();
            assert!(error.reason.contains("element 2"), "{error}");
        }
        let short = Tensor::of(ElementType::F32, [1.5; 3]);
        assert!(
            tolerance
                .hold(&short)
                .unwrap_err()
                .reason
                .contains("3 elements, not 4")
        );
        // What a device fills memory with that nobody wrote.
        let poisoned = Tensor::F32(vec![f32::from_bits(0x7F7F_7F7F); 4]);
        assert!(tolerance.hold(&poisoned).is_err());
    }

    #[test]
    fn a_reference_that_is_not_finite_is_a_fault_of_the_case() {
        let means = Means::new(ElementType::F16, 2, 4, 1.0);
        let part = Part {
            name: "means",
            element: ElementType::F16,
            width: 1,
        };
        let exact = |_: &[Vec<f64>]| [vec![1.0, 1.0]];
        let plain = |_: &[Cow<'_, [f32]>]| vec![[vec![1.0, 1.0]], [vec![1.0, 1e6]]]; // beyond f16
        let [tolerance] = tolerances(
            &[&means.input],
            [part],
            2,
            &[0, 1],
            Shaken::ByRows,
            exact,
            plain,
        );
        assert!(
            tolerance
                .hold(&means.answer(wide_mean))
                .unwrap_err()
                .is_fault
        );
    }

    #[test]
    fn a_sample_has_both_ends_and_something_of_every_stretch() {
        assert_eq!(sample(3, 10), [0, 1, 2]);
        let rows = sample(1000, 100);
        assert_eq!((rows.len(), rows[0], rows[99]), (100, 0, 999));
        assert!(
            rows.windows(2)
                .all(|pair| pair[0] < pair[1] && pair[1] - pair[0] < 21)
        );
    }
}
