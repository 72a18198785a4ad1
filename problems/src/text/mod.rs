//! The text form: what a program reads from standard input and writes to standard output.
//!
//! ```text
//! 5 2                scalars of the input, one line
//! 7 -3 9 9 1         then one line a field, in the order of the schema
//! ```
//!
//! Written for speed, because text hides what a fast program saves: `cargo bench -p problems --bench forms` shows it
//! beside `split_whitespace().parse()` and `write!`.

mod read;
mod write;

use std::fmt::Write as _;

use vocabulary::{Array, Arrays, ElementType};

use crate::record::lengths_name;
use crate::schema::{Allowed, Extents, Field, Schema, Shape, integer, word};

/// Why a text or a set of arrays is not of a problem's form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct FormError {
    reason: String,
}

impl FormError {
    /// An error for a reason.
    pub fn new(reason: impl Into<String>) -> Self {
        FormError {
            reason: reason.into(),
        }
    }

    pub(crate) fn missing(name: &str) -> Self {
        FormError::new(format!("`{name}` is missing or not of its type"))
    }
}

impl Schema {
    /// Writes an input as text.
    pub fn write_input(&self, arrays: &Arrays) -> Vec<u8> {
        let mut text = Vec::new();
        let is_scalar = |field: &&Field| field.is_scalar();
        for (index, field) in self.inputs.iter().filter(is_scalar).enumerate() {
            if index > 0 {
                text.push(b' ');
            }
            match (&field.allowed, arrays.get(field.name)) {
                (Allowed::Words(_), Some(Array::U8(word))) => text.extend_from_slice(word),
                (_, array) => write_elements(&mut text, array),
            }
        }
        if !text.is_empty() {
            text.push(b'\n');
        }
        for field in self.inputs.iter().filter(|field| !is_scalar(field)) {
            write_field(&mut text, field, arrays);
        }
        text
    }

    /// Writes an output as text.
    pub fn write_output(&self, arrays: &Arrays) -> Vec<u8> {
        let mut text = Vec::new();
        for field in &self.outputs {
            write_field(&mut text, field, arrays);
        }
        text
    }

    /// Reads an input and holds it against the schema.
    pub fn read_input(&self, text: &[u8]) -> Result<Arrays, FormError> {
        let mut reader = Reader::new(text, None);
        let mut arrays = Arrays::new();
        let (scalars, others): (Vec<&Field>, Vec<&Field>) =
            self.inputs.iter().partition(|field| field.is_scalar());
        for field in scalars.into_iter().chain(others) {
            reader.field(field, &mut arrays)?;
        }
        reader.end("the input")?;
        self.validate(&arrays)?;
        Ok(arrays)
    }

    /// Reads an output; lengths follow from the input's sizes. Between tokens any white space counts as any other.
    pub fn read_output(&self, text: &[u8], input: &Arrays) -> Result<Arrays, FormError> {
        let mut reader = Reader::new(text, Some(input));
        let mut arrays = Arrays::new();
        for field in &self.outputs {
            if field.optional && reader.at_end() {
                continue;
            }
            reader.field(field, &mut arrays)?;
        }
        reader.end("the output")?;
        Ok(arrays)
    }
}

fn write_field(text: &mut Vec<u8>, field: &Field, arrays: &Arrays) {
    let array = arrays.get(field.name);
    match (&field.shape, array) {
        (_, None) => return, // optional and absent
        (Shape::Scalar | Shape::Array(_), _) => write_elements(text, array),
        (Shape::Line, Some(Array::U8(line))) => text.extend_from_slice(line),
        (Shape::Line, _) => unreachable!("a line is made of bytes"),
        (Shape::Counted, Some(values)) => {
            write::integer(text, values.len());
            if !values.is_empty() {
                text.push(b' ');
            }
            write_elements(text, array);
        }
        (Shape::Lists, _) => return write_lists(text, field.name, arrays),
    }
    text.push(b'\n');
}

fn write_lists(text: &mut Vec<u8>, name: &str, arrays: &Arrays) {
    let (Some(Array::U32(lengths)), Some(Array::I32(values))) =
        (arrays.get(&lengths_name(name)), arrays.get(name))
    else {
        unreachable!("lists are stored as u32 lengths and i32 values");
    };
    write::integer(text, lengths.len());
    text.push(b'\n');
    let mut rest = values.as_slice();
    for length in lengths {
        let (list, after) = rest.split_at(*length as usize);
        rest = after;
        write::integer(text, *length);
        for value in list {
            text.push(b' ');
            write::integer(text, *value);
        }
        text.push(b'\n');
    }
}

fn write_elements(text: &mut Vec<u8>, array: Option<&Array>) {
    // The shortest digits that read back as the same float.
    fn floats<T: std::fmt::Display>(text: &mut Vec<u8>, values: &[T]) {
        let mut line = String::new();
        for (index, value) in values.iter().enumerate() {
            let space = if index > 0 { " " } else { "" };
            let _ = write!(line, "{space}{value}"); // a String takes everything
        }
        text.extend_from_slice(line.as_bytes());
    }
    match array {
        None => {}
        Some(Array::U8(values)) => write::integers(text, values),
        Some(Array::I32(values)) => write::integers(text, values),
        Some(Array::U32(values)) => write::integers(text, values),
        Some(Array::I64(values)) => write::integers(text, values),
        Some(Array::F16(values)) => floats(text, values),
        Some(Array::F32(values)) => floats(text, values),
        Some(Array::F64(values)) => floats(text, values),
    }
}

struct Reader<'a> {
    text: &'a [u8],
    position: usize,
    /// Whether the line at the position began with something that was read.
    is_in_line: bool,
    /// The input, if an output is read.
    input: Option<&'a Arrays>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a [u8], input: Option<&'a Arrays>) -> Self {
        Reader {
            text,
            position: 0,
            is_in_line: false,
            input,
        }
    }

    /// Reads a field; sizes and words are those of the input and of what was read so far.
    fn field(&mut self, field: &Field, arrays: &mut Arrays) -> Result<(), FormError> {
        if let Allowed::Words(all) = field.allowed {
            let word = self.word(field.name, all)?;
            arrays.set(field.name, Array::U8(word.to_vec()));
            return Ok(());
        }
        let known = || self.input.into_iter().chain([&*arrays]);
        let element = field
            .element
            .resolve(|name| known().find_map(|arrays| word(arrays, name)));
        let element = element.ok_or_else(|| FormError::missing(field.name))?;
        let array = match &field.shape {
            Shape::Scalar => self.elements(field.name, element, 1)?,
            Shape::Line => {
                self.end_line(field.name)?;
                Array::U8(self.line().to_vec())
            }
            Shape::Array(Extents { length, .. }) => {
                let size_of = |name: &str| known().find_map(|arrays| integer(arrays, name));
                let count = length
                    .evaluate(&size_of)
                    .map_err(|error| FormError::new(error.to_string()))?;
                let count = usize::try_from(count).map_err(|_| {
                    FormError::new(format!(
                        "`{}` would have {count} elements ({length})",
                        field.name
                    ))
                })?;
                self.elements(field.name, element, count)?
            }
            Shape::Counted => {
                let count = self.count(field.name)?;
                self.array(field.name, element, count)?
            }
            Shape::Lists => {
                let lists = self.count(field.name)?;
                let mut lengths = Vec::new();
                let mut values = Vec::new();
                for _ in 0..lists {
                    let length = self.count(field.name)?;
                    lengths.push(length as u32);
                    for _ in 0..length {
                        values.push(self.integer::<i32>(field.name)?);
                    }
                }
                arrays.set(&lengths_name(field.name), Array::U32(lengths));
                Array::I32(values)
            }
        };
        arrays.set(field.name, array);
        Ok(())
    }

    /// An array on its own line.
    fn elements(
        &mut self,
        name: &str,
        element: ElementType,
        count: usize,
    ) -> Result<Array, FormError> {
        if count == 0 {
            self.empty_line();
        }
        self.array(name, element, count)
    }

    fn array(
        &mut self,
        name: &str,
        element: ElementType,
        count: usize,
    ) -> Result<Array, FormError> {
        self.is_in_line |= count > 0;
        Ok(match element {
            ElementType::U8 => Array::U8(self.integers(name, count)?),
            ElementType::I32 => Array::I32(self.integers(name, count)?),
            ElementType::U32 => Array::U32(self.integers(name, count)?),
            ElementType::I64 => Array::I64(self.integers(name, count)?),
            ElementType::F16 => Array::F16(self.floats(name, count)?),
            ElementType::F32 => Array::F32(self.floats(name, count)?),
            ElementType::F64 => Array::F64(self.floats(name, count)?),
        })
    }

    /// How many of `count` values the text could hold at most, whatever it claims.
    fn room(&self, count: usize) -> usize {
        count.min((self.text.len() - self.position).div_ceil(2))
    }

    fn integers<T>(&mut self, name: &str, count: usize) -> Result<Vec<T>, FormError>
    where
        T: read::Integer + Default + Clone,
    {
        let mut values = vec![T::default(); self.room(count)];
        let mut index = 0;
        loop {
            let (read, position) = read::integers(self.text, self.position, &mut values[index..]);
            (index, self.position) = (index + read, position);
            if index == count {
                return Ok(values);
            }
            if self.at_end() {
                return Err(too_few(name, index, count));
            }
            // What stopped the reading may be no more than a tab.
            values[index] = self.integer(name)?;
            index += 1;
        }
    }

    fn floats<T: std::str::FromStr>(
        &mut self,
        name: &str,
        count: usize,
    ) -> Result<Vec<T>, FormError> {
        let mut values = Vec::with_capacity(self.room(count));
        for index in 0..count {
            let token = self.token().ok_or_else(|| too_few(name, index, count))?;
            let value = std::str::from_utf8(token)
                .ok()
                .and_then(|token| token.parse().ok());
            values.push(value.ok_or_else(|| not_a(name, "number", token))?);
        }
        Ok(values)
    }

    fn count(&mut self, name: &str) -> Result<usize, FormError> {
        self.is_in_line = true;
        let count: u32 = self.integer(name)?;
        Ok(count as usize)
    }

    /// One integer: the next token, all of it, in the range of `T`.
    fn integer<T: TryFrom<i64>>(&mut self, name: &str) -> Result<T, FormError> {
        let Some(token) = self.token() else {
            return Err(FormError::new(format!(
                "`{name}` is missing: the text ends here"
            )));
        };
        let value = read::integer(token).and_then(|value| T::try_from(value).ok());
        value.ok_or_else(|| {
            let digits = token.strip_prefix(b"-").unwrap_or(token);
            if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
                return not_a(name, "integer", token);
            }
            let kind = std::any::type_name::<T>();
            not_a(name, &format!("number of the type {kind}"), token)
        })
    }

    /// A token that is one of some words.
    fn word(&mut self, name: &str, all: &[&str]) -> Result<&'a [u8], FormError> {
        self.is_in_line = true;
        let Some(token) = self.token() else {
            return Err(FormError::missing(name));
        };
        if all.iter().any(|word| word.as_bytes() == token) {
            return Ok(token);
        }
        let (token, all) = (shown(token), all.join(", "));
        Err(FormError::new(format!(
            "`{name}`: {token} is none of {all}"
        )))
    }

    fn skip_white_space(&mut self) {
        while self
            .text
            .get(self.position)
            .is_some_and(u8::is_ascii_whitespace)
        {
            self.position += 1;
        }
    }

    fn token(&mut self) -> Option<&'a [u8]> {
        self.skip_white_space();
        let rest = &self.text[self.position..];
        let length = rest
            .iter()
            .take_while(|byte| !byte.is_ascii_whitespace())
            .count();
        self.position += length;
        (length > 0).then(|| &rest[..length])
    }

    /// The rest of the line without its end.
    fn line(&mut self) -> &'a [u8] {
        let rest = &self.text[self.position..];
        let length = rest.iter().take_while(|byte| **byte != b'\n').count();
        self.position = (self.position + length + 1).min(self.text.len());
        rest[..length]
            .strip_suffix(b"\r")
            .unwrap_or(&rest[..length])
    }

    /// A string begins on its own line: numbers before it end theirs.
    fn end_line(&mut self, before: &str) -> Result<(), FormError> {
        if std::mem::take(&mut self.is_in_line) {
            let more = self.line().trim_ascii();
            if !more.is_empty() {
                return Err(unexpected(&format!("the line before `{before}`"), more));
            }
        }
        Ok(())
    }

    /// No numbers stand on a line of their own, too, unless somebody left it out.
    fn empty_line(&mut self) {
        let before = self.position;
        if std::mem::take(&mut self.is_in_line) && !self.line().trim_ascii().is_empty() {
            self.position = before;
            self.is_in_line = true;
            return;
        }
        let before = self.position;
        if !self.line().trim_ascii().is_empty() {
            self.position = before;
        }
    }

    fn at_end(&mut self) -> bool {
        self.skip_white_space();
        self.position == self.text.len()
    }

    fn end(&mut self, what: &str) -> Result<(), FormError> {
        match self.token() {
            None => Ok(()),
            Some(token) => Err(unexpected(what, token)),
        }
    }
}

/// The beginning of a token, fit to be shown.
fn shown(token: &[u8]) -> String {
    let beginning = &token[..token.len().min(40)];
    let dots = if token.len() > 40 { "..." } else { "" };
    format!("`{}{dots}`", beginning.escape_ascii())
}

fn too_few(name: &str, found: usize, expected: usize) -> FormError {
    FormError::new(format!(
        "`{name}`: {found} of {expected} elements, then the text ends"
    ))
}

fn not_a(name: &str, expected: &str, token: &[u8]) -> FormError {
    FormError::new(format!("`{name}`: {} is no {expected}", shown(token)))
}

fn unexpected(what: &str, token: &[u8]) -> FormError {
    FormError::new(format!("{what} goes on after its end: {}", shown(token)))
}
