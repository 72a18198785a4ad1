//! A shortest piece of a text that holds every letter of another with its multiplicity.

mod families;
mod references;
#[cfg(test)]
mod tests;

use vocabulary::ElementType::U8;

use crate::{Accepted, Axis, Family, Mismatch, Problem, Reference, Schema, Shape, record, schema};

/// The problem.
pub struct MinimumWindowSubstring;

/// What an answer is given.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// The text, at least one letter a-z, A-Z.
    pub text: Vec<u8>,
    /// The letters that a window must hold, at least one, each as often as it stands here.
    pub target: Vec<u8>,
}

/// What an answer must fill.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// A shortest window, or nothing if there is none.
    pub window: Vec<u8>,
}

record!(Input { text, target });
record!(Output { window });

impl Problem for MinimumWindowSubstring {
    type Input = Input;
    type Output = Output;
    /// The length of a shortest window, if there is one.
    type Answer = Option<usize>;

    const STATEMENT: &'static str = include_str!("statement.md");

    fn schema() -> Schema {
        schema("minimum_window_substring")
            .parameter("n", 1, "100_000_000", None, "how long the text is")
            .parameter(
                "m",
                1,
                "100_000_000",
                Some("min(8, max(n / 2, 1))"),
                "how long the target is",
            )
            .input_letters("text", "the text s")
            .input_letters(
                "target",
                "the letters t, at least one, that a window must hold",
            )
            .output(
                "window",
                U8,
                Shape::Line,
                "a shortest window, or an empty line if there is none",
            )
    }

    fn families() -> Vec<Family<Self>> {
        families::all()
    }

    fn references() -> [Reference<Self>; 2] {
        references::both()
    }

    fn answer(input: &Input) -> Option<usize> {
        let [first, _] = references::both();
        let window = (first.solve)(input).window;
        // A target is not empty, so no window is.
        (!window.is_empty()).then_some(window.len())
    }

    /// Given the length of a shortest window, the window itself is the certificate: it holds the letters, is of that
    /// length and stands in the text. Any shortest one will do.
    fn check(
        input: &Input,
        shortest: &Option<usize>,
        output: &Output,
    ) -> Result<Accepted, Mismatch> {
        let length = output.window.len();
        match *shortest {
            None if length == 0 => return Ok(Accepted::default()),
            Some(shortest) if length == 0 => {
                return Err(Mismatch::new(format!(
                    "no window is given, but there is one of {shortest} letters"
                )));
            }
            _ => {}
        }
        if let Some((letter, lacking)) = first_lacking(&input.target, &output.window) {
            return Err(Mismatch::new(format!(
                "the window lacks {lacking} of the letter {}",
                letter.escape_ascii()
            )));
        }
        // Two-way search: linear time, whatever the texts.
        let text = std::str::from_utf8(&input.text).expect("a text of letters");
        if !std::str::from_utf8(&output.window).is_ok_and(|window| text.contains(window)) {
            return Err(Mismatch::new("the window does not stand in the text"));
        }
        match *shortest {
            Some(shortest) if length == shortest => Ok(Accepted::default()),
            Some(shortest) => Err(Mismatch::new(format!(
                "the window has {length} letters, a shortest one {shortest}"
            ))),
            // The window would be a proof that the reference is wrong.
            None => unreachable!("the reference missed a window of {length} letters"),
        }
    }

    fn prepare(input: &Input) -> Output {
        // A window is at most the text. Not zeros: the allocator gets those without touching their pages.
        let mut window = vec![b'.'; input.text.len()];
        window.clear();
        Output { window }
    }

    fn trial_sizes() -> Vec<i64> {
        vec![1, 2, 5, 10, 64, 1000, 100_000]
    }

    fn axes() -> Vec<Axis> {
        let growth = |text: &str| text.parse().expect("a growth");
        vec![
            // Not `uniform`: there a window of m letters soon turns up, and who sees that nothing is shorter stops. And
            // brute force takes n times the length of the answer: only a long answer shows it.
            Axis {
                parameter: "n",
                families: &["rare_letter_at_each_end", "near_misses", "sawtooth"],
                from: 1_000,
                to: 4_000_000,
                fixed: "",
                classes: vec![
                    ("two pointers, non-shrinking window", growth("n")),
                    ("bisection over the length", growth("n*log(n)")),
                    ("brute force", growth("n^2")),
                ],
            },
            Axis {
                parameter: "m",
                families: &["uniform", "zipf"],
                from: 4,
                to: 500_000,
                fixed: "n=1000000",
                classes: vec![
                    ("two pointers, non-shrinking window", growth("1")),
                    ("comparing with the target at each step", growth("m")),
                ],
            },
        ]
    }
}

/// How often each byte occurs.
fn counts(text: &[u8]) -> [u32; 256] {
    let mut counts = [0; 256];
    for byte in text {
        counts[usize::from(*byte)] += 1;
    }
    counts
}

/// The first letter that a window holds too seldom, and how many of it are missing.
fn first_lacking(target: &[u8], window: &[u8]) -> Option<(u8, u32)> {
    let (needed, held) = (counts(target), counts(window));
    (0..=u8::MAX)
        .map(|letter| {
            let index = usize::from(letter);
            (letter, needed[index].saturating_sub(held[index]))
        })
        .find(|(_, lacking)| *lacking > 0)
}
