//! From a name as somebody writes it to a whole case name: defaults filled in, everything in its bounds.

use vocabulary::{CaseId, CaseName, Expression, Parameters, Value};

use crate::catalogue::suggestions;
use crate::family::{FamilyInfo, Override};
use crate::schema::{Domain, Parameter, Schema};

/// Why a name is no case of a problem.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CaseError {
    /// The family is unknown.
    #[error("{problem} has no family `{family}`{near}")]
    Family {
        /// The problem.
        problem: String,
        /// The name that is none of its families.
        family: String,
        /// Near names, as ` (did you mean ...?)`.
        near: String,
    },
    /// A parameter is unknown.
    #[error("{problem} has no parameter `{parameter}`: its parameters are {known}")]
    Parameter {
        /// The problem.
        problem: String,
        /// The name that is none of its parameters.
        parameter: String,
        /// Those that are.
        known: String,
    },
    /// A value is out of bounds.
    #[error("{family} takes {parameter} from {least} to {most}, not {value}")]
    Range {
        /// Problem and family.
        family: String,
        /// The parameter.
        parameter: String,
        /// Its least value here.
        least: i64,
        /// Its greatest value here.
        most: i64,
        /// The value given.
        value: Value,
    },
    /// A value is none of the words.
    #[error("{family} takes {parameter} {words}, not {value}{near}")]
    Word {
        /// Problem and family.
        family: String,
        /// The parameter.
        parameter: String,
        /// The words, as `f32 or f16`.
        words: String,
        /// The value given.
        value: Value,
        /// Near words, as ` (did you mean ...?)`.
        near: String,
    },
    /// The primary parameter is missing.
    #[error("{family} needs {parameter}, for example {family}@{parameter}={example}")]
    Primary {
        /// Problem and family.
        family: String,
        /// The primary parameter.
        parameter: String,
        /// A value that it takes.
        example: i64,
    },
    /// The primary parameter stands twice, as `@5,n=5`.
    #[error("{family}: {parameter} is given twice")]
    Twice {
        /// Problem and family.
        family: String,
        /// The primary parameter.
        parameter: String,
    },
    /// The family fixes the parameter.
    #[error("{family} fixes {parameter} to {fixed}; drop it from the name")]
    Fixed {
        /// Problem and family.
        family: String,
        /// The parameter.
        parameter: String,
        /// Its value here.
        fixed: Value,
    },
    /// The problem knows no such case.
    #[error("{0}")]
    Unknown(String),
}

/// The whole name of a case.
pub(crate) fn resolve(
    schema: &Schema,
    families: &[&FamilyInfo],
    name: &CaseName,
) -> Result<CaseId, CaseError> {
    let info = families
        .iter()
        .find(|info| info.name == name.family)
        .ok_or_else(|| {
            let names = families.iter().map(|info| info.name);
            CaseError::Family {
                problem: schema.problem.to_owned(),
                family: name.family.clone(),
                near: suggestions(&name.family, names),
            }
        })?;
    if let Some((unknown, _)) = name
        .parameters
        .iter()
        .find(|(key, _)| schema.parameters.iter().all(|p| p.name != *key))
    {
        let known: Vec<&str> = schema
            .parameters
            .iter()
            .map(|parameter| parameter.name)
            .collect();
        return Err(CaseError::Parameter {
            problem: schema.problem.to_owned(),
            parameter: unknown.to_owned(),
            known: known.join(", "),
        });
    }
    let mut parameters = Parameters::new();
    for parameter in &schema.parameters {
        let value = value(schema, info, parameter, name, &parameters)?;
        parameters.set(parameter.name, value);
    }
    Ok(CaseId {
        problem: schema.problem.to_owned(),
        family: info.name.to_owned(),
        parameters,
        seed: name.seed.unwrap_or(0),
    })
}

/// The value of one parameter; those before it are known.
fn value(
    schema: &Schema,
    info: &FamilyInfo,
    parameter: &Parameter,
    name: &CaseName,
    known: &Parameters,
) -> Result<Value, CaseError> {
    let parameter_name = parameter.name;
    let is_primary = parameter_name == schema.primary_name();
    let given = match (
        name.parameters.get(parameter_name),
        name.primary.filter(|_| is_primary),
    ) {
        (Some(_), Some(_)) => {
            return Err(CaseError::Twice {
                family: format!("{}/{}", schema.problem, info.name),
                parameter: parameter_name.to_owned(),
            });
        }
        (Some(value), None) => Some(value.clone()),
        (None, primary) => primary.map(Value::Integer),
    };
    let place = Place {
        family: format!("{}/{}", schema.problem, info.name),
        info,
        parameter: parameter_name,
        is_primary,
        seed: name.seed.unwrap_or(0),
        known,
    };
    match &parameter.domain {
        Domain::Integers {
            least,
            most,
            default,
        } => place.integer((*least, most), default.as_ref(), given),
        Domain::Words { all } => place.word(all, given),
    }
}

/// A parameter of a family, and what is known where its value is asked for.
struct Place<'a> {
    family: String,
    info: &'a FamilyInfo,
    parameter: &'static str,
    is_primary: bool,
    seed: u64,
    known: &'a Parameters,
}

impl Place<'_> {
    fn evaluate(&self, expression: &Expression) -> Result<i64, CaseError> {
        // Of the seed 32 bits, so that a default has room to calculate.
        let value_of = |key: &str| match key {
            "seed" => Some(i64::from(self.seed as u32)),
            _ => self.known.integer(key),
        };
        let value = expression.evaluate(&value_of);
        value.map_err(|error| CaseError::Unknown(format!("{}: {error}", self.family)))
    }

    /// What the family says of the parameter.
    fn own(&self) -> Option<&Override> {
        let mut overrides = self.info.overrides.iter();
        overrides.find(|own| own.parameter == self.parameter)
    }

    /// Whether a value is the one to which the family fixes the parameter, if it does.
    fn holds_fixed(&self, value: &Value, fixed: Value) -> Result<(), CaseError> {
        match self.own() {
            Some(own) if own.is_fixed && *value != fixed => Err(CaseError::Fixed {
                family: self.family.clone(),
                parameter: self.parameter.to_owned(),
                fixed,
            }),
            _ => Ok(()),
        }
    }

    fn integer(
        &self,
        (mut least, most): (i64, &Expression),
        default: Option<&Expression>,
        given: Option<Value>,
    ) -> Result<Value, CaseError> {
        let mut most = self.evaluate(most)?;
        if self.is_primary {
            (least, most) = (least.max(self.info.least), most.min(self.info.most));
        }
        let mut bounds = self.info.bounds.iter();
        if let Some(own) = bounds.find(|own| own.parameter == self.parameter) {
            least = least.max(self.evaluate(&own.least)?);
            most = most.min(self.evaluate(&own.most)?);
        }
        let own = self.own().map(|own| &own.value);
        let value = match (given, own.or(default)) {
            (Some(value), _) => value,
            (None, Some(default)) => Value::Integer(self.evaluate(default)?),
            (None, None) => {
                return Err(CaseError::Primary {
                    family: self.family.clone(),
                    parameter: self.parameter.to_owned(),
                    example: 1000.clamp(least, most),
                });
            }
        };
        if let Some(own) = own {
            self.holds_fixed(&value, Value::Integer(self.evaluate(own)?))?;
        }
        match value {
            Value::Integer(integer) if (least..=most).contains(&integer) => Ok(value),
            value => Err(CaseError::Range {
                family: self.family.clone(),
                parameter: self.parameter.to_owned(),
                least,
                most,
                value,
            }),
        }
    }

    fn word(&self, all: &'static [&'static str], given: Option<Value>) -> Result<Value, CaseError> {
        // A family writes a word where it would write an expression.
        let own = self.own().and_then(|own| own.value.as_name());
        let default = own.unwrap_or(all[0]);
        let value = given.unwrap_or_else(|| default.into());
        self.holds_fixed(&value, default.into())?;
        match &value {
            Value::Word(word) if all.contains(&word.as_str()) => Ok(value),
            _ => Err(CaseError::Word {
                family: self.family.clone(),
                parameter: self.parameter.to_owned(),
                words: all.join(" or "),
                near: suggestions(&value.to_string(), all.iter().copied()),
                value,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Family, Problem, kth_largest::KthLargest};

    /// `KthLargest` with a family whose k is bounded by n / 2 and follows the seed.
    fn resolved(name: &str) -> Result<CaseId, CaseError> {
        let family: Family<KthLargest> = crate::family("narrow", "narrow", |_, _| unreachable!())
            .bounds("k", "2", "n / 2")
            .defaults("k", "2 + seed - seed / 3 * 3");
        resolve(
            &KthLargest::schema(),
            &[&family.info],
            &name.parse().unwrap(),
        )
    }

    #[test]
    fn a_family_narrows_a_parameter_by_those_before_it() {
        assert!(resolved("kth_largest/narrow@n=10,k=5").is_ok());
        for k in [1, 6] {
            let error = resolved(&format!("kth_largest/narrow@n=10,k={k}")).unwrap_err();
            let message = format!("kth_largest/narrow takes k from 2 to 5, not {k}");
            assert_eq!(error.to_string(), message);
        }
    }

    #[test]
    fn a_default_over_the_seed_stands_in_the_whole_name() {
        for (seed, k) in [(0, 2), (1, 3), (5, 4)] {
            let case = resolved(&format!("kth_largest/narrow@100#{seed}")).unwrap();
            assert_eq!(case.parameters.integer("k"), Some(k));
            // Whole, it resolves to itself, whatever its default was.
            assert_eq!(resolved(&case.to_string()), Ok(case));
        }
        assert!(resolved("kth_largest/narrow@100#18446744073709551615").is_ok());
    }
}
