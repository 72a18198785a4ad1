//! Families: named generators of inputs, each with a promise that tests hold.

use vocabulary::{Expression, Parameters};

use crate::contract::Problem;
use crate::sampling::Random;

/// A named generator of inputs with a promise.
///
/// ```ignore
/// family("all_equal", "every integer is the same", |at, random| Input { ... })
///     .holds(|_, input| input.numbers.windows(2).all(|pair| pair[0] == pair[1]))
///     .sizes(2, 1_000_000)      // where the primary parameter has other bounds than the schema's
///     .fixes("k", "1")          // what this family does not leave open
///     .defaults("k", "n / 10")  // what it is where a name leaves it out
///     .bounds("k", "1", "n / 2") // where another parameter has other bounds than the schema's
/// ```
pub struct Family<P: Problem> {
    /// What is known of it without its problem.
    pub info: FamilyInfo,
    pub(crate) generate: fn(&At, &mut Random) -> P::Input,
    pub(crate) holds: fn(&At, &P::Input) -> bool,
}

/// What is known of a family without the types of its problem.
#[derive(Clone, Debug)]
pub struct FamilyInfo {
    /// Its name.
    pub name: &'static str,
    /// What every input of it is like, in one sentence.
    pub promise: &'static str,
    /// The least primary parameter.
    pub least: i64,
    /// The greatest primary parameter, and with it what its generation costs.
    pub most: i64,
    pub(crate) overrides: Vec<Override>,
    pub(crate) bounds: Vec<Bounds>,
}

/// A parameter, not the primary one, that a family narrows.
#[derive(Clone, Debug)]
pub(crate) struct Bounds {
    pub(crate) parameter: &'static str,
    pub(crate) least: Expression,
    pub(crate) most: Expression,
}

/// A parameter whose default or value is the family's own.
#[derive(Clone, Debug)]
pub(crate) struct Override {
    pub(crate) parameter: &'static str,
    pub(crate) value: Expression,
    pub(crate) is_fixed: bool,
}

/// The parameters of one case, all of them set.
pub struct At<'a>(pub(crate) &'a Parameters);

impl At<'_> {
    /// The value of an integer parameter.
    ///
    /// # Panics
    /// If the schema has no such parameter.
    pub fn integer(&self, name: &str) -> i64 {
        self.0
            .integer(name)
            .unwrap_or_else(|| panic!("the schema has no integer parameter `{name}`"))
    }

    /// The word that a parameter is.
    ///
    /// # Panics
    /// If the schema has no such parameter.
    pub fn word(&self, name: &str) -> &str {
        let word = self.0.word(name);
        word.unwrap_or_else(|| panic!("the schema has no parameter `{name}` that is a word"))
    }

    /// The value of a parameter that counts something.
    ///
    /// # Panics
    /// If the schema has no such parameter or it is negative.
    pub fn size(&self, name: &str) -> usize {
        usize::try_from(self.integer(name)).expect("a size is not negative")
    }
}

/// A family by name, promise and generator. Its promise is tested once [`Family::holds`] states it.
pub fn family<P: Problem>(
    name: &'static str,
    promise: &'static str,
    generate: fn(&At, &mut Random) -> P::Input,
) -> Family<P> {
    Family {
        info: FamilyInfo {
            name,
            promise,
            least: i64::MIN,
            most: i64::MAX,
            overrides: Vec::new(),
            bounds: Vec::new(),
        },
        generate,
        holds: |_, _| true,
    }
}

impl<P: Problem> Family<P> {
    /// States the promise as a test.
    pub fn holds(mut self, holds: fn(&At, &P::Input) -> bool) -> Self {
        self.holds = holds;
        self
    }

    /// Narrows the primary parameter.
    pub fn sizes(mut self, least: i64, most: i64) -> Self {
        (self.info.least, self.info.most) = (least, most);
        self
    }

    /// Narrows a parameter other than the primary one; the bounds may use the parameters before it.
    pub fn bounds(mut self, parameter: &'static str, least: &str, most: &str) -> Self {
        let (least, most) = (self.expression(least), self.expression(most));
        self.info.bounds.push(Bounds {
            parameter,
            least,
            most,
        });
        self
    }

    /// Fixes a parameter to a value over the parameters before it, or to a word.
    pub fn fixes(self, parameter: &'static str, value: &str) -> Self {
        self.overrides(parameter, value, true)
    }

    /// Gives a parameter another default, over the parameters before it and `seed` (its low 32 bits): what a family wants to vary from
    /// case to case stands in the name all the same.
    pub fn defaults(self, parameter: &'static str, value: &str) -> Self {
        self.overrides(parameter, value, false)
    }

    fn overrides(mut self, parameter: &'static str, value: &str, is_fixed: bool) -> Self {
        let value = self.expression(value);
        self.info.overrides.push(Override {
            parameter,
            value,
            is_fixed,
        });
        self
    }

    /// Reads an expression that is part of this program.
    fn expression(&self, text: &str) -> Expression {
        text.parse()
            .unwrap_or_else(|error| panic!("family {}: {error}", self.info.name))
    }
}
