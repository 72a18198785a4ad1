//! Names of cases: `kth_largest/organ_pipe@n=4096,k=64#7`.

use std::fmt;
use std::str::FromStr;

use crate::parameters::{ParameterError, Parameters};

/// One input, named so that anybody can rebuild it: problem, family, every parameter, seed.
///
/// The bytes of the input follow from this name alone, on every machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CaseId {
    /// The problem, for example `kth_largest`.
    pub problem: String,
    /// The family that generates the input, for example `organ_pipe`.
    pub family: String,
    /// Every parameter of the problem, in its order.
    pub parameters: Parameters,
    /// Seed of the random numbers.
    pub seed: u64,
}

/// A case as somebody writes it; what is left out takes the problem's stated default.
///
/// ```
/// use vocabulary::CaseName;
/// let name: CaseName = "kth_largest/organ_pipe@4096#7".parse().unwrap();
/// assert_eq!(name.primary, Some(4096)); // the problem says which parameter that is
/// assert_eq!(name.seed, Some(7));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CaseName {
    /// The problem.
    pub problem: String,
    /// The family.
    pub family: String,
    /// `@4096`: the value of the problem's primary parameter.
    pub primary: Option<i64>,
    /// The parameters that are named.
    pub parameters: Parameters,
    /// The seed, if one is named. Without one it is 0, and a sweep over seeds may replace it.
    pub seed: Option<u64>,
}

impl CaseName {
    /// A case of a family; the parameters and the seed that are left out take their defaults.
    pub fn new(problem: &str, family: &str, parameters: Parameters) -> Self {
        CaseName {
            problem: problem.to_owned(),
            family: family.to_owned(),
            primary: None,
            parameters,
            seed: None,
        }
    }

    /// The same case with another seed.
    #[must_use]
    pub fn with_seed(self, seed: u64) -> Self {
        CaseName {
            seed: Some(seed),
            ..self
        }
    }
}

/// Why a text is not the name of a case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CaseNameError {
    /// Not of the form.
    #[error(
        "`{0}` is no case name: write PROBLEM/FAMILY@n=1000#SEED, for example kth_largest/organ_pipe@n=4096,k=64#7"
    )]
    Form(String),
    /// The part after `#`.
    #[error("`{0}` is no seed: a number from 0 to 2^64 - 1")]
    Seed(String),
    /// The part after `@`.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    /// A whole name was needed.
    #[error("`{0}` leaves out its seed or its parameters' names, which a whole case name has")]
    Partial(String),
}

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.problem, self.family)?;
        if !self.parameters.is_empty() {
            write!(f, "@{}", self.parameters)?;
        }
        write!(f, "#{}", self.seed)
    }
}

impl fmt::Display for CaseName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.problem, self.family)?;
        match self.primary {
            Some(primary) if self.parameters.is_empty() => write!(f, "@{primary}")?,
            Some(primary) => write!(f, "@{primary},{}", self.parameters)?,
            None if self.parameters.is_empty() => {}
            None => write!(f, "@{}", self.parameters)?,
        }
        match self.seed {
            Some(seed) => write!(f, "#{seed}"),
            None => Ok(()),
        }
    }
}

/// A problem or family: anything printable that the separators of a case name leave whole.
fn is_label(text: &str) -> bool {
    !text.is_empty() && !text.contains(|c: char| "/@#,=".contains(c) || c.is_whitespace())
}

impl FromStr for CaseName {
    type Err = CaseNameError;

    fn from_str(text: &str) -> Result<Self, CaseNameError> {
        let (rest, seed) = match text.split_once('#') {
            Some((rest, digits)) => {
                let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
                let seed = digits.parse().ok().filter(|_| is_number);
                let seed = seed.ok_or_else(|| CaseNameError::Seed(digits.to_owned()))?;
                (rest, Some(seed))
            }
            None => (text, None),
        };
        let (path, listed) = match rest.split_once('@') {
            Some((path, listed)) => (path, Some(listed)),
            None => (rest, None),
        };
        let (problem, family) = path
            .split_once('/')
            .filter(|(problem, family)| is_label(problem) && is_label(family))
            .ok_or_else(|| CaseNameError::Form(text.to_owned()))?;
        let (primary, parameters) = match listed {
            None => (None, Parameters::new()),
            Some("") => return Err(CaseNameError::Form(text.to_owned())),
            Some(listed) => primary_and_parameters(listed)?,
        };
        Ok(CaseName {
            problem: problem.to_owned(),
            family: family.to_owned(),
            primary,
            parameters,
            seed,
        })
    }
}

/// `4096`, `4096,k=64` or `n=4096,k=64`.
fn primary_and_parameters(listed: &str) -> Result<(Option<i64>, Parameters), ParameterError> {
    let (first, rest) = listed.split_once(',').unwrap_or((listed, ""));
    if first.contains('=') {
        return Ok((None, listed.parse()?));
    }
    match first.parse()? {
        crate::Value::Integer(primary) => Ok((Some(primary), rest.parse()?)),
        crate::Value::Word(_) => Err(ParameterError::Form(first.to_owned())),
    }
}

impl FromStr for CaseId {
    type Err = CaseNameError;

    fn from_str(text: &str) -> Result<Self, CaseNameError> {
        let name: CaseName = text.parse()?;
        match (name.primary, name.seed) {
            (None, Some(seed)) => Ok(CaseId {
                problem: name.problem,
                family: name.family,
                parameters: name.parameters,
                seed,
            }),
            _ => Err(CaseNameError::Partial(text.to_owned())),
        }
    }
}

impl From<CaseId> for CaseName {
    fn from(case: CaseId) -> Self {
        CaseName {
            problem: case.problem,
            family: case.family,
            primary: None,
            parameters: case.parameters,
            seed: Some(case.seed),
        }
    }
}

crate::serde_as_text!(CaseId);
crate::serde_as_text!(CaseName);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_may_leave_out_what_has_a_default() {
        let name: CaseName = "kth_largest/all_equal@1000,k=3".parse().unwrap();
        assert_eq!((name.primary, name.seed), (Some(1000), None));
        assert_eq!(name.parameters.integer("k"), Some(3));
        assert!("kth_largest/all_equal".parse::<CaseName>().is_ok());
    }

    #[test]
    fn what_is_no_case_name_is_refused() {
        for text in [
            "",
            "/",
            "a/",
            "/b",
            "a",
            "a/b@",
            "a/b#",
            "a/b#x",
            "a/b#-1",
            "a/b@n",
            "a/b@n=",
            "a/b@=1",
            "a/b@1,2",
            "a/b@n=1,",
            "a b/c",
            "a/b/c",
            "a/b@n=1#18446744073709551616",
        ] {
            assert!(text.parse::<CaseName>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_case_id_needs_every_name_and_a_seed() {
        assert!("a/b@n=1".parse::<CaseId>().is_err());
        assert!("a/b@5#1".parse::<CaseId>().is_err());
        assert!("a/b@n=5#1".parse::<CaseId>().is_ok());
    }

    fn parameters() -> impl Strategy<Value = Parameters> {
        let value = prop_oneof![
            any::<i64>().prop_map(crate::Value::Integer),
            "[a-z][a-z0-9_]{0,6}".prop_map(crate::Value::Word)
        ];
        proptest::collection::btree_map("[a-z][a-z0-9_]{0,5}", value, 0..4).prop_map(|map| {
            let mut parameters = Parameters::new();
            for (name, value) in map {
                parameters.set(&name, value);
            }
            parameters
        })
    }

    proptest! {
        #[test]
        fn every_case_reads_back_as_it_was_printed(
            problem in "[a-z][a-z0-9_]{0,20}",
            family in "[a-zA-Z0-9_.-]{1,20}",
            parameters in parameters(),
            seed in any::<u64>(),
        ) {
            let case = CaseId { problem, family, parameters, seed };
            prop_assert_eq!(case.to_string().parse::<CaseId>(), Ok(case.clone()));
            let name = CaseName::from(case);
            prop_assert_eq!(name.to_string().parse::<CaseName>(), Ok(name));
        }

        #[test]
        fn no_text_makes_the_parser_panic(text in "\\PC{0,40}") {
            if let Ok(name) = text.parse::<CaseName>() {
                prop_assert_eq!(name.to_string().parse::<CaseName>(), Ok(name));
            }
        }
    }
}
