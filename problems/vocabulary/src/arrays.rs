//! The array form: named typed buffers.

use std::fmt;
use std::str::FromStr;

use half::f16;

/// The type of an array's elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ElementType {
    /// Unsigned bytes; the characters of a string.
    U8,
    /// 32-bit signed integers.
    I32,
    /// 32-bit unsigned integers.
    U32,
    /// 64-bit signed integers.
    I64,
    /// IEEE 754 binary16.
    F16,
    /// IEEE 754 binary32.
    F32,
    /// IEEE 754 binary64.
    F64,
}

impl ElementType {
    /// Every type, with the word for it.
    const ALL: [(ElementType, &'static str); 7] = [
        (ElementType::U8, "u8"),
        (ElementType::I32, "i32"),
        (ElementType::U32, "u32"),
        (ElementType::I64, "i64"),
        (ElementType::F16, "f16"),
        (ElementType::F32, "f32"),
        (ElementType::F64, "f64"),
    ];

    /// The word for it: `f16`.
    pub fn as_str(self) -> &'static str {
        let found = Self::ALL.iter().find(|(element, _)| *element == self);
        found.map_or("", |(_, word)| word)
    }

    /// Whether it is a floating-point type.
    pub const fn is_float(self) -> bool {
        matches!(self, ElementType::F16 | ElementType::F32 | ElementType::F64)
    }
    /// Bytes an element takes.
    pub const fn bytes(self) -> usize {
        match self {
            ElementType::U8 => 1,
            ElementType::F16 => 2,
            ElementType::I32 | ElementType::U32 | ElementType::F32 => 4,
            ElementType::I64 | ElementType::F64 => 8,
        }
    }
}

impl fmt::Display for ElementType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A word that is no element type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no element type: u8, i32, u32, i64, f16, f32 or f64")]
pub struct ElementTypeError(String);

impl FromStr for ElementType {
    type Err = ElementTypeError;

    fn from_str(text: &str) -> Result<Self, ElementTypeError> {
        let found = Self::ALL.iter().find(|(_, word)| *word == text);
        found
            .map(|(element, _)| *element)
            .ok_or_else(|| ElementTypeError(text.to_owned()))
    }
}

/// The type of an array's elements, before it is known which case the array belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    /// This one.
    Of(ElementType),
    /// The one that a word of the input names.
    OfWord(&'static str),
}

impl From<ElementType> for Element {
    fn from(element: ElementType) -> Self {
        Element::Of(element)
    }
}

impl Element {
    /// The type, where the words of an input are known.
    pub fn resolve<'a>(self, word_of: impl FnOnce(&str) -> Option<&'a str>) -> Option<ElementType> {
        match self {
            Element::Of(element) => Some(element),
            Element::OfWord(name) => word_of(name)?.parse().ok(),
        }
    }
}

/// A typed buffer. A scalar is an array of one element.
#[derive(Clone, Debug, PartialEq)]
pub enum Array {
    /// See [`ElementType::U8`].
    U8(Vec<u8>),
    /// See [`ElementType::I32`].
    I32(Vec<i32>),
    /// See [`ElementType::U32`].
    U32(Vec<u32>),
    /// See [`ElementType::I64`].
    I64(Vec<i64>),
    /// See [`ElementType::F16`].
    F16(Vec<f16>),
    /// See [`ElementType::F32`].
    F32(Vec<f32>),
    /// See [`ElementType::F64`].
    F64(Vec<f64>),
}

impl Array {
    /// The type of the elements.
    pub const fn element_type(&self) -> ElementType {
        match self {
            Array::U8(_) => ElementType::U8,
            Array::I32(_) => ElementType::I32,
            Array::U32(_) => ElementType::U32,
            Array::I64(_) => ElementType::I64,
            Array::F16(_) => ElementType::F16,
            Array::F32(_) => ElementType::F32,
            Array::F64(_) => ElementType::F64,
        }
    }

    /// The number of elements.
    pub fn len(&self) -> usize {
        match self {
            Array::U8(values) => values.len(),
            Array::I32(values) => values.len(),
            Array::U32(values) => values.len(),
            Array::I64(values) => values.len(),
            Array::F16(values) => values.len(),
            Array::F32(values) => values.len(),
            Array::F64(values) => values.len(),
        }
    }

    /// Whether there is no element.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Arrays by name, in the order of the problem's schema.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arrays(Vec<(String, Array)>);

impl Arrays {
    /// No arrays.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an array, or replaces the one of that name.
    pub fn set(&mut self, name: &str, array: Array) {
        match self.0.iter_mut().find(|(key, _)| key == name) {
            Some((_, old)) => *old = array,
            None => self.0.push((name.to_owned(), array)),
        }
    }

    /// The array of a name.
    pub fn get(&self, name: &str) -> Option<&Array> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, array)| array)
    }

    /// Takes the array of a name out.
    pub fn take(&mut self, name: &str) -> Option<Array> {
        let index = self.0.iter().position(|(key, _)| key == name)?;
        Some(self.0.remove(index).1)
    }

    /// Names and arrays in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Array)> {
        self.0.iter().map(|(name, array)| (name.as_str(), array))
    }
}
