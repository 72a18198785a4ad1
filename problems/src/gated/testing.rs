//! What tests of these problems share: what their tolerances must tell apart.

use super::{Gated, Output};
use crate::softmax::testing::input;
use crate::tolerance::Tolerance;
use crate::{Problem, Tensor};

/// A problem of gated attention.
pub(crate) trait Tried:
    Problem<Input: Gated, Output = Output, Answer = [Tolerance; 1]>
{
}

impl<P: Problem<Input: Gated, Output = Output, Answer = [Tolerance; 1]>> Tried for P {}

/// What the first reference gives.
pub(crate) fn right<P: Tried>(input: &P::Input) -> Output {
    let [first, _] = P::references();
    (first.solve)(input)
}

/// Whether an output is accepted, and the ratio of its error.
pub(crate) fn ratio<P: Tried>(input: &P::Input, o: Vec<f64>) -> Result<f64, String> {
    let output = Output {
        o: Tensor::of(input.shape().element, o),
    };
    let checked = P::check(input, &P::answer(input), &output);
    let accepted = checked.map_err(|mismatch| mismatch.reason)?;
    Ok(accepted.error_ratio.expect("there is a tolerance"))
}

/// A rounded reference is well within the tolerance.
pub(crate) fn takes_references<P: Tried>(cases: &[&str]) {
    for name in cases {
        let input = input::<P>(name);
        for reference in P::references() {
            let found = ratio::<P>(&input, (reference.solve)(&input).o.to_f64()).unwrap();
            assert!(found < 0.7, "{name}: {}: {found}", reference.name);
        }
    }
}

/// One element that is wrong is found wherever it is, and zeros are.
pub(crate) fn finds_what_is_wrong<P: Tried>(cases: &[&str]) {
    for name in cases {
        let input = input::<P>(name);
        let (right, width) = (right::<P>(&input).o.to_f64(), input.shape().width);
        for place in [0, 1, right.len() / 2, right.len() - 1] {
            let row = place / width;
            let of_row = right[row * width..(row + 1) * width].iter();
            let most = of_row.fold(0.0, |most: f64, value| most.max(value.abs()));
            let mut values = right.clone();
            values[place] += 0.05 * most.max(1e-4);
            let reason = ratio::<P>(&input, values).expect_err(name);
            assert!(
                reason.contains(&format!("row {row} of `o`")),
                "{name}: {reason}"
            );
        }
        assert!(
            ratio::<P>(&input, vec![0.0; right.len()]).is_err(),
            "{name}"
        );
    }
}
