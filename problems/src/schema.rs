//! The schema of a problem: what goes in and out, by name, type and length.

use vocabulary::{Array, Arrays, ElementType, Expression};

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
}

/// An integer that a case's name carries.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Its least value.
    pub least: i64,
    /// Its greatest value, over the parameters before it.
    pub most: Expression,
    /// What it is where a name leaves it out, over the parameters before it. The primary one has none.
    pub default: Option<Expression>,
    /// What it means.
    pub about: &'static str,
}

/// A scalar, an array, a string or a list of lists.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name in the array form.
    pub name: &'static str,
    /// The type of its elements.
    pub element: ElementType,
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
    /// As many as an expression over the sizes says, on one line.
    Array(Expression),
    /// A string of any length, on a line of its own.
    Line,
    /// Their count, then that many, on one line.
    Counted,
    /// A count of lists; then each on its own line: its length, then its values.
    Lists,
}

/// Which values the elements of a field take.
#[derive(Clone, Debug)]
pub enum Allowed {
    /// All of their type.
    Any,
    /// From one bound to the other, over the sizes and scalars.
    Between(Expression, Expression),
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
            least,
            most: expression(most),
            default: default.map(expression),
            about,
        });
        self
    }

    /// A scalar of the input that is no parameter.
    pub fn scalar(
        mut self,
        name: &'static str,
        least: i64,
        most: &str,
        about: &'static str,
    ) -> Self {
        self.inputs.push(Field {
            name,
            element: ElementType::I64,
            shape: Shape::Scalar,
            allowed: Allowed::Between(least.into(), expression(most)),
            optional: false,
            about,
        });
        self
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
            Shape::Array(expression(length)),
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
            Shape::Array(expression(length)),
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
        element: ElementType,
        shape: Shape,
        allowed: Allowed,
        about: &'static str,
    ) -> Self {
        self.inputs.push(Field {
            name,
            element,
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
        self.output(name, element, Shape::Array(expression(length)), about)
    }

    /// A string, a counted array or a list of lists in the output.
    pub fn output(
        mut self,
        name: &'static str,
        element: ElementType,
        shape: Shape,
        about: &'static str,
    ) -> Self {
        self.outputs.push(Field {
            name,
            element,
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

    /// The name of the primary parameter.
    pub fn primary_name(&self) -> &'static str {
        self.parameters[0].name
    }

    /// Adds the sizes that the lengths of arrays imply, so that `n` is known wherever `numbers` is.
    pub(crate) fn complete(&self, arrays: &mut Arrays) {
        for scalar in self
            .inputs
            .iter()
            .filter(|field| matches!(field.shape, Shape::Scalar))
        {
            if arrays.get(scalar.name).is_some() {
                continue;
            }
            let implied = self.inputs.iter().find_map(|field| match &field.shape {
                Shape::Array(length) if length.as_name() == Some(scalar.name) => {
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
            if let Shape::Array(length) = &field.shape {
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
    fn first_outside(
        &self,
        array: &Array,
        is_inside: impl Fn(i64) -> bool,
        expected: impl Fn() -> String,
    ) -> Result<(), FormError> {
        let outside = match array {
            Array::U8(values) => values.iter().position(|value| !is_inside((*value).into())),
            Array::I32(values) => values.iter().position(|value| !is_inside((*value).into())),
            Array::U32(values) => values.iter().position(|value| !is_inside((*value).into())),
            Array::I64(values) => values.iter().position(|value| !is_inside(*value)),
            Array::F32(_) | Array::F64(_) => None,
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
