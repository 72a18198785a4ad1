//! Between typed arrays and the bytes that a device keeps, lowest byte first.

use vocabulary::{Array, ElementType, f16};

/// An array as a device keeps it.
pub(super) fn to_bytes(array: &Array) -> Vec<u8> {
    fn flat<const N: usize>(values: impl Iterator<Item = [u8; N]>) -> Vec<u8> {
        values.flatten().collect()
    }
    match array {
        Array::U8(values) => values.clone(),
        Array::I32(values) => flat(values.iter().map(|v| v.to_le_bytes())),
        Array::U32(values) => flat(values.iter().map(|v| v.to_le_bytes())),
        Array::I64(values) => flat(values.iter().map(|v| v.to_le_bytes())),
        Array::F16(values) => flat(values.iter().map(|v| v.to_le_bytes())),
        Array::F32(values) => flat(values.iter().map(|v| v.to_le_bytes())),
        Array::F64(values) => flat(values.iter().map(|v| v.to_le_bytes())),
    }
}

/// What a device keeps as an array; bytes behind the last whole element are left out.
pub(super) fn from_bytes(element: ElementType, bytes: &[u8]) -> Array {
    fn each<const N: usize, T>(bytes: &[u8], of: fn([u8; N]) -> T) -> Vec<T> {
        bytes.as_chunks().0.iter().map(|chunk| of(*chunk)).collect()
    }
    match element {
        ElementType::U8 => Array::U8(bytes.to_vec()),
        ElementType::I32 => Array::I32(each(bytes, i32::from_le_bytes)),
        ElementType::U32 => Array::U32(each(bytes, u32::from_le_bytes)),
        ElementType::I64 => Array::I64(each(bytes, i64::from_le_bytes)),
        ElementType::F16 => Array::F16(each(bytes, f16::from_le_bytes)),
        ElementType::F32 => Array::F32(each(bytes, f32::from_le_bytes)),
        ElementType::F64 => Array::F64(each(bytes, f64::from_le_bytes)),
    }
}

/// The first element as an integer.
pub(super) fn first_integer(array: &Array) -> Option<i64> {
    match array {
        Array::U8(values) => values.first().map(|v| i64::from(*v)),
        Array::I32(values) => values.first().map(|v| i64::from(*v)),
        Array::U32(values) => values.first().map(|v| i64::from(*v)),
        Array::I64(values) => values.first().copied(),
        Array::F16(_) | Array::F32(_) | Array::F64(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_of_every_type_come_back() {
        for array in [
            Array::U8(vec![0, 255]),
            Array::I32(vec![i32::MIN, -1, 7]),
            Array::U32(vec![u32::MAX]),
            Array::I64(vec![i64::MIN, 1]),
            Array::F16(vec![f16::MAX, -f16::MIN_POSITIVE_SUBNORMAL]),
            Array::F32(vec![0.5, -0.0]),
            Array::F64(vec![1e300]),
        ] {
            let bytes = to_bytes(&array);
            assert_eq!(bytes.len(), array.len() * array.element_type().bytes());
            assert_eq!(from_bytes(array.element_type(), &bytes), array);
        }
    }
}
