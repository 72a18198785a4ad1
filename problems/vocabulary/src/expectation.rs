//! What a shipped solution must get, stated in the comment at the top of its file.

use crate::{CaseName, Growth, Verdict};

/// What a solution must get: `judge: expect=WA case=kth_largest/all_equal@1000` or
/// `judge: expect=AC growth=n*log(n)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// The verdict.
    pub verdict: Verdict,
    /// The case that must show it; a right solution has none and must pass all families.
    pub case: Option<CaseName>,
    /// The bound on how its cost grows.
    pub growth: Option<Growth>,
}

/// Why a header cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct HeaderError {
    /// Line in the source, from 1.
    pub line: usize,
    /// What is wrong, and the mend.
    pub reason: String,
}

/// How many lines from the top may hold the header.
const HEADER_LINES: usize = 10;

impl Expectation {
    /// Finds the line with `judge: key=value ...` among the first ten lines of a source, behind whatever comment sign
    /// the language has. `Ok(None)` if there is no such line, as in a user's own file.
    pub fn find(source: &str) -> Result<Option<Expectation>, HeaderError> {
        let headed = source
            .lines()
            .take(HEADER_LINES)
            .enumerate()
            .find_map(|(index, line)| Some((index + 1, line.split_once("judge: ")?.1)));
        headed
            .map(|(line, keys)| {
                let keys = keys.trim_end().trim_end_matches("*/");
                Self::parse(keys).map_err(|reason| HeaderError { line, reason })
            })
            .transpose()
    }

    /// An expectation, or what is wrong with it: a right solution passes every case, and a wrong one must name the case
    /// that shows it.
    pub fn new(
        verdict: Verdict,
        case: Option<CaseName>,
        growth: Option<Growth>,
    ) -> Result<Expectation, String> {
        if (verdict == Verdict::Accepted) == case.is_some() {
            return Err(match verdict {
                Verdict::Accepted => {
                    "a right solution must pass every case: drop `case`".to_owned()
                }
                other => format!("expect={other} needs `case`: the case that must show it"),
            });
        }
        Ok(Expectation {
            verdict,
            case,
            growth,
        })
    }

    /// Reads `expect=WA case=... growth=...`.
    fn parse(keys: &str) -> Result<Expectation, String> {
        let (mut verdict, mut case, mut growth) = (None, None, None);
        for part in keys.split_whitespace() {
            let (key, value) = part
                .split_once('=')
                .ok_or_else(|| format!("`{part}` is not KEY=VALUE"))?;
            match key {
                "expect" => verdict = Some(value.parse::<Verdict>()?),
                "case" => case = Some(value.parse::<CaseName>().map_err(|e| e.to_string())?),
                "growth" => growth = Some(value.parse::<Growth>().map_err(|e| e.to_string())?),
                _ => return Err(format!("unknown key `{key}`: expect, case or growth")),
            }
        }
        let verdict = verdict.ok_or("`expect=` is missing, for example expect=AC")?;
        Self::new(verdict, case, growth)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_found_behind_any_comment_sign() {
        for source in [
            "// judge: expect=AC growth=n*log(n)\nint main() {}",
            "#!/usr/bin/env python3\n# judge: expect=AC growth=n*log(n)\n",
            "/* judge: expect=AC growth=n*log(n) */",
        ] {
            let found = Expectation::find(source).unwrap().unwrap();
            assert_eq!(found.verdict, Verdict::Accepted);
            assert_eq!(found.growth.unwrap().to_string(), "n*log(n)");
        }
        assert_eq!(Expectation::find("int main() {}"), Ok(None));
    }

    #[test]
    fn a_wrong_one_must_name_its_case_and_a_right_one_must_not() {
        let bound = "// judge: expect=WA case=kth_largest/all_equal@1000";
        assert!(Expectation::find(bound).unwrap().unwrap().case.is_some());
        assert!(Expectation::find("// judge: expect=WA").is_err());
        assert!(Expectation::find("// judge: expect=AC case=a/b@1").is_err());
    }

    #[test]
    fn a_bad_header_names_its_line() {
        let error = Expectation::find("\n\n// judge: expekt=AC").unwrap_err();
        assert_eq!(error.line, 3);
        assert!(error.reason.contains("expekt"), "{error}");
    }
}
