//! How an output is held against the answer of a folder's case.

use std::sync::Mutex;
use std::time::Duration;

use problems::{Accepted, Mismatch};
use sandbox::{Limits, Slot, Streams};

use super::referee::{File, MEMORY, Referee};
use crate::lock::lock;

/// How an output is held against an answer.
pub enum Comparison {
    /// Token by token; where a tolerance is given, numbers may differ by it.
    Tokens {
        /// Tolerated absolute error.
        absolute: Option<f64>,
        /// Tolerated error relative to the answer.
        relative: Option<f64>,
    },
    /// Byte by byte.
    Exact,
    /// A program, called with the files of input, output and answer, in the sandbox.
    Checker {
        /// The program.
        checker: Box<Referee>,
        /// Where it runs.
        slot: Box<Mutex<Slot>>,
    },
    /// Not at all: an interactor has the word while it talks with the solution.
    Interactor,
}

impl Comparison {
    /// Whether an output is right.
    pub fn check(&self, input: &[u8], answer: &[u8], output: &[u8]) -> Result<Accepted, Mismatch> {
        match self {
            Comparison::Exact if output == answer => Ok(Accepted::default()),
            Comparison::Exact => {
                let same = output
                    .iter()
                    .zip(answer)
                    .take_while(|(a, b)| a == b)
                    .count();
                Err(Mismatch::new(format!("byte {same} differs")))
            }
            Comparison::Tokens { absolute, relative } => {
                tokens(answer, output, *absolute, *relative)
            }
            Comparison::Checker { checker, slot } => {
                by_checker(checker, &mut lock(slot), [input, output, answer])
            }
            Comparison::Interactor => Err(Mismatch::fault("the interactor has the word")),
        }
    }
}

fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty())
}

fn tokens(
    answer: &[u8],
    output: &[u8],
    absolute: Option<f64>,
    relative: Option<f64>,
) -> Result<Accepted, Mismatch> {
    let (mut expected, mut got) = (words(answer), words(output));
    let is_tolerant = absolute.is_some() || relative.is_some();
    let mut worst: f64 = 0.0;
    for place in 1.. {
        let (wanted, found) = match (expected.next(), got.next()) {
            (None, None) => break,
            (Some(_), None) => {
                return Err(Mismatch::new(format!(
                    "the output ends after {} tokens, the answer does not",
                    place - 1
                )));
            }
            (None, Some(found)) => {
                let found = found.escape_ascii();
                return Err(Mismatch::new(format!(
                    "token {place} is `{found}`, but the answer ends before it"
                )));
            }
            (Some(wanted), Some(found)) => (wanted, found),
        };
        if wanted == found {
            continue;
        }
        let refused = || {
            let (wanted, found) = (wanted.escape_ascii(), found.escape_ascii());
            Mismatch::new(format!("token {place} is `{found}`, not `{wanted}`"))
        };
        let numbers = number(wanted).zip(number(found)).filter(|_| is_tolerant);
        let (wanted, found) = numbers.ok_or_else(refused)?;
        let ratio = error_ratio(wanted, found, absolute, relative);
        if ratio.is_nan() || ratio > 1.0 {
            let error = (found - wanted).abs();
            return Err(Mismatch::new(format!(
                "{}: an error of {error:e}, {ratio:.3e} times what is tolerated",
                refused()
            )));
        }
        worst = worst.max(ratio);
    }
    Ok(Accepted {
        error_ratio: is_tolerant.then_some(worst),
    })
}

fn number(token: &[u8]) -> Option<f64> {
    let value: f64 = std::str::from_utf8(token).ok()?.parse().ok()?;
    value.is_finite().then_some(value)
}

/// The error over the larger of the tolerances.
fn error_ratio(wanted: f64, found: f64, absolute: Option<f64>, relative: Option<f64>) -> f64 {
    let error = (found - wanted).abs();
    let tolerated = absolute
        .unwrap_or(0.0)
        .max(relative.unwrap_or(0.0) * wanted.abs());
    if error == 0.0 { 0.0 } else { error / tolerated }
}

fn by_checker(checker: &Referee, slot: &mut Slot, files: [&[u8]; 3]) -> Result<Accepted, Mismatch> {
    let folder = tempfile::tempdir().map_err(|error| checker.fault(error))?;
    let command = checker.command(folder.path(), files.map(File::Read))?;
    let limits = Limits {
        cpu: Duration::from_secs(10),
        wall: Duration::from_secs(20),
        memory: MEMORY,
        ..Limits::default()
    };
    let outcome = slot
        .run(&command, &limits, Streams::default())
        .map_err(|error| checker.fault(error))?;
    checker.word(&outcome)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_tokens(
        answer: &str,
        output: &str,
        absolute: Option<f64>,
        relative: Option<f64>,
    ) -> Result<Accepted, Mismatch> {
        Comparison::Tokens { absolute, relative }.check(b"", answer.as_bytes(), output.as_bytes())
    }

    #[test]
    fn white_space_between_tokens_does_not_count_and_tokens_do() {
        assert!(by_tokens("1 2\n3\n", "1\n2 3", None, None).is_ok());
        assert!(
            by_tokens("1 2", "1", None, None)
                .unwrap_err()
                .reason
                .contains("ends after 1 tokens")
        );
        assert!(
            by_tokens("1", "1 2", None, None)
                .unwrap_err()
                .reason
                .contains("token 2")
        );
        assert!(
            by_tokens("yes", "no", None, None)
                .unwrap_err()
                .reason
                .contains("`no`, not `yes`")
        );
        assert!(by_tokens("1.0", "1.00", None, None).is_err());
    }

    #[test]
    fn numbers_may_differ_by_the_larger_tolerance_and_the_worst_error_is_told() {
        // 2.0 against 1.9 with 0.2 absolute: half of what is tolerated. 100 against 101 with 2% of 100 = 2: half.
        let accepted = by_tokens("2.0 100", "1.9 101", Some(0.2), Some(0.02)).unwrap();
        assert!((accepted.error_ratio.unwrap() - 0.5).abs() < 1e-12);
        assert!(by_tokens("1", "1.1", Some(0.05), None).is_err());
        assert!(by_tokens("1", "nan", Some(0.5), None).is_err());
        assert!(by_tokens("1", "inf", None, Some(0.5)).is_err());
        assert!(
            by_tokens("0", "1e-9", None, Some(0.5)).is_err(),
            "no error relative to 0 is tolerated"
        );
    }

    #[test]
    fn exact_is_exact() {
        assert!(Comparison::Exact.check(b"", b"1\n", b"1\n").is_ok());
        assert!(Comparison::Exact.check(b"", b"1\n", b"1").is_err());
    }
}
