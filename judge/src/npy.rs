//! Arrays as NumPy's `.npy` files, version 1.0, little endian: a header in words, then the bytes.

use vocabulary::Array;

/// What every file begins with: the name, and the version of the form.
const MAGIC: &[u8; 8] = b"\x93NUMPY\x01\x00";
/// The data begin at a multiple of this.
const ALIGNMENT: usize = 64;

/// An array of some extents, row by row, as a file. Strings are their bytes.
pub fn bytes(array: &Array, extents: &[usize]) -> Vec<u8> {
    let kind = match array {
        Array::U8(_) => "|u1",
        Array::I32(_) => "<i4",
        Array::U32(_) => "<u4",
        Array::I64(_) => "<i8",
        Array::F16(_) => "<f2",
        Array::F32(_) => "<f4",
        Array::F64(_) => "<f8",
    };
    debug_assert_eq!(extents.iter().product::<usize>(), array.len());
    let extents: String = extents.iter().map(|extent| format!("{extent}, ")).collect();
    let shape = extents.trim_end(); // a tuple of one ends in a comma; of several it may
    let mut header = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': ({shape}), }}");
    // Blanks and a line's end fill it up.
    let before = MAGIC.len() + 2;
    let whole = (before + header.len() + 1).next_multiple_of(ALIGNMENT);
    header.push_str(&" ".repeat(whole - before - header.len() - 1));
    header.push('\n');
    let mut file = MAGIC.to_vec();
    file.extend((header.len() as u16).to_le_bytes());
    file.extend(header.as_bytes());
    macro_rules! data {
        ($($variant:ident),*) => {
            match array {
                Array::U8(values) => file.extend(values),
                $(Array::$variant(values) => {
                    file.extend(values.iter().flat_map(|value| value.to_le_bytes()));
                })*
            }
        };
    }
    data!(I32, U32, I64, F16, F32, F64);
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Header and data.
    fn parts(file: &[u8]) -> (&str, &[u8]) {
        assert_eq!(&file[..8], MAGIC);
        let length = usize::from(u16::from_le_bytes([file[8], file[9]]));
        let (header, data) = file[10..].split_at(length);
        assert_eq!((10 + length) % ALIGNMENT, 0);
        (std::str::from_utf8(header).unwrap(), data)
    }

    #[test]
    fn the_header_says_type_and_length_and_the_data_follow() {
        let file = bytes(&Array::I32(vec![1, -2]), &[2]);
        let (header, data) = parts(&file);
        assert_eq!(
            header.trim_end(),
            "{'descr': '<i4', 'fortran_order': False, 'shape': (2,), }"
        );
        assert!(header.ends_with('\n'));
        assert_eq!(data, [1, 0, 0, 0, 0xFE, 0xFF, 0xFF, 0xFF]);
        let file = bytes(&Array::U8(b"text".to_vec()), &[4]);
        let (header, data) = parts(&file);
        assert!(
            header.contains("'|u1'") && header.contains("(4,)"),
            "{header}"
        );
        assert_eq!(data, b"text");
        assert_eq!(parts(&bytes(&Array::F64(Vec::new()), &[0])).1.len(), 0);
    }

    #[test]
    fn an_array_of_several_axes_has_its_extents() {
        let halves = Array::F16([1.0, -2.0].map(vocabulary::f16::from_f32).to_vec());
        let file = bytes(&halves, &[1, 2]);
        let (header, data) = parts(&file);
        assert!(
            header.contains("'<f2'") && header.contains("(1, 2,)"),
            "{header}"
        );
        assert_eq!(data, [0, 0x3C, 0, 0xC0]);
    }
}
