//! Between typed structs and named arrays.

use vocabulary::{Array, Arrays, ElementType};

use crate::schema::word;
use crate::text::FormError;

/// A struct whose fields are arrays and scalars of the schema, under the same names.
pub trait Record: Sized {
    /// Writes every field into the array form.
    fn store(&self, arrays: &mut Arrays);

    /// Takes every field out of the array form.
    fn load(arrays: &mut Arrays) -> Result<Self, FormError>;
}

/// Implements [`Record`] for a struct, field by field: `record!(Input { numbers, k });`
#[macro_export]
macro_rules! record {
    ($type:ident { $($field:ident),* $(,)? }) => {
        impl $crate::Record for $type {
            fn store(&self, arrays: &mut $crate::vocabulary::Arrays) {
                $($crate::RecordField::store(&self.$field, $crate::field_name!($field), arrays);)*
            }

            fn load(arrays: &mut $crate::vocabulary::Arrays) -> Result<Self, $crate::FormError> {
                Ok($type { $($field: $crate::RecordField::load($crate::field_name!($field), arrays)?),* })
            }
        }
    };
}

/// The name of a field, also of one that Rust spells `r#type`.
#[doc(hidden)]
#[macro_export]
macro_rules! field_name {
    ($field:ident) => {
        stringify!($field).trim_start_matches("r#")
    };
}

/// What can be a field of a [`Record`].
pub trait RecordField: Sized {
    /// Writes it under a name.
    fn store(&self, name: &str, arrays: &mut Arrays);

    /// Takes it from under a name.
    fn load(name: &str, arrays: &mut Arrays) -> Result<Self, FormError>;
}

/// Scalars and vectors of the element types.
macro_rules! element {
    ($($type:ty => $variant:ident),*) => {$(
        impl RecordField for Vec<$type> {
            fn store(&self, name: &str, arrays: &mut Arrays) {
                arrays.set(name, Array::$variant(self.clone()));
            }

            fn load(name: &str, arrays: &mut Arrays) -> Result<Self, FormError> {
                match arrays.take(name) {
                    Some(Array::$variant(values)) => Ok(values),
                    _ => Err(FormError::missing(name)),
                }
            }
        }

        impl RecordField for $type {
            fn store(&self, name: &str, arrays: &mut Arrays) {
                arrays.set(name, Array::$variant(vec![*self]));
            }

            fn load(name: &str, arrays: &mut Arrays) -> Result<Self, FormError> {
                match arrays.take(name) {
                    Some(Array::$variant(values)) if values.len() == 1 => Ok(values[0]),
                    _ => Err(FormError::missing(name)),
                }
            }
        }
    )*};
}
element!(u8 => U8, i32 => I32, u32 => U32, i64 => I64, f32 => F32, f64 => F64);

/// As 0 or 1.
impl RecordField for bool {
    fn store(&self, name: &str, arrays: &mut Arrays) {
        i64::from(*self).store(name, arrays);
    }

    fn load(name: &str, arrays: &mut Arrays) -> Result<Self, FormError> {
        Ok(i64::load(name, arrays)? != 0)
    }
}

/// As the letters of its word.
impl RecordField for ElementType {
    fn store(&self, name: &str, arrays: &mut Arrays) {
        arrays.set(name, Array::U8(self.as_str().into()));
    }

    fn load(name: &str, arrays: &mut Arrays) -> Result<Self, FormError> {
        let word = word(arrays, name).and_then(|word| word.parse().ok());
        let element = word.ok_or_else(|| FormError::missing(name))?;
        arrays.take(name);
        Ok(element)
    }
}

impl<T: RecordField> RecordField for Option<T> {
    fn store(&self, name: &str, arrays: &mut Arrays) {
        if let Some(value) = self {
            value.store(name, arrays);
        }
    }

    fn load(name: &str, arrays: &mut Arrays) -> Result<Self, FormError> {
        match arrays.get(name) {
            Some(_) => T::load(name, arrays).map(Some),
            None => Ok(None),
        }
    }
}

/// A list of lists, flat: the lengths, and all values one list after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lists<T> {
    lengths: Vec<u32>,
    values: Vec<T>,
}

/// The name of the array that holds the lengths of a list of lists.
pub(crate) fn lengths_name(name: &str) -> String {
    format!("{name}_lengths")
}

impl<T: Copy> Lists<T> {
    /// No lists, with room for some.
    pub fn with_capacity(lists: usize, values: usize) -> Self {
        Lists {
            lengths: Vec::with_capacity(lists),
            values: Vec::with_capacity(values),
        }
    }

    /// Adds a list.
    pub fn push(&mut self, list: &[T]) {
        self.lengths.push(list.len() as u32);
        self.values.extend_from_slice(list);
    }

    /// Adds a list of `count` values made by an iterator, without a temporary.
    pub fn extend_one(&mut self, list: impl IntoIterator<Item = T>) {
        let before = self.values.len();
        self.values.extend(list);
        self.lengths.push((self.values.len() - before) as u32);
    }

    /// How many lists there are.
    pub fn len(&self) -> usize {
        self.lengths.len()
    }

    /// Whether there is no list.
    pub fn is_empty(&self) -> bool {
        self.lengths.is_empty()
    }

    /// How many values there are in all lists together.
    pub fn total(&self) -> usize {
        self.values.len()
    }

    /// Removes all lists, keeps the memory.
    pub fn clear(&mut self) {
        self.lengths.clear();
        self.values.clear();
    }

    /// The lists in order.
    pub fn iter(&self) -> impl Iterator<Item = &[T]> {
        let mut rest = self.values.as_slice();
        self.lengths.iter().map(move |length| {
            let (list, after) = rest.split_at(*length as usize);
            rest = after;
            list
        })
    }
}

impl<T: Copy> RecordField for Lists<T>
where
    Vec<T>: RecordField,
{
    fn store(&self, name: &str, arrays: &mut Arrays) {
        self.lengths.store(&lengths_name(name), arrays);
        self.values.store(name, arrays);
    }

    fn load(name: &str, arrays: &mut Arrays) -> Result<Self, FormError> {
        let lengths = Vec::<u32>::load(&lengths_name(name), arrays)?;
        let values = Vec::<T>::load(name, arrays)?;
        let total: u64 = lengths.iter().map(|length| u64::from(*length)).sum();
        if total != values.len() as u64 {
            return Err(FormError::new(format!(
                "`{name}`: the lengths of the lists add up to {total}, but there are {} values",
                values.len()
            )));
        }
        Ok(Lists { lengths, values })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_come_back_as_they_were_pushed() {
        let mut lists = Lists::default();
        lists.push(&[1, 2, 3]);
        lists.push(&[]);
        lists.extend_one([4]);
        let seen: Vec<&[i32]> = lists.iter().collect();
        assert_eq!(seen, [&[1, 2, 3][..], &[], &[4]]);

        let mut arrays = Arrays::new();
        lists.store("found", &mut arrays);
        assert_eq!(Lists::load("found", &mut arrays), Ok(lists));
    }

    #[test]
    fn lengths_that_do_not_add_up_are_refused() {
        let mut arrays = Arrays::new();
        arrays.set("found_lengths", Array::U32(vec![2]));
        arrays.set("found", Array::I32(vec![1, 2, 3]));
        assert!(Lists::<i32>::load("found", &mut arrays).is_err());
    }
}
