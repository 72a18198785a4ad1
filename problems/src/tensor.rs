//! Floats of a type that a word of the input names.

use std::borrow::Cow;

use vocabulary::{Array, Arrays, ElementType, f16};

use crate::record::RecordField;
use crate::text::FormError;

/// The values of an array of floats, row by row.
///
/// ```
/// use problems::Tensor;
/// use vocabulary::ElementType;
/// let tensor = Tensor::of(ElementType::F16, [0.1, 2.0]);
/// assert_eq!(tensor.at(0), 0.0999755859375); // the nearest that f16 has
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Tensor {
    /// IEEE 754 binary16.
    F16(Vec<f16>),
    /// IEEE 754 binary32.
    F32(Vec<f32>),
}

impl Tensor {
    /// Values, each rounded to the nearest of a type.
    ///
    /// # Panics
    /// If the type is neither `f16` nor `f32`.
    pub fn of(element: ElementType, values: impl IntoIterator<Item = f64>) -> Self {
        let values = values.into_iter();
        match element {
            ElementType::F16 => Tensor::F16(values.map(f16::from_f64).collect()),
            ElementType::F32 => Tensor::F32(values.map(|value| value as f32).collect()),
            _ => panic!("{element} is no type of a tensor"),
        }
    }

    /// No values, but room for some, whose pages are touched: memory for an output.
    ///
    /// # Panics
    /// If the type is neither `f16` nor `f32`.
    pub fn with_room(element: ElementType, count: usize) -> Self {
        // Not zeros: the allocator gets those without touching their pages.
        let mut tensor = Tensor::of(element, std::iter::repeat_n(-1.0, count));
        match &mut tensor {
            Tensor::F16(values) => values.clear(),
            Tensor::F32(values) => values.clear(),
        }
        tensor
    }

    /// The type of the values.
    pub fn element(&self) -> ElementType {
        match self {
            Tensor::F16(_) => ElementType::F16,
            Tensor::F32(_) => ElementType::F32,
        }
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        match self {
            Tensor::F16(values) => values.len(),
            Tensor::F32(values) => values.len(),
        }
    }

    /// Whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A value.
    ///
    /// # Panics
    /// If there are not so many.
    pub fn at(&self, index: usize) -> f64 {
        match self {
            Tensor::F16(values) => values[index].to_f64(),
            Tensor::F32(values) => values[index].into(),
        }
    }

    /// The values as `f64`.
    pub fn to_f64(&self) -> Vec<f64> {
        (0..self.len()).map(|index| self.at(index)).collect()
    }

    /// The values as `f32`, copied only where they are of another type.
    pub fn to_f32(&self) -> Cow<'_, [f32]> {
        match self {
            Tensor::F16(values) => Cow::Owned(values.iter().map(|value| value.to_f32()).collect()),
            Tensor::F32(values) => Cow::Borrowed(values),
        }
    }

    /// Replaces all values by others, each rounded to the nearest of the type; keeps the memory.
    pub fn assign(&mut self, values: &[f32]) {
        match self {
            Tensor::F16(own) => {
                own.clear();
                own.extend(values.iter().map(|value| f16::from_f32(*value)));
            }
            Tensor::F32(own) => {
                own.clear();
                own.extend_from_slice(values);
            }
        }
    }
}

impl RecordField for Tensor {
    fn store(&self, name: &str, arrays: &mut Arrays) {
        let array = match self {
            Tensor::F16(values) => Array::F16(values.clone()),
            Tensor::F32(values) => Array::F32(values.clone()),
        };
        arrays.set(name, array);
    }

    fn load(name: &str, arrays: &mut Arrays) -> Result<Self, FormError> {
        match arrays.take(name) {
            Some(Array::F16(values)) => Ok(Tensor::F16(values)),
            Some(Array::F32(values)) => Ok(Tensor::F32(values)),
            _ => Err(FormError::missing(name)),
        }
    }
}

/// The distance from a float of a type to the next one away from 0: a unit in its last place.
///
/// # Panics
/// If the type is no type of floats.
pub fn unit_in_last_place(element: ElementType, value: f64) -> f64 {
    let (bits, least) = match element {
        ElementType::F16 => (10, -14),
        ElementType::F32 => (23, -126),
        ElementType::F64 => (52, -1022),
        _ => panic!("{element} is no type of floats"),
    };
    let exponent = if value == 0.0 {
        least
    } else {
        libm::ilogb(value).max(least)
    };
    libm::ldexp(1.0, exponent - bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_in_the_last_place_leads_to_the_next_float() {
        for bits in [0_u16, 1, 0x3FF, 0x400, 0x3BFF, 0x3C00, 0x7BFE] {
            let value = f16::from_bits(bits).to_f64();
            let next = f16::from_bits(bits + 1).to_f64();
            assert_eq!(
                unit_in_last_place(ElementType::F16, value),
                next - value,
                "{bits:#x}"
            );
        }
        for bits in [0_u32, 1, 0x007F_FFFF, 0x3F7F_FFFF, 0x3F80_0000, 0x7F7F_FFFE] {
            let value = f64::from(f32::from_bits(bits));
            let next = f64::from(f32::from_bits(bits + 1));
            assert_eq!(
                unit_in_last_place(ElementType::F32, -value),
                next - value,
                "{bits:#x}"
            );
        }
    }

    #[test]
    fn values_are_rounded_to_the_nearest_and_kept_in_place() {
        let mut tensor = Tensor::with_room(ElementType::F16, 3);
        assert!(tensor.is_empty());
        tensor.assign(&[1.0, 65_519.0, 1e-8]);
        assert_eq!(tensor.to_f64(), [1.0, 65_504.0, 0.0]);
        assert_eq!(tensor.to_f32().as_ref(), [1.0, 65_504.0, 0.0]);
        let third = Tensor::of(ElementType::F32, [1.0 / 3.0]);
        assert_eq!(third.at(0), f64::from(1.0_f32 / 3.0));
    }
}
