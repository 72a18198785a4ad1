//! How a cost grows with the parameters of a case: `n*log(n)`, `n*capacity`, `2^n`.

use std::fmt;
use std::str::FromStr;

use crate::parameters::{Parameters, is_name};

/// A product of factors, each over one parameter. No factor at all is constant growth, written `1`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Growth(Vec<Factor>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Factor {
    /// `n`, `n^2`
    Power(String, u32),
    /// `sqrt(n)`
    SquareRoot(String),
    /// `log(n)`
    Logarithm(String),
    /// `2^n`
    Exponential(String),
}

/// Why a text is not a growth.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no growth: a product of factors like n, n^2, sqrt(n), log(n), 2^n, or 1")]
pub struct GrowthError(String);

impl Growth {
    /// The classes that a curve over one parameter is held against, from the slowest growth to the fastest:
    /// 1, log n, sqrt n, n, n log n, n sqrt n, n^2, n^2 log n, n^3, 2^n.
    pub fn classes(axis: &str) -> Vec<Growth> {
        let power = |exponent| Factor::Power(axis.to_owned(), exponent);
        let log = || Factor::Logarithm(axis.to_owned());
        let root = || Factor::SquareRoot(axis.to_owned());
        [
            vec![],
            vec![log()],
            vec![root()],
            vec![power(1)],
            vec![power(1), log()],
            vec![power(1), root()],
            vec![power(2)],
            vec![power(2), log()],
            vec![power(3)],
            vec![Factor::Exponential(axis.to_owned())],
        ]
        .map(Growth)
        .to_vec()
    }

    /// The value for given parameters, natural logarithms and up to a constant factor: a logarithm counts as at
    /// least 1. `None` if a parameter is missing.
    pub fn evaluate(&self, parameters: &Parameters) -> Option<f64> {
        self.0.iter().try_fold(1.0, |product, factor| {
            let value = parameters.integer(factor.parameter())? as f64;
            let factor = match factor {
                Factor::Power(_, exponent) => value.powi(*exponent as i32),
                Factor::SquareRoot(_) => value.sqrt(),
                Factor::Logarithm(_) => value.ln().max(1.0),
                Factor::Exponential(_) => value.exp2(),
            };
            Some(product * factor)
        })
    }

    /// The parameters that it is over, in order, each once.
    pub fn parameters(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for factor in &self.0 {
            if !names.contains(&factor.parameter()) {
                names.push(factor.parameter());
            }
        }
        names
    }

    /// As people write it: `n log n` for `n*log(n)`.
    pub fn in_words(&self) -> String {
        if self.0.is_empty() {
            return "1".to_owned();
        }
        let factors = self.0.iter().map(|factor| match factor {
            Factor::SquareRoot(name) => format!("sqrt {name}"),
            Factor::Logarithm(name) => format!("log {name}"),
            other => other.to_string(),
        });
        factors.collect::<Vec<_>>().join(" ")
    }
}

impl Factor {
    fn parameter(&self) -> &str {
        match self {
            Factor::Power(name, _)
            | Factor::SquareRoot(name)
            | Factor::Logarithm(name)
            | Factor::Exponential(name) => name,
        }
    }
}

impl fmt::Display for Factor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Factor::Power(name, 1) => f.write_str(name),
            Factor::Power(name, exponent) => write!(f, "{name}^{exponent}"),
            Factor::SquareRoot(name) => write!(f, "sqrt({name})"),
            Factor::Logarithm(name) => write!(f, "log({name})"),
            Factor::Exponential(name) => write!(f, "2^{name}"),
        }
    }
}

impl fmt::Display for Growth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("1");
        }
        for (index, factor) in self.0.iter().enumerate() {
            let times = if index == 0 { "" } else { "*" };
            write!(f, "{times}{factor}")?;
        }
        Ok(())
    }
}

impl FromStr for Growth {
    type Err = GrowthError;

    fn from_str(text: &str) -> Result<Self, GrowthError> {
        if text == "1" {
            return Ok(Growth(Vec::new()));
        }
        let factors = text.split('*').map(|part| factor(part.trim()));
        let factors: Option<Vec<Factor>> = factors.collect();
        factors
            .map(Growth)
            .ok_or_else(|| GrowthError(text.to_owned()))
    }
}

fn factor(text: &str) -> Option<Factor> {
    let name = |text: &str| is_name(text).then(|| text.to_owned());
    let inside = |function: &str| text.strip_prefix(function)?.strip_suffix(')');
    if let Some(argument) = inside("sqrt(") {
        return name(argument).map(Factor::SquareRoot);
    }
    if let Some(argument) = inside("log(") {
        return name(argument).map(Factor::Logarithm);
    }
    match text.split_once('^') {
        Some(("2", exponent)) => name(exponent).map(Factor::Exponential),
        Some((base, exponent)) => {
            let exponent = exponent
                .parse()
                .ok()
                .filter(|exponent| (1..=9).contains(exponent))?;
            name(base).map(|base| Factor::Power(base, exponent))
        }
        None => name(text).map(|base| Factor::Power(base, 1)),
    }
}

crate::serde_as_text!(Growth);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growths_read_back_as_printed_and_evaluate() {
        let at = Parameters::new().with("n", 1024).with("capacity", 10);
        for (text, words, value) in [
            ("1", "1", 1.0),
            ("log(n)", "log n", 1024_f64.ln()),
            ("sqrt(n)", "sqrt n", 32.0),
            ("n*log(n)", "n log n", 1024.0 * 1024_f64.ln()),
            ("n^2", "n^2", 1_048_576.0),
            ("n*capacity", "n capacity", 10_240.0),
            ("2^capacity", "2^capacity", 1024.0),
        ] {
            let growth: Growth = text.parse().unwrap();
            assert_eq!(growth.to_string(), text);
            assert_eq!(growth.in_words(), words);
            assert_eq!(growth.evaluate(&at), Some(value), "{text}");
        }
        assert_eq!("k".parse::<Growth>().unwrap().evaluate(&at), None);
    }

    #[test]
    fn what_is_no_growth_is_refused() {
        for text in [
            "", "n*", "n^", "n^0", "3^n", "log n", "log()", "N", "n+k", "sqrt(n",
        ] {
            assert!(text.parse::<Growth>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_classes_are_ordered_by_growth() {
        let at = Parameters::new().with("n", 1000);
        let values: Vec<f64> = Growth::classes("n")
            .iter()
            .map(|class| class.evaluate(&at).unwrap())
            .collect();
        assert!(values.is_sorted(), "{values:?}");
        assert_eq!(values.len(), 10);
    }
}
