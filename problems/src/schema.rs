//! The schema of a problem: what goes in and out, by name, type and length.

use vocabulary::{Array, Arrays, Element, ElementType, Expression, Parameters, Value};

use crate::text::FormError;

/// Names, types and lengths of everything that goes into a problem's cases and out of its answers.
///
/// ```
/// use problems::schema;
/// use vocabulary::ElementType::I32;
/// let schema = schema("kth_largest")
///     .primary("n", 1, "100_000_000", "how many integers")
///     .size("k", 1, "n", "max(n / 2, 1)", "which one, from 1")
///     .input_array("numbers", I32, "n", "the integers")
///     .output_scalar("value", I32, "the k-th largest");
/// assert_eq!(schema.primary_name(), "n");
/// ```
#[derive(Clone, Debug)]
pub struct Schema {
    /// The problem's name.
    pub problem: &'static str,
    /// What a case's name carries; the first is the primary one.
    pub parameters: Vec<Parameter>,
    /// What an answer is given, scalars first.
    pub inputs: Vec<Field>,
    /// What an answer must give.
    pub outputs: Vec<Field>,
    /// How many operations the definition takes, over the sizes and scalars, if that is stated.
    pub operations: Option<Expression>,
}

/// What a case's name carries.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Which values it takes.
    pub domain: Domain,
    /// What it means.
    pub about: &'static str,
}

/// Which values a parameter takes.
#[derive(Clone, Debug)]
pub enum Domain {
    /// Integers.
    Integers {
        /// The least.
        least: i64,
        /// The greatest, over the parameters before it.
        most: Expression,
        /// What it is where a name leaves it out, over the parameters before it. The primary one has none.
        default: Option<Expression>,
    },
    /// Words of a set, as `f32` and `f16`.
    Words {
        /// All of them; the first is what it is where a name leaves it out.
        all: &'static [&'static str],
    },
}

impl Parameter {
    /// Its first values where some others are set: integers from the least up, `count` of them at most; all words.
    pub fn first_values(&self, set: &Parameters, count: i64) -> Vec<Value> {
        match &self.domain {
            Domain::Integers { least, most, .. } => {
                let most = most.evaluate(&|name| set.integer(name)).unwrap_or(*least);
                let last = most.min(least.saturating_add(count - 1));
                (*least..=last).map(Value::Integer).collect()
            }
            Domain::Words { all } => all.iter().map(|word| Value::from(*word)).collect(),
        }
    }
}

/// A scalar, an array, a string or a list of lists.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name in the array form.
    pub name: &'static str,
    /// The type of its elements.
    pub element: Element,
    /// How many elements there are.
    pub shape: Shape,
    /// Which values they take.
    pub allowed: Allowed,
    /// Whether it may be left out.
    pub optional: bool,
    /// What it means.
    pub about: &'static str,
}

/// How many elements a field has, and how it stands in the text form.
#[derive(Clone, Debug)]
pub enum Shape {
    /// One. All scalars of an input stand on its first line; a scalar of an output has its own.
    Scalar,
    /// As many as its extents over the sizes say, row by row on one line.
    Array(Extents),
    /// A string of any length, on a line of its own.
    Line,
    /// Their count, then that many, on one line.
    Counted,
    /// A count of lists; then each on its own line: its length, then its values.
    Lists,
}

/// The extents of an array, the last one contiguous.
#[derive(Clone, Debug)]
pub struct Extents {
    /// One expression for each axis.
    pub axes: Vec<Expression>,
    /// Their product: how many elements there are.
    pub length: Expression,
}

impl Extents {
    fn of(axes: &[&str]) -> Self {
        let factor = |axis: &&str| match axis.contains(' ') && axes.len() > 1 {
            true => format!("({axis})"),
            false => (*axis).to_owned(),
        };
        let factors: Vec<String> = axes.iter().map(factor).collect();
        Extents {
            axes: axes.iter().map(|axis| expression(axis)).collect(),
            length: expression(&factors.join(" * ")),
        }
    }
}

/// What an answer must do at least.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Operations, a multiplication and an addition being two.
    pub operations: u64,
    /// Bytes of the arrays that go in.
    pub read_bytes: u64,
    /// Bytes of the arrays that come out.
    pub written_bytes: u64,
}

/// Which values the elements of a field take.
#[derive(Clone, Debug)]
pub enum Allowed {
    /// All of their type.
    Any,
    /// From one bound to the other, over the sizes and scalars; floats are then finite, too.
    Between(Expression, Expression),
    /// One of these words. The field is a scalar: its array holds the word's letters.
    Words(&'static [&'static str]),
    /// The letters a-z and A-Z.
    Letters,
}

/// Reads an expression that is part of this program.
fn expression(text: &str) -> Expression {
    text.parse()
        .unwrap_or_else(|error| panic!("an expression of a schema: {error}"))
}

/// An empty schema.
pub fn schema(problem: &'static str) -> Schema {
    Schema {
        problem,
        parameters: Vec::new(),
        inputs: Vec::new(),
        outputs: Vec::new(),
        operations: None,
    }
}

impl Schema {
    /// The primary parameter, which is also a size on the input's first line.
    pub fn primary(self, name: &'static str, least: i64, most: &str, about: &'static str) -> Self {
        self.parameter(name, least, most, None, about)
            .scalar(name, least, most, about)
    }

    /// A further parameter that is also a size or scalar on the input's first line.
    pub fn size(
        self,
        name: &'static str,
        least: i64,
        most: &str,
        default: &str,
        about: &'static str,
    ) -> Self {
        self.parameter(name, least, most, Some(default), about)
            .scalar(name, least, most, about)
    }

    /// A parameter that only the generator knows, or that the length of a string shows. Without a default it is the
    /// primary one and must come first.
    pub fn parameter(
        mut self,
        name: &'static str,
        least: i64,
        most: &str,
        default: Option<&str>,
        about: &'static str,
    ) -> Self {
        assert_eq!(
            default.is_none(),
            self.parameters.is_empty(),
            "only the first parameter is primary"
        );
        self.parameters.push(Parameter {
            name,
            domain: Domain::Integers {
                least,
                most: expression(most),
                default: default.map(expression),
            },
            about,
        });
        self
    }

    /// A parameter that is one of some words, also on the input's first line. The first word is the default.
    pub fn word(
        mut self,
        name: &'static str,
        all: &'static [&'static str],
        about: &'static str,
    ) -> Self {
        self.parameters.push(Parameter {
            name,
            domain: Domain::Words { all },
            about,
        });
        self.input(
            name,
            ElementType::U8,
            Shape::Scalar,
            Allowed::Words(all),
            about,
        )
    }

    /// A scalar of the input that is no parameter.
    pub fn scalar(self, name: &'static str, least: i64, most: &str, about: &'static str) -> Self {
        let allowed = Allowed::Between(least.into(), expression(most));
        self.input(name, ElementType::I64, Shape::Scalar, allowed, about)
    }

    /// An array of the input.
    pub fn input_array(
        self,
        name: &'static str,
        element: ElementType,
        length: &str,
        about: &'static str,
    ) -> Self {
        self.input(
            name,
            element,
            Shape::Array(Extents::of(&[length])),
            Allowed::Any,
            about,
        )
    }

    /// An array of the input with bounds.
    pub fn input_array_between(
        self,
        name: &'static str,
        element: ElementType,
        length: &str,
        (least, most): (&str, &str),
        about: &'static str,
    ) -> Self {
        let allowed = Allowed::Between(expression(least), expression(most));
        self.input(
            name,
            element,
            Shape::Array(Extents::of(&[length])),
            allowed,
            about,
        )
    }

    /// An array of floats of several axes, the last one contiguous, each of a magnitude up to a bound.
    pub fn input_tensor(
        self,
        name: &'static str,
        element: impl Into<Element>,
        axes: &[&str],
        most: &str,
        about: &'static str,
    ) -> Self {
        let least = match most.contains(' ') {
            true => format!("-({most})"),
            false => format!("-{most}"),
        };
        let allowed = Allowed::Between(expression(&least), expression(most));
        self.input(
            name,
            element,
            Shape::Array(Extents::of(axes)),
            allowed,
            about,
        )
    }

    /// A string of letters in the input.
    pub fn input_letters(self, name: &'static str, about: &'static str) -> Self {
        self.input(name, ElementType::U8, Shape::Line, Allowed::Letters, about)
    }

    fn input(
        mut self,
        name: &'static str,
        element: impl Into<Element>,
        shape: Shape,
        allowed: Allowed,
        about: &'static str,
    ) -> Self {
        self.inputs.push(Field {
            name,
            element: element.into(),
            shape,
            allowed,
            optional: false,
            about,
        });
        self
    }

    /// A scalar of the output.
    pub fn output_scalar(
        self,
        name: &'static str,
        element: ElementType,
        about: &'static str,
    ) -> Self {
        self.output(name, element, Shape::Scalar, about)
    }

    /// An array of the output.
    pub fn output_array(
        self,
        name: &'static str,
        element: ElementType,
        length: &str,
        about: &'static str,
    ) -> Self {
        self.output(name, element, Shape::Array(Extents::of(&[length])), about)
    }

    /// An array of the output of several axes, the last one contiguous.
    pub fn output_tensor(
        self,
        name: &'static str,
        element: impl Into<Element>,
        axes: &[&str],
        about: &'static str,
    ) -> Self {
        self.output(name, element, Shape::Array(Extents::of(axes)), about)
    }

    /// A string, a counted array or a list of lists in the output.
    pub fn output(
        mut self,
        name: &'static str,
        element: impl Into<Element>,
        shape: Shape,
        about: &'static str,
    ) -> Self {
        self.outputs.push(Field {
            name,
            element: element.into(),
            shape,
            allowed: Allowed::Any,
            optional: false,
            about,
        });
        self
    }

    /// Makes the output declared last optional.
    pub fn optional(mut self) -> Self {
        if let Some(last) = self.outputs.last_mut() {
            last.optional = true;
        }
        self
    }

    /// States how many operations the definition takes, over the sizes and scalars.
    pub fn operations(mut self, operations: &str) -> Self {
        self.operations = Some(expression(operations));
        self
    }

    /// What an answer must do at least, if the problem states its operations and the lengths of its outputs.
    pub fn cost(&self, input: &Arrays) -> Option<Cost> {
        let size_of = |name: &str| integer(input, name);
        let bytes = |field: &Field| {
            let length = match &field.shape {
                Shape::Scalar => 1,
                Shape::Array(extents) => extents.length.evaluate(&size_of).ok()?,
                _ => return None,
            };
            let element = field.element.resolve(|name| word(input, name))?;
            Some(u64::try_from(length).ok()? * element.bytes() as u64)
        };
        let arrays = self.inputs.iter().filter(|field| !field.is_scalar());
        let operations = self.operations.as_ref()?.evaluate(&size_of).ok()?;
        Some(Cost {
            operations: u64::try_from(operations).ok()?,
            read_bytes: arrays.map(bytes).sum::<Option<u64>>()?,
            written_bytes: self.outputs.iter().map(bytes).sum::<Option<u64>>()?,
        })
    }

    /// The extents of an array of an input, if its problem states them.
    pub fn extents(&self, name: &str, input: &Arrays) -> Option<Vec<usize>> {
        let field = self.inputs.iter().find(|field| field.name == name)?;
        let Shape::Array(extents) = &field.shape else {
            return None;
        };
        let extent = |axis: &Expression| {
            let extent = axis.evaluate(&|name| integer(input, name)).ok()?;
            usize::try_from(extent).ok()
        };
        extents.axes.iter().map(extent).collect()
    }

    /// The name of the primary parameter.
    pub fn primary_name(&self) -> &'static str {
        self.parameters[0].name
    }

    /// Adds the sizes that the lengths of arrays imply, so that `n` is known wherever `numbers` is.
    pub(crate) fn complete(&self, arrays: &mut Arrays) {
        for scalar in self.inputs.iter().filter(|field| field.is_scalar()) {
            if arrays.get(scalar.name).is_some() {
                continue;
            }
            let implied = self.inputs.iter().find_map(|field| match &field.shape {
                Shape::Array(extents) if extents.length.as_name() == Some(scalar.name) => {
                    arrays.get(field.name).map(Array::len)
                }
                _ => None,
            });
            if let Some(length) = implied {
                arrays.set(scalar.name, Array::I64(vec![length as i64]));
            }
        }
    }

    /// Whether an input keeps the schema: nothing missing, every length and value in its bounds.
    pub fn validate(&self, arrays: &Arrays) -> Result<(), FormError> {
        for field in &self.inputs {
            let array = arrays
                .get(field.name)
                .ok_or_else(|| FormError::missing(field.name))?;
            let value = |expression: &Expression| {
                expression
                    .evaluate(&|name| integer(arrays, name))
                    .map_err(|error| FormError::new(error.to_string()))
            };
            if let Shape::Array(Extents { length, .. }) = &field.shape {
                let expected = value(length)?;
                if array.len() as i64 != expected {
                    return Err(FormError::new(format!(
                        "`{}` has {} elements, not {length} = {expected}",
                        field.name,
                        array.len()
                    )));
                }
            }
            match &field.allowed {
                Allowed::Any => {}
                Allowed::Between(least, most) => {
                    let (least, most) = (value(least)?, value(most)?);
                    field.first_outside(
                        array,
                        |value| (least..=most).contains(&value),
                        || format!("from {least} to {most}"),
                    )?;
                }
                Allowed::Words(all) => {
                    let found = word(arrays, field.name).unwrap_or_default();
                    if !all.contains(&found) {
                        let all = all.join(", ");
                        let reason = format!("`{}` is `{found}`, none of {all}", field.name);
                        return Err(FormError::new(reason));
                    }
                }
                Allowed::Letters => field.first_outside(
                    array,
                    |value| u8::try_from(value).is_ok_and(|byte| byte.is_ascii_alphabetic()),
                    || "a letter a-z or A-Z".to_owned(),
                )?,
            }
        }
        Ok(())
    }
}

impl Field {
    /// Whether it is one value.
    pub fn is_scalar(&self) -> bool {
        matches!(self.shape, Shape::Scalar)
    }

    fn first_outside(
        &self,
        array: &Array,
        is_inside: impl Fn(i64) -> bool,
        expected: impl Fn() -> String,
    ) -> Result<(), FormError> {
        // A float lies between two integers where both it is rounded to do; what is not finite lies nowhere.
        let is_float_inside = |value: f64| {
            value.is_finite() && is_inside(value.floor() as i64) && is_inside(value.ceil() as i64)
        };
        let outside = match array {
            Array::U8(values) => values.iter().position(|value| !is_inside((*value).into())),
            Array::I32(values) => values.iter().position(|value| !is_inside((*value).into())),
            Array::U32(values) => values.iter().position(|value| !is_inside((*value).into())),
            Array::I64(values) => values.iter().position(|value| !is_inside(*value)),
            Array::F16(values) => values
                .iter()
                .position(|value| !is_float_inside((*value).into())),
            Array::F32(values) => values
                .iter()
                .position(|value| !is_float_inside((*value).into())),
            Array::F64(values) => values.iter().position(|value| !is_float_inside(*value)),
        };
        match outside {
            None => Ok(()),
            Some(index) => Err(FormError::new(format!(
                "element {index} of `{}` is not {}",
                self.name,
                expected()
            ))),
        }
    }
}

/// The value of an integer scalar.
pub(crate) fn integer(arrays: &Arrays, name: &str) -> Option<i64> {
    match arrays.get(name)? {
        Array::I64(values) => values.first().copied(),
        Array::I32(values) => values.first().map(|value| (*value).into()),
        Array::U32(values) => values.first().map(|value| (*value).into()),
        _ => None,
    }
}

/// The word of a scalar.
pub(crate) fn word<'a>(arrays: &'a Arrays, name: &str) -> Option<&'a str> {
    match arrays.get(name)? {
        Array::U8(letters) => std::str::from_utf8(letters).ok(),
        _ => None,
    }
}
